// Files that tools write when they are started or used: names, sizes and times, and where the policy allows it the
// times of the answers in them. Knows which files from the catalogue's templates; keeps no text.
import path from 'node:path'
import type { Account, TraceObservation } from '#shared/observation.ts'
import { pathOf, placeFits, placeOf } from '#shared/place.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { KnownTrace } from '../memory.ts'
import type { FileInfo, Reach } from '../platform/files.ts'
import { homeReach } from '../platform/places.ts'
import type { Collected, Collector, ScanContext } from './collector.ts'
import type { Expanded } from './expand.ts'
import { expand } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import { factsOf, isContinued, nothingRead, readRecord } from './session-facts.ts'

export const traceCollector: Collector<'trace'> = {
  kind: 'trace',
  about:
    'Looks at the files that tools keep of their sessions, to date a use by what the tool itself recorded.',
  reads: ['the places of the catalogue’s traces: names, sizes, times and the structural keys named there'],
  collect(context) {
    const list = gapList('trace', context.now)
    const signals = byPlace(context.wanted.trace)
    const observations: TraceObservation[] = []
    for (const account of context.accounts) {
      const seen = new Set<string>()
      for (const signal of signals.values()) {
        if (!signal.place.startsWith('~/')) continue
        lookAtTemplate(context, account, signal, seen, list, observations)
      }
    }
    return { observations, gaps: list.gaps }
  },
}

/** One signal per place: the one with a record where several tools or means share it. */
export function byPlace(signals: readonly TraceSignal[]): ReadonlyMap<string, TraceSignal> {
  const places = new Map<string, TraceSignal>()
  for (const signal of signals) {
    const before = places.get(signal.place)
    if (before?.record === undefined) places.set(signal.place, signal)
  }
  return places
}

function lookAtTemplate(
  context: ScanContext,
  account: Account,
  signal: TraceSignal,
  seen: Set<string>,
  list: GapList,
  observations: TraceObservation[],
): void {
  const { memory, now, signal: deadline } = context
  const reach = homeReach(context.host.files, account)
  const lastLookAt = memory.lastLookAt(account.name, signal.place)
  let gaps = 0
  const onGap: GapList['add'] = (who, gap) => {
    gaps += 1
    list.add(who, gap)
  }
  const files = expand({
    reach,
    template: pathOf(signal.place, account.home),
    onGap: (gap) => onGap(account.name, gap),
    isOver: () => deadline.aborted,
  })
  for (const file of files) {
    if (seen.has(file.info.real)) continue
    seen.add(file.info.real)
    if (deadline.aborted) {
      onGap(account.name, { reason: 'over-budget', path: file.path, detail: null })
      break
    }
    if (file.info.kind === 'folder') continue
    if (file.info.kind !== 'file') {
      onGap(account.name, { reason: 'not-regular', path: file.path, detail: null })
      continue
    }
    observations.push(...lookAtFile({ context, account, signal, reach, file, lastLookAt, onGap }))
  }
  // An account without the folder was looked at in full, too: there was nothing.
  if (gaps === 0) memory.looked(account.name, signal.place, now)
}

/** One template of one account, or one file of it: what a watcher asks for after a change. */
export function lookAtTrace(
  context: ScanContext,
  account: Account,
  signal: TraceSignal,
  file?: string,
): Collected<'trace'> {
  const list = gapList('trace', context.now)
  if (file === undefined) {
    const observations: TraceObservation[] = []
    lookAtTemplate(context, account, signal, new Set(), list, observations)
    return { observations, gaps: list.gaps }
  }
  if (!placeFits(signal.place, placeOf(file, account.home))) return { observations: [], gaps: [] }
  const reach = homeReach(context.host.files, account)
  const info = reach.stat(file)
  if (!info.ok || info.value.kind !== 'file') {
    list.add(account.name, info.ok ? null : info.gap)
    return { observations: [], gaps: list.gaps }
  }
  const lastLookAt = context.memory.lastLookAt(account.name, signal.place)
  const found = { path: file, info: info.value }
  const observations = lookAtFile({
    context,
    account,
    signal,
    reach,
    file: found,
    lastLookAt,
    onGap: list.add,
  })
  return { observations, gaps: list.gaps }
}

interface FileLook {
  readonly context: ScanContext
  readonly account: Account
  readonly signal: TraceSignal
  readonly reach: Reach
  readonly file: Expanded
  readonly lastLookAt: number | null
  readonly onGap: GapList['add']
}

function lookAtFile(look: FileLook): readonly TraceObservation[] {
  const { context, account, signal, reach, file, lastLookAt, onGap } = look
  const { info } = file
  if (info.owner !== Number(account.uid) && info.owner !== 0) {
    onGap(account.name, { reason: 'foreign-owner', path: file.path, detail: `uid:${info.owner}` })
    return []
  }
  const { memory } = context
  const before = memory.trace(file.path)
  const appended = signal.appended
  const continued = isContinued(before, info) ? before : null
  const isNew =
    continued === null ||
    info.bytes > continued.bytes ||
    (!appended && info.modifiedAt > continued.modifiedAt)

  let facts: TraceObservation['facts'] = null
  let read = continued ?? nothingRead
  if (context.confirmUse && signal.record !== undefined) {
    const unchanged =
      continued !== null && !isNew && info.modifiedAt === continued.modifiedAt && continued.readTo > 0
    if (unchanged) facts = factsOf(continued)
    else {
      const result = readRecord(reach, file.path, signal.record, appended ? continued : null)
      if (result.ok) {
        read = result.value
        facts = factsOf(read)
      } else onGap(account.name, result.gap)
    }
  }
  memory.rememberTrace(file.path, known(info, read))
  return [
    {
      kind: 'trace',
      account: account.name,
      at: context.now,
      path: file.path,
      place: placeOf(file.path, account.home),
      bytes: info.bytes,
      modifiedAt: info.modifiedAt,
      createdAt: info.createdAt,
      session: signal.means === 'session' ? sessionName(signal.place, file.path, account.home) : null,
      facts,
      lastLookAt,
      grew: lastLookAt !== null && isNew,
    },
  ]
}

function known(
  info: FileInfo,
  read: Pick<KnownTrace, 'readTo' | 'heldAt' | 'beganAt' | 'whole'>,
): KnownTrace {
  const { readTo, heldAt, beganAt, whole } = read
  return {
    bytes: info.bytes,
    modifiedAt: info.modifiedAt,
    identity: info.identity,
    readTo,
    heldAt,
    beganAt,
    whole,
  }
}

/**
 * The session's own name: what stands for the template's last `*`, without an extension. Null where the template has
 * none, so that one file for all sessions is not taken for one session that every device shares.
 */
export function sessionName(template: string, file: string, home: string): string | null {
  const segments = pathOf(template, home).split('/')
  const index = segments.findLastIndex((segment) => segment.includes('*'))
  const name = file.split('/')[index]
  if (index < 0 || name === undefined) return null
  return index === segments.length - 1 ? name.slice(0, name.length - path.posix.extname(name).length) : name
}
