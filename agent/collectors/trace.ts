// Files that tools write when they are started or used: names, sizes and times, and where the policy allows it the
// times of the answers in them. Knows which files from the catalogue's templates; keeps no text.
import type { Account, GapReason, TraceObservation } from '#shared/observation.ts'
import { placeFits } from '#shared/place.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { KnownTrace } from '../memory.ts'
import type { FileInfo, Listing } from '../platform/files.ts'
import { isOwn } from '../platform/places.ts'
import type { Collected, Collector, ScanContext } from './collector.ts'
import type { Expansion, TemplateTree } from './expand.ts'
import { expandAll, templateTree } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { basesOf, placeIn, treeIn } from './moved-homes.ts'
import { lookAtDatabase } from './trace-database.ts'
import type { FileLook } from './trace-look.ts'
import { SeenFiles, unchangedFolder } from './trace-folders.ts'
import { isSettled, keepObservation, observationBefore, observationOf } from './trace-look.ts'
import { withLog } from './session-database.ts'
import { factsOf, isContinued, nothingRead, readRecord } from './session-facts.ts'
import { sessionName } from './session-name.ts'

export const traceCollector: Collector<'trace'> = {
  kind: 'trace',
  about:
    'Looks at the files that tools keep of their sessions, to date a use by what the tool itself recorded.',
  reads: ['the places of the catalogue’s traces: names, sizes, times and the structural keys named there'],
  collect(context) {
    const list = gapList('trace', context.now)
    const observations: TraceObservation[] = []
    const { signals, tree } = templatesOf(context.wanted.trace)
    for (const account of context.accounts) {
      const seen = new SeenFiles()
      const { bases, gaps } = basesOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      for (const base of bases) {
        // What lies in a moved folder may lie in the home, too: only there is nothing seen yet.
        const asBefore =
          base === bases[0] ? unchangedIn({ context, account, base, seen }, observations) : undefined
        const expansions = expansionsIn(context, base, tree, asBefore)
        if (expansions === null) continue
        for (const signal of signals) {
          if (!isIn(base, signal)) continue
          const look = { context, account, base, signal, list, ofAll: true }
          for (const one of lookAtTemplate(look, expansions(signal), seen)) observations.push(one)
        }
      }
    }
    return { observations, gaps: list.gaps }
  },
}

/** One template of one account, or one file of it: what a watcher asks for after a change. */
export function lookAtTrace(
  context: ScanContext,
  account: Account,
  signal: TraceSignal,
  file?: string,
): Collected<'trace'> {
  const list = gapList('trace', context.now)
  const { bases } = basesOf(context.host.files, context.memory, account)
  if (file === undefined) {
    const seen = new SeenFiles()
    const { tree } = templatesOf([signal])
    const observations = bases.flatMap((base) => {
      const expansion = expansionsIn(context, base, tree)?.(signal)
      return expansion === undefined
        ? []
        : lookAtTemplate({ context, account, base, signal, list, ofAll: false }, expansion, seen)
    })
    return { observations, gaps: list.gaps }
  }
  const changed = isDatabase(signal) ? file.replace(/-(?:wal|shm)$/, '') : file
  const base = bases.find((one) => placeFits(signal.place, placeIn(one, changed)))
  if (base === undefined) return { observations: [], gaps: [] }
  const info = base.reach.stat(changed)
  if (!info.ok) {
    list.add(account.name, info.gap)
    return { observations: [], gaps: list.gaps }
  }
  const lastLookAt = context.memory.lastLookAt(account.name, lookName(base, signal))
  const look = {
    context,
    account,
    signal,
    base,
    path: changed,
    info: info.value,
    lastLookAt,
    onGap: list.add,
  }
  return { observations: lookAtFile(look), gaps: list.gaps }
}

interface Templates {
  readonly signals: readonly TraceSignal[]
  readonly tree: TemplateTree<TraceSignal>
}

