// From what a look saw to dated marks: sessions, attempts, runs and presence, each with its basis and what speaks against it.
// Pure. Names no tool; decides nothing about policy and sends nothing (report.ts does).
import type { Doubt, Evidence, MarkBasis, MarkKind } from '#shared/detection.ts'
import type { Disagreement } from '#shared/disagreement.ts'
import { runsOf, type Detected } from '#shared/detect.ts'
import type { Match } from '#shared/match.ts'
import type { TraceObservation } from '#shared/observation.ts'
import type { Strength } from '#shared/tool.ts'
import { bootOf, type Boot } from './clock-segments.ts'
import { disagreementOf, isBackdated, isOlderThanFile, lookToleranceMs } from './disagreements.ts'

/** A mark as the device keeps it: with the session's own name and file, which are hashed or dropped before it leaves. */
export interface DatedMark {
  readonly tool: string
  readonly account: string | null
  readonly kind: MarkKind
  /** Device clock. */
  readonly at: number
  /** How exactly the record tells the time. */
  readonly resolutionMs: number
  /** Which start of the machine and setting of its clock the time belongs to; null before the present start, or unclear. */
  readonly boot: string | null
  readonly basis: MarkBasis
  readonly strength: Strength
  readonly session: string | null
  readonly doubts: readonly Doubt[]
  /** With `times-disagree`: with which other time, and by how much, exactly. */
  readonly disagreement?: Disagreement | undefined
  readonly withoutRecord: boolean
  readonly evidence: Evidence
}

/** What is known from earlier looks. */
export interface Before {
  /** The tool was seen able to run for this account or for the whole machine. */
  readonly able: (tool: string, account: string | null) => boolean
  readonly isKnown: (key: string) => boolean
  /** Time of the newest mark of a kind up to an instant (a clock that was ahead has left later ones); null when there is none. */
  readonly newest: (tool: string, account: string | null, kind: MarkKind, until: number) => number | null
}

export interface Look {
  /** When it was made, device clock. */
  readonly at: number
  readonly boot: Boot
  readonly detected: readonly Detected[]
  readonly before: Before
}

const minute = 60_000
/** Between a session's first and last mark at most one per 10 minutes (shared/README.md). */
export const betweenMarksMs = 10 * minute
const arrivedBornAfterMs = 60_000
const arrivedTogetherMs = 5000
const hourMs = 60 * minute
const dayMs = 24 * hourMs

/** What makes a mark the same one at a later look. */
export function markKey(
  mark: Pick<DatedMark, 'tool' | 'account' | 'kind' | 'at' | 'session' | 'evidence'>,
): string {
  const { tool, account, kind, at, session, evidence } = mark
  const what = kind === 'session' || kind === 'attempt' ? (session ?? evidence.path ?? '') : ''
  return [tool, account ?? '', kind, what, at].join('\0')
}

/**
 * Marks of all sessions that the look saw, those known before included.
 * @param isSettled traces that are as they were when their marks were last written down; they are passed over
 */
export function sessionMarks(
  look: Look,
  isSettled: (trace: TraceObservation) => boolean = never,
): DatedMark[] {
  const open = look.detected.map(({ matches }) =>
    matches.filter(({ observation: o }) => o.kind === 'trace' && !isSettled(o)),
  )
  if (open.every((matches) => matches.length === 0)) return []
  const together = arrivedTogether(look.detected)
  return look.detected.flatMap((detected, index) => {
    const marks = open[index]?.map((match) => marksOfTrace(look, detected, match, together)) ?? []
    return oncePerSession(marks.filter((ofTrace) => ofTrace.length > 0))
  })
}

/**
 * Marks of one tool and account, those of each trace together. A session can keep several records, its sub-agents' own among
 * them: they are thinned as one, and a beginning says nothing more where the session was held.
 */
