// What a collector is given, with everything a test does not care about filled in.
import type { Collected, Collector, ScanContext } from '../../agent/collectors/collector.ts'
import { emptyMemory } from '../../agent/memory.ts'
import type { Host } from '../../agent/platform/host.ts'
import type { Wanted } from '../../shared/match.ts'
import type { Gap, ObservationKind } from '../../shared/observation.ts'
import type { Tool } from '../../shared/tool.ts'

const nothingWanted: Wanted = {
  package: [],
  command: [],
  executable: [],
  app: [],
  extension: [],
  config: [],
  trace: [],
  mcp: [],
  build: [],
  title: [],
  environment: [],
  movedHomes: [],
}

export interface GivenContext extends Partial<Omit<ScanContext, 'host' | 'wanted' | 'accounts'>> {
  readonly wanted?: Partial<Wanted>
}

export function scanContext(host: Host, given: GivenContext = {}): ScanContext {
  host.files.refresh()
  return {
    memory: emptyMemory(),
    confirmUse: true,
    inventory: 'full',
    now: host.now(),
    signal: { aborted: false },
    ...given,
    host,
    accounts: host.accounts().accounts.filter((account) => account.readable),
    wanted: { ...nothingWanted, ...given.wanted },
  }
}

export async function look<K extends ObservationKind>(
  collector: Collector<K>,
  host: Host,
  given: GivenContext = {},
): Promise<Collected<K>> {
  return collector.collect(scanContext(host, given))
}

/** A gap in one line. */
export function inShort(gap: Gap): string {
  return `${gap.account ?? '-'} ${gap.reason} ${gap.path}${gap.detail === null ? '' : ` (${gap.detail})`}`
}

export const observed = { basis: 'observed' } as const

/** A tool of no catalogue, without anything that it would be recognised by. */
export const unknownTool: Tool = {
  id: 'tool',
  name: 'Tool',
  vendor: 'Example Inc.',
  vendorCountry: null,
  category: 'agent-cli',
  homepage: 'https://example.com',
  about: 'A tool.',
  recordsSessions: true,
  signals: {},
}
