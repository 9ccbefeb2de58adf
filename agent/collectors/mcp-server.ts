// MCP servers that tools are set up to use, from the settings files that the catalogue knows: which client, which package
// or program. Starts none, asks none; addresses, arguments and environments stay where they are.
import type { McpServerObservation } from '#shared/observation.ts'
import type { McpSignal } from '#shared/tool.ts'
import type { McpServer, Parsed } from '../parsers/mcp-servers.ts'
import { jsonc, maxMcpBytes, parseMcpServers } from '../parsers/mcp-servers.ts'
import type { Collector, ScanContext } from './collector.ts'
import { expand } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { basesOf, pathIn, placeIn } from './moved-homes.ts'

export const mcpServerCollector: Collector<'mcp-server'> = {
  kind: 'mcp-server',
  about:
    'Looks at which MCP servers known tools are set up to use: the package or program of each, nothing else of it.',
  reads: ['the places of the catalogue’s MCP settings: names of servers, programs and packages'],
  async collect(context) {
    const list = gapList('mcp-server', context.now)
    const observations: McpServerObservation[] = []
    const signals = byPlace(context.wanted.mcp.filter(({ place }) => place.startsWith('~/')))
    for (const account of context.accounts) {
      const { bases } = basesOf(context.host.files, context.memory, account)
      for (const base of bases) {
        for (const signal of signals) {
          for (const one of await lookAt(context, account.name, base, signal, list)) observations.push(one)
        }
      }
    }
    return { observations, gaps: list.gaps }
  },
}

/** One signal per place and key: a file of several tools is read once. */
function byPlace(signals: readonly McpSignal[]): readonly McpSignal[] {
  return [...new Map(signals.map((signal) => [`${signal.place}\0${signal.key}`, signal])).values()]
}

async function lookAt(
  context: ScanContext,
  account: string,
  base: Base,
  signal: McpSignal,
  list: GapList,
): Promise<readonly McpServerObservation[]> {
  const template = pathIn(base, signal.place)
  if (template === null) return []
  const files = expand({
    reach: base.reach,
    template,
    onGap: (gap) => list.add(account, gap),
    isOver: () => context.signal.aborted,
  })
  const observations: McpServerObservation[] = []
  for (const { path, info } of files) {
    if (info.kind !== 'file') continue
    const servers = base.reach.parsed(path, maxMcpBytes, await reader(signal))
    if (!servers.ok) list.add(account, servers.gap)
    else if (servers.value === null) list.add(account, { reason: 'unparsable', path, detail: signal.format })
    else {
      for (const { name, transport, program, package: ref } of servers.value) {
        observations.push({
          kind: 'mcp-server',
          account,
          at: context.now,
          path,
          place: placeIn(base, path),
          name,
          transport,
          program,
          package: ref,
        })
      }
    }
  }
  return observations
}

type Reader = (bytes: Uint8Array) => readonly McpServer[] | null

/** One function per format and key: what a file was parsed to is remembered by it. */
const readers = new Map<string, Reader>()

async function reader({ format, key }: McpSignal): Promise<Reader> {
  const known = readers.get(`${format} ${key}`)
  if (known !== undefined) return known
  const parse = await parserOf(format)
  const made: Reader = (bytes) => parseMcpServers(new TextDecoder().decode(bytes), parse, key)
  readers.set(`${format} ${key}`, made)
  return made
}

/** Loaded when a file of the format is there: most homes have none. */
async function parserOf(format: McpSignal['format']): Promise<Parsed> {
  if (format === 'toml') return (await import('smol-toml')).parse
  if (format === 'yaml') {
    const { parse } = await import('yaml')
    return (text) => parse(text, { maxAliasCount: 100, logLevel: 'silent' })
  }
  return jsonc
}