const templates = new WeakMap<readonly TraceSignal[], Templates>()

/** Made once for a catalogue: the signals in the order in which they are looked at, and a tree to look for all of them with. */
function templatesOf(wanted: readonly TraceSignal[]): Templates {
  const known = templates.get(wanted)
  if (known !== undefined) return known
  const signals = byPlace(wanted)
  const made = { signals, tree: templateTree(signals.map((signal) => [signal.place, signal] as const)) }
  templates.set(wanted, made)
  return made
}

function isIn(base: Base, signal: TraceSignal): boolean {
  return signal.place.startsWith(`${base.place}/`)
}

type AsBefore = (listing: Listing, signal: TraceSignal, fits: (name: string) => boolean) => number

function expansionsIn(
  context: ScanContext,
  base: Base,
  tree: TemplateTree<TraceSignal>,
  asBefore?: AsBefore,
): ((signal: TraceSignal) => Expansion) | null {
  const below = treeIn(base, tree)
  if (below === null) return null
  const limits = { reach: base.reach, isOver: () => context.signal.aborted }
  return expandAll(below, base.folder, limits, asBefore)
}

/** Of a folder whose files are all as they were, the observations of then. */
function unchangedIn(
  { context, account, base, seen }: Pick<TemplateLook, 'context' | 'account' | 'base'> & { seen: SeenFiles },
  observations: TraceObservation[],
): AsBefore {
  return (listing, signal, fits) => {
    const files = unchangedFolder({ context, account, signal, reach: base.reach, listing, fits })
    if (files === null) return 0
    seen.addFolder(listing.real, files)
    files.forEach(({ observation }) => observations.push(observation))
    return files.length
  }
}

/** One signal per place: the one with a record where several tools or means share it. */
function byPlace(signals: readonly TraceSignal[]): readonly TraceSignal[] {
  const places = new Map<string, TraceSignal>()
  for (const signal of signals) {
    if (!signal.place.startsWith('~/')) continue
    const before = places.get(signal.place)
    if (before === undefined || (before.record === undefined && signal.record !== undefined)) {
      places.set(signal.place, signal)
    }
  }
  // Those with a record first: a file that fits two templates is confirmed by the one that can.
  return [...places.values()].toSorted(
    (a, b) => Number(a.record === undefined) - Number(b.record === undefined),
  )
}

/** A moved folder has looks of its own: nothing is known of it from looks at the home. */
function lookName(base: Base, signal: TraceSignal): string {
  return base.place === '~' ? signal.place : `${signal.place} in ${base.folder}`
}

interface TemplateLook extends Pick<FileLook, 'context' | 'account' | 'base' | 'signal'> {
  readonly list: GapList
  /** Part of a look at all templates: only such a one is what later looks count from. */
  readonly ofAll: boolean
}

function lookAtTemplate(
  { context, account, base, signal, list, ofAll }: TemplateLook,
  { files, gaps: unseen }: Expansion,
  seen: SeenFiles,
): readonly TraceObservation[] {
  const { memory, now, signal: deadline } = context
  const name = lookName(base, signal)
  const lastLookAt = memory.lastLookAt(account.name, name)
  const observations: TraceObservation[] = []
  let isWhole = unseen.every(({ reason }) => passedOver.has(reason))
  for (const gap of unseen) list.add(account.name, gap)
  for (const { path: file, info } of files) {
    if (seen.has(info.real)) continue
    seen.add(info.real)
    if (deadline.aborted) {
      list.add(account.name, { reason: 'over-budget', path: file, detail: null })
      isWhole = false
      break
    }
    const onGap = list.add
    const look = { context, account, signal, base, path: file, info, lastLookAt, onGap }
    for (const one of lookAtFile(look)) observations.push(one)
  }
  // An account without the folder was looked at in full, too: there was nothing.
  if (ofAll && isWhole) memory.looked(account.name, name, now)
  return observations
}

