// Which collectors look for a tool, and which gaps may hide it. Pure.
import type { Gap, ObservationKind } from '#shared/observation.ts'
import { placeOf, segmentFits, segmentsOf } from '#shared/place.ts'
import type { Signals, Tool } from '#shared/tool.ts'
import { standardHomes } from '../collectors/home-variables.ts'

/** By which observations a signal of each kind can be met. */
const metBy = {
  package: ['package', 'command', 'process'],
  command: ['command'],
  executable: ['command', 'process'],
  app: ['app'],
  extension: ['extension'],
  config: ['config'],
  trace: ['trace'],
  mcp: ['mcp-server'],
  build: ['command', 'process'],
  title: ['process'],
  environment: ['process'],
} as const satisfies Record<keyof Signals, readonly ObservationKind[]>

/** The collectors that could meet one of the tool's signals. */
export function collectorsFor(tool: Pick<Tool, 'signals'>): ReadonlySet<string> {
  const kinds = (Object.keys(metBy) as (keyof Signals)[]).filter(
    (kind) => (tool.signals[kind] ?? []).length > 0,
  )
  return new Set(kinds.flatMap((kind) => metBy[kind]))
}

/**
 * Whether something of the tool may lie where a gap is.
 * @param homes the homes of accounts by name
 */
export function mayHide(
  gap: Gap,
  tool: Pick<Tool, 'signals' | 'movedHomes'>,
  homes: ReadonlyMap<string, string>,
): boolean {
  // Whatever the look lacked as a whole: an account, a home.
  if (gap.collector === 'host') return true
  if (!collectorsFor(tool).has(gap.collector)) return false
  const templates = templatesOf(gap.collector, tool.signals)
  if (templates === null || gap.path === '/') return true
  if (gap.detail === 'moved-home')
    return (tool.movedHomes ?? []).length > 0 || templates.some(isInStandardHome)
  const place = placeOf(gap.path, gap.account === null ? null : (homes.get(gap.account) ?? null))
  return templates.some((template) => overlaps(template, place))
}

/** Whether a variable of the desktop's standard moves it, too. */
function isInStandardHome(template: string): boolean {
  return standardHomes.some(({ place }) => template.startsWith(`${place}/`))
}

/** The places that a collector looks at alone; null for one that looks everywhere of its kind. */
function templatesOf(collector: string, { config, trace, mcp }: Signals): readonly string[] | null {
  const places = { config, trace, 'mcp-server': mcp }
  if (!Object.hasOwn(places, collector)) return null
  return (places[collector as keyof typeof places] ?? []).map(({ place }) => place)
}

/** Whether one lies in the other, or they are the same. */
function overlaps(template: string, place: string): boolean {
  const wanted = segmentsOf(template)
  const given = segmentsOf(place)
  const length = Math.min(wanted.length, given.length)
  return wanted.slice(0, length).every((segment, index) => segmentFits(segment, given[index] ?? ''))
}
