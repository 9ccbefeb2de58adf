// What reports are made with in tests: catalogue, keys, nothing told before; each part to be changed by a test.
import { createHmac } from 'node:crypto'
import { tools } from '#shared/catalogue.ts'
import type { DevicePolicy, WireRecord } from '#shared/protocol.ts'
import { matcherOf } from '#shared/match.ts'
import type { Observation } from '#shared/observation.ts'
import { listedOf } from '#shared/unlisted.ts'
import { type Conclusion, Conclusions } from '../../agent/conclusions.ts'
import type { Reported, ReportContext, ScanFacts } from '../../agent/report.ts'
import { createReporter, reportContextOf } from '../../agent/report/context.ts'
import type { KnownTool, ToolKnowledge } from '../../agent/state/tool-knowledge.ts'
import { boot, home, noon } from './observations.ts'

export const hash = (text: string) =>
  createHmac('sha256', 'test').update(text).digest('base64url').slice(0, 22)

export const knownTool: KnownTool = {
  firstSeenAt: noon,
  able: true,
  started: false,
  firstUsedAt: null,
  lastUsedAt: null,
}

export function knowing(known: KnownTool | null): ToolKnowledge {
  return {
    of: () => known,
    able: () => known?.able === true,
    concerning: () => [],
    reload: () => {},
    learn: () => {},
  }
}

const reporter = createReporter({
  tools,
  hashPlace: hash,
  hashSession: hash,
  catalogue: 'test',
  agentVersion: '0.0.0',
})

/** A policy that bans Claude Code from an instant on. */
export function policyFrom(from: number, change: Partial<DevicePolicy> = {}): DevicePolicy {
  return {
    version: 1,
    organisation: 'Example Ltd',
    activatedAt: from,
    expiresAt: noon + 90 * 86_400_000,
    rules: [],
    windows: { 'claude-code': [{ from, until: null, kinds: ['session'] }] },
    collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
    checkInSeconds: 900,
    ...change,
  }
}

export function contextOf(change: {
  readonly policy?: DevicePolicy | null
  readonly known?: KnownTool | null
  readonly now?: number
}): ReportContext {
  return reportContextOf(reporter, {
    policy: change.policy ?? null,
    measures: [{ boot: boot.id, offsetMs: 0, errorMs: 5 }],
    now: change.now ?? noon,
    boot,
    facts: {
      hostname: 'laptop',
      os: 'linux',
      osVersion: 'Debian 12',
      arch: 'x64',
      serial: null,
      machine: { hardware: null, system: null },
      boot: boot.id,
    },
    homeOf: (account) => (account === 'ann' ? home : null),
    tools: knowing(change.known === undefined ? knownTool : change.known),
  })
}

/** What was told before, as a map that a report can be written into. */
export class ToldMap implements Reported {
  readonly told = new Map<string, WireRecord>()
  readonly met = new Set<string>()
  readonly get = (key: string) => this.told.get(key) ?? null
  readonly text = (key: string) => {
    const record = this.told.get(key)
    return record === undefined ? null : JSON.stringify(record)
  }
  readonly keys = (prefix: string) => [...this.told.keys()].filter((key) => key.startsWith(prefix))
  readonly metBefore = (gap: { readonly path: string }) => this.met.has(gap.path)

  keep(told: readonly (readonly [string, WireRecord | null])[]): void {
    for (const [key, record] of told) {
      if (record === null) this.told.delete(key)
      else this.told.set(key, record)
    }
  }
}

const accounts = [{ name: 'ann', uid: '1000', home, readable: true }]
const catalogue = { matcher: matcherOf(tools, 'linux'), listed: listedOf(tools) }

/** What a first look concludes from its observations. */
export function concluded(
  observations: readonly Observation[],
  of: ScanFacts['accounts'] = accounts,
): Conclusion {
  const { configTemplate } = reporter
  return new Conclusions({ ...catalogue, configTemplate }).ofLook(observations, of)
}

export function scanOf(change: Partial<ScanFacts> = {}): ScanFacts {
  return {
    startedAt: noon,
    finishedAt: noon + 100,
    cpuMs: 50,
    accounts,
    ...concluded([]),
    gaps: [],
    coverage: [{ account: 'ann', state: 'attested', at: noon, catalogue: 'test', gaps: 0 }],
    collectors: [{ name: 'trace', ms: 3, observations: 1, gaps: 0 }],
    ...change,
  }
}