function oncePerSession(byTrace: readonly (readonly DatedMark[])[]): DatedMark[] {
  const sessions = Map.groupBy(byTrace, ([first]) => first?.session ?? null)
  return [...sessions].flatMap(([session, traces]) => {
    const marks = traces.flat()
    if (session === null || traces.length === 1) return marks
    const held = marks.filter(({ kind }) => kind === 'session')
    if (held.length === 0) return marks
    const byTime = new Map(held.toReversed().map((mark) => [mark.at, mark]))
    return thinned([...byTime.keys()]).flatMap((at) => byTime.get(at) ?? [])
  })
}

function never(): boolean {
  return false
}

/** A tool is seen able to run when it is there, for this account or for the whole machine, now or at an earlier look. */
export function isAble(look: Look, tool: string, account: string | null): boolean {
  const here = look.detected.some(
    (d) => d.tool === tool && d.present && (d.account === account || d.account === null),
  )
  return here || look.before.able(tool, account)
}

function marksOfTrace(
  look: Look,
  detected: Detected,
  match: Match,
  together: ReadonlySet<TraceObservation>,
): DatedMark[] {
  const { observation: trace } = match
  if (trace.kind !== 'trace' || match.trace?.means !== 'session') return []
  const times = timesOf(trace)
  if (times === null) return []
  const able = isAble(look, detected.tool, detected.account)
  const backdated = isBackdated(trace, times.at)
  const appended = match.trace.appended !== false
  const cameAt = appended ? cameWithRecords(trace, times.at) : null
  return times.at.map((at): DatedMark => {
    const mark = {
      tool: detected.tool,
      account: detected.account,
      kind: times.kind,
      at,
      resolutionMs: resolutionOf(at),
      boot: bootOf(at, look.boot),
      basis: cameAt !== null && at <= cameAt ? 'found' : basisOf(trace, at, able, look.at),
      strength: match.evidence.strength,
      session: trace.session,
      withoutRecord: false,
      evidence: match.evidence,
    }
    const disagreement = disagreementOf(trace, at, {
      appended,
      backdated: backdated && !look.before.isKnown(markKey(mark)),
      lookedAt: look.at,
      boot: look.boot,
    })
    const doubts: Doubt[] = []
    if (disagreement !== undefined) doubts.push('times-disagree')
    if (together.has(trace) && isOlderThanFile(trace, at, arrivedBornAfterMs)) doubts.push('arrived-together')
    if (!able) doubts.push('unable-to-run')
    return { ...mark, doubts, disagreement }
  })
}

interface TraceTimes {
  readonly kind: 'session' | 'attempt'
  readonly at: readonly number[]
}

/** The instants at which a trace says that something happened; null when it says none. */
function timesOf(trace: TraceObservation): TraceTimes | null {
  const { facts } = trace
  // Not confirmed: the file's own time is all there is, and it says nothing of what is in it.
  if (facts === null) return { kind: 'session', at: [trace.modifiedAt] }
  if (facts.heldAt.length > 0) return { kind: 'session', at: thinned(facts.heldAt) }
  return facts.beganAt === null ? null : { kind: 'attempt', at: [facts.beganAt] }
}

/** First and last exactly; between them none nearer than 10 minutes to the one before. */
export function thinned(times: readonly number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b)
  const kept: number[] = []
  for (const at of sorted) {
    const last = kept.at(-1)
    if (last === undefined || at - last >= betweenMarksMs) kept.push(at)
  }
  const end = sorted.at(-1)
  return end === undefined || kept.at(-1) === end ? kept : [...kept, end]
}

/** A whole second, minute or day in milliseconds is taken for a clock that tells no more. */
export function resolutionOf(at: number): number {
  return [dayMs, minute, 1000].find((unit) => at % unit === 0) ?? 1
}

/** @param lookedAt the end of the look: a long one sees what was written while it went on */
function basisOf(trace: TraceObservation, at: number, able: boolean, lookedAt: number): MarkBasis {
  const { grew, lastLookAt } = trace
  if (!able || !grew || lastLookAt === null) return 'found'
  const between = at >= lastLookAt - lookToleranceMs && at <= lookedAt + lookToleranceMs
  return between ? 'witnessed' : 'found'
}

