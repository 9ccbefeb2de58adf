// Which marks leave the device now, and as what: only in a window of the policy, only kinds that it counts, never early.
import { coarsened, type Disagreement } from '#shared/disagreement.ts'
import type { DevicePolicy, MarkRecord } from '#shared/protocol.ts'
import { betweenMarksMs, type DatedMark } from '../marks.ts'
import type { MarkState, MarkStore, StoredMark } from '../state/mark-store.ts'
import { toWireEvidence, type EvidenceContext } from './evidence.ts'
import { mayLeave, onServer, windowsFor, type ClockMeasure } from './windows.ts'

export interface MarkContext extends EvidenceContext {
  readonly policy: DevicePolicy | null
  readonly measures: readonly ClockMeasure[]
  readonly now: number
  /** Keyed with the organisation's key, known since enrolment. */
  readonly hashSession: (name: string) => string
}

export interface Release {
  readonly record: MarkRecord
  readonly key: string
}

export interface Decided {
  readonly released: readonly Release[]
  /** New marks for which a known policy has no window: should one open later, they were only found. */
  readonly shut: readonly string[]
  /** Marks between two others of a session that are no longer its newest, and too near the one before. */
  readonly surplus: readonly string[]
}

/**
 * Goes through the marks that have not left. Changes nothing; the caller writes the outcome down.
 * @param withShut also those for which the policy known before had no window: needed after each new policy
 */
export function decideMarks(store: MarkStore, context: MarkContext, withShut: boolean): Decided {
  const released: Release[] = []
  const shut: string[] = []
  const surplus: string[] = []
  if (context.policy === null) return { released, shut, surplus }
  const releasedNow = new Set<string>()
  for (const stored of store.kept(withShut)) {
    const windows = windowsFor(context.policy, stored.mark.tool)
    const { mark } = stored
    if (!mayLeave(windows, mark, onServer(mark.at, mark.boot, mark.resolutionMs, context.measures))) {
      if (stored.state === 'new') shut.push(stored.key)
      continue
    }
    const fit = fits(store, stored, releasedNow, context.now)
    if (fit === 'surplus') surplus.push(stored.key)
    if (fit !== 'leaves') continue
    releasedNow.add(stored.key)
    released.push({ key: stored.key, record: markRecord(mark, stored.state, context) })
  }
  return { released, shut, surplus }
}

/**
 * A mark that has left and is told again because of a doubt; null where it may not leave any more. As found: the server keeps
 * what it knows better.
 */
export function toldAgain(mark: DatedMark, context: MarkContext): MarkRecord | null {
  const time = onServer(mark.at, mark.boot, mark.resolutionMs, context.measures)
  const may = mayLeave(windowsFor(context.policy, mark.tool), mark, time)
  return may ? { ...markRecord(mark, 'released', context), basis: 'found' } : null
}

/**
 * At most one mark per 10 minutes of a session, but its last exactly: a mark nearer than that to one that has left waits
 * until the session has been quiet for as long, or another comes after it.
 */
function fits(
  store: MarkStore,
  { key, mark }: StoredMark,
  releasedNow: ReadonlySet<string>,
  now: number,
): 'leaves' | 'waits' | 'surplus' {
  if (mark.kind !== 'session' || mark.session === null) return 'leaves'
  const session = store.session(mark)
  const near = session.some(
    (other) =>
      other.key !== key &&
      (other.state === 'released' || releasedNow.has(other.key)) &&
      other.at <= mark.at &&
      mark.at - other.at < betweenMarksMs,
  )
  if (!near) return 'leaves'
  if (session.some((other) => other.at > mark.at)) return 'surplus'
  return now - mark.at >= betweenMarksMs ? 'leaves' : 'waits'
}

function markRecord(mark: DatedMark, state: MarkState, context: MarkContext): MarkRecord {
  const { tool, account, kind, at, resolutionMs, boot, strength, withoutRecord } = mark
  return {
    type: 'mark',
    tool,
    account,
    kind,
    at,
    resolutionMs,
    boot,
    // The policy came to reach back to it only later: nobody was watching for it then.
    basis: state === 'shut' ? 'found' : mark.basis,
    strength,
    session: mark.session === null ? null : context.hashSession(mark.session),
    doubts: [...new Set(mark.doubts)].slice(0, 8),
    ...toldDisagreement(mark, context),
    withoutRecord,
    evidence: toWireEvidence(mark.evidence, account, context, kind !== 'run'),
  }
}

/**
 * By how much, where the other time could leave the device as a mark itself: with the mark's own time the amount tells it, and
 * from outside the rule's dates no time may be told.
 */
function toldDisagreement(mark: DatedMark, context: MarkContext): Pick<MarkRecord, 'disagreement'> {
  const disagreement = mark.disagreement && coarsened(mark.disagreement, mark.resolutionMs)
  if (disagreement === undefined) return {}
  const { byMs } = disagreement
  const other = mark.at + (byMs ?? 0)
  const time = onServer(other, mark.boot, mark.resolutionMs, context.measures)
  const may = mayLeave(windowsFor(context.policy, mark.tool), mark, time)
  return { disagreement: may ? disagreement : ({ ...disagreement, byMs: null } satisfies Disagreement) }
}