/**
 * What was seen and is not the account's own to be looked into. It is a gap, and yet everything else was seen: one link among
 * the records must not keep all later use from being witnessed.
 */
const passedOver: ReadonlySet<GapReason> = new Set(['outside-home', 'foreign-owner', 'not-regular'])

function lookAtFile(asListed: FileLook): readonly TraceObservation[] {
  const { context, account, signal, path: file, onGap } = asListed
  const { memory } = context
  const { reach } = asListed.base
  const look = isDatabase(signal) ? { ...asListed, info: withLog(reach, file, asListed.info) } : asListed
  const known = memory.trace(file)
  // What is as it was is still a file, and still the account's own.
  const before = known === null ? null : observationBefore(known, look)
  if (before !== null) return [before]
  const { info } = look
  if (info.kind === 'folder') return []
  if (info.kind !== 'file') {
    onGap(account.name, { reason: 'not-regular', path: file, detail: null })
    return []
  }
  // Root's too: what was put into a home for its owner, by whomever, is no use by its owner.
  if (!isOwn(info, account)) {
    onGap(account.name, { reason: 'foreign-owner', path: file, detail: `uid:${info.owner}` })
    return []
  }
  if (signal.record?.format === 'sqlite' && context.confirmUse) return lookAtDatabase(look, signal.record)

  const appended = signal.appended !== false && !isDatabase(signal)
  const continued = isContinued(known, info, appended) ? known : null
  const isNew =
    continued === null ||
    info.bytes > continued.bytes ||
    (!appended && info.modifiedAt > continued.modifiedAt)

  const session = signal.means === 'session' ? sessionName(signal, file) : null
  let facts: TraceObservation['facts'] = null
  let read: KnownTrace | null = null
  if (context.confirmUse && signal.record !== undefined) {
    const isUnchanged = continued !== null && !isNew && info.modifiedAt === continued.modifiedAt
    if (isUnchanged && continued.readTo > 0) {
      facts = factsOf(continued)
      if (info.bytes === continued.bytes) read = continued
    } else {
      const result = readRecord(reach, file, signal.record, appended ? continued : null)
      if (!result.ok) {
        onGap(account.name, result.gap)
        // Not the same as a record that the policy says not to read: nothing is known of what is in it. Nor is it remembered: a
        // file that is half written, and then written to its end within one tick, must not be taken for one that was read.
        return [observationOf(look, { session, facts: factsOf(nothingRead), isNew })]
      }
      const isFinal = appended || isSettled(info, context.now)
      read = remembered(info, isFinal ? result.value : { ...result.value, readTo: 0 })
      facts = factsOf(result.value)
    }
  }
  read ??= remembered(info, continued ?? nothingRead)
  if (read !== known) memory.rememberTrace(file, read)
  const named = signal.means === 'session' ? (read.session ?? session) : null
  const observation = observationOf(look, { session: named, facts, isNew })
  keepObservation(memory.trace(file) ?? read, look, observation)
  return [observation]
}

function remembered(
  info: FileInfo,
  read: Pick<KnownTrace, 'readTo' | 'heldAt' | 'beganAt' | 'whole' | 'session'>,
): KnownTrace {
  const { readTo, heldAt, beganAt, whole, session } = read
  return {
    bytes: info.bytes,
    modifiedAt: info.modifiedAt,
    identity: info.identity,
    readTo,
    heldAt,
    beganAt,
    whole,
    ...(session == null ? {} : { session }),
  }
}

const databases = new WeakMap<TraceSignal, boolean>()

/** Kept by SQLite, so that what is new stands in the log beside it. */
function isDatabase(signal: TraceSignal): boolean {
  const known = databases.get(signal)
  if (known !== undefined) return known
  const made = signal.record?.format === 'sqlite' || /\.(?:db|sqlite3?|vscdb)$/.test(signal.place)
  databases.set(signal, made)
  return made
}