/**
 * When a file came to be that had records in it from well before: a copy, a restore, a sync. Nobody saw here what is in it
 * up to then, however near to a look; what is later was written here. Null for a file that began with its first record.
 */
function cameWithRecords(trace: TraceObservation, times: readonly number[]): number | null {
  return isOlderThanFile(trace, Math.min(...times), arrivedBornAfterMs) ? trace.createdAt : null
}

function firstRecordOf(trace: TraceObservation): number | null {
  return trace.facts === null ? null : (trace.facts.beganAt ?? trace.facts.heldAt[0] ?? null)
}

/** Session files of two tools or more that came to be within seconds of each other, later than what is in them. */
function arrivedTogether(detected: readonly Detected[]): ReadonlySet<TraceObservation> {
  const born: Born[] = []
  for (const { tool, matches } of detected) {
    for (const { observation: o, trace } of matches) {
      if (o.kind !== 'trace' || o.createdAt === null) continue
      if (trace?.means !== 'session' || trace.appended === false) continue
      const first = firstRecordOf(o)
      if (first !== null && o.createdAt > first + arrivedBornAfterMs)
        born.push({ tool, trace: o, at: o.createdAt })
    }
  }
  const sorted = born.toSorted((a, b) => a.at - b.at)
  return new Set([...nearAnother(sorted), ...nearAnother(sorted.toReversed())])
}

interface Born {
  readonly tool: string
  readonly trace: TraceObservation
  readonly at: number
}

/** Those that have one of another tool within seconds before them, in the order given; a restored home holds thousands. */
function nearAnother(born: readonly Born[]): TraceObservation[] {
  let last: Born | null = null
  let another: Born | null = null
  const near: TraceObservation[] = []
  for (const one of born) {
    if (last !== null && last.tool !== one.tool) another = last
    last = one
    if (another !== null && Math.abs(one.at - another.at) <= arrivedTogetherMs) near.push(one.trace)
  }
  return near
}

/** A `run` mark for each tool that was seen running, at most one an hour. */
export function runMarks(look: Look): DatedMark[] {
  return look.detected.flatMap((detected) => {
    const [match] = runsOf(detected.matches, detected.present)
    if (match === undefined) return []
    const last = look.before.newest(detected.tool, detected.account, 'run', look.at)
    if (last !== null && look.at - last < hourMs) return []
    return [runSeen(look, detected, match, false)]
  })
}

/** A `run` mark that says that a tool which keeps records was running without any. */
export function recordlessRun(look: Look, detected: Detected): DatedMark | null {
  const [match] = runsOf(detected.matches, detected.present)
  return match === undefined ? null : runSeen(look, detected, match, true)
}

/** Of a process that only calls itself so, a likely run, however well the tool is proven to be there. */
function runSeen(look: Look, detected: Detected, { evidence }: Match, withoutRecord: boolean): DatedMark {
  const isNamedOnly = evidence.signal.startsWith('title:') || evidence.signal.startsWith('environment:')
  const mark = seenNow(look, detected, evidence, 'run', withoutRecord)
  return isNamedOnly ? { ...mark, strength: 'likely' } : mark
}

/** A `presence` mark for each tool that is there, one a day. */
export function presenceMarks(look: Look): DatedMark[] {
  return look.detected.flatMap((detected) => {
    const evidence = detected.evidence.find((e) => e.means === 'presence' && e.strength !== 'weak')
    if (!detected.present || evidence === undefined) return []
    const last = look.before.newest(detected.tool, detected.account, 'presence', look.at)
    if (last !== null && dayOf(last) === dayOf(look.at)) return []
    return [seenNow(look, detected, evidence, 'presence', false)]
  })
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs)
}

function seenNow(
  look: Look,
  detected: Detected,
  evidence: Evidence,
  kind: 'run' | 'presence',
  withoutRecord: boolean,
): DatedMark {
  return {
    tool: detected.tool,
    account: detected.account,
    kind,
    at: look.at,
    resolutionMs: 1,
    boot: look.boot.id,
    basis: 'witnessed',
    strength: detected.strength,
    session: null,
    doubts: [],
    withoutRecord,
    evidence,
  }
}
