// MCP servers that tools are set up to use, from the settings files that the catalogue knows: which client, which package
// or program. Starts none, asks none; addresses, arguments and environments stay where they are.
import type { McpServerObservation } from '#shared/observation.ts'
import type { McpSignal } from '#shared/tool.ts'
import type { McpServer, Parsed } from '../parsers/mcp-servers.ts'
import { jsonc, maxMcpBytes, maxTomlYamlBytes, parseMcpServers } from '../parsers/mcp-servers.ts'
import type { Collector, ScanContext } from './collector.ts'
import type { Expansion, TemplateTree } from './expand.ts'
import { expandAll, templateTree } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { basesOf, placeIn, treeIn } from './moved-homes.ts'

export const mcpServerCollector: Collector<'mcp-server'> = {
  kind: 'mcp-server',
  repeats: true,
  about:
    'Looks at which MCP servers known tools are set up to use: the package or program of each, nothing else of it.',
  reads: ['the places of the catalogue’s MCP settings: names of servers, programs and packages'],
  async collect(context) {
    const list = gapList('mcp-server', context.now)
    const observations: McpServerObservation[] = []
    const templates = treeOf(context.wanted.mcp)
    for (const account of context.accounts) {
      const { bases } = basesOf(context.host.files, context.memory, account)
      for (const base of bases) {
        const tree = treeIn(base, templates)
        if (tree === null) continue
        const { reach, folder } = base
        const expansions = expandAll(tree, folder, { reach, isOver: () => context.signal.aborted })
        for (const signal of tree.below) {
          const expansion = expansions(signal)
          if (expansion.files.length + expansion.gaps.length === 0) continue
          const look = { context, account: account.name, base, signal, list }
          for (const one of await lookAt(look, expansion)) observations.push(one)
        }
      }
    }
    return { observations, gaps: list.gaps }
  },
}

const trees = new WeakMap<readonly McpSignal[], TemplateTree<McpSignal>>()

/** Made once for a catalogue. One signal per place and key: a file of several tools is read once. */
function treeOf(wanted: readonly McpSignal[]): TemplateTree<McpSignal> {
  const known = trees.get(wanted)
  if (known !== undefined) return known
  const inHome = wanted.filter(({ place }) => place.startsWith('~/'))
  const signals = new Map(inHome.map((signal) => [`${signal.place}\0${signal.key}`, signal]))
  const made = templateTree([...signals.values()].map((signal) => [signal.place, signal] as const))
  trees.set(wanted, made)
  return made
}

interface Look {
  readonly context: ScanContext
  readonly account: string
  readonly base: Base
  readonly signal: McpSignal
  readonly list: GapList
}

async function lookAt(
  { context, account, base, signal, list }: Look,
  { files, gaps }: Expansion,
): Promise<readonly McpServerObservation[]> {
  for (const gap of gaps) list.add(account, gap)
  const observations: McpServerObservation[] = []
  for (const { path, info } of files) {
    if (info.kind !== 'file') continue
    const servers = base.reach.parsed(path, maxBytesOf(signal), await reader(signal))
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

function maxBytesOf({ format }: McpSignal): number {
  return format === 'toml' || format === 'yaml' ? maxTomlYamlBytes : maxMcpBytes
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
    return (await import('../parsers/yaml-data.ts')).parseYamlData
  }
  return jsonc
}
