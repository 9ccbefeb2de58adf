// What of a trace's times does not fit together: the record's own against its file's, the looks around it and the clock. Pure.
// Says which and by how much; what follows from it is not decided here.
import { furthest, type Disagreement, type OtherTime } from '#shared/disagreement.ts'
import type { TraceObservation } from '#shared/observation.ts'
import { astraySegments, type Boot, type PastSegment } from './clock-segments.ts'

/** Clocks of records and looks are the same one; writing takes a moment. */
export const lookToleranceMs = 2000
/** A record is written before its file's time is set; more than this is no delay. */
const recordAfterFileMs = 120_000
/** An appended file is born with its first record; a later birth means that it was copied here. */
const bornAfterRecordMs = 600_000

export interface Around {
  /** The tool only ever appends to the file, so that its birth says something. */
  readonly appended: boolean
  /** It grew since the last look, by times from well before it: `isBackdated`, of a mark that was not known then. */
  readonly backdated: boolean
  /** End of the look, device clock. */
  readonly lookedAt: number
  readonly boot: Boot
}

/** How one instant that a trace states is most at odds with the rest; undefined when all fits together. */
export function disagreementOf(
  trace: TraceObservation,
  at: number,
  around: Around,
): Disagreement | undefined {
  const { modifiedAt, createdAt, lastLookAt } = trace
  const { appended, backdated, lookedAt, boot } = around
  const found = astraySegments(at, boot).map(clockSet)
  const add = (other: OtherTime, otherAt: number): void =>
    void found.push({ with: other, byMs: Math.round(otherAt - at) })
  if (at > modifiedAt + recordAfterFileMs) add('file-written', modifiedAt)
  if (at > lookedAt + lookToleranceMs) add('look', lookedAt)
  // A file can hold a copy of an older session and go on with a new one: only what is older than the file is in doubt.
  if (appended && createdAt !== null && isOlderThanFile(trace, at, bornAfterRecordMs))
    add('file-born', createdAt)
  if (backdated && lastLookAt !== null) {
    // The file's own time says more than that it was written since the last look, unless it was set back, too.
    const wasWritten = modifiedAt >= lastLookAt - lookToleranceMs
    if (wasWritten) add('file-written', modifiedAt)
    else add('look-before', lastLookAt)
  }
  return furthest(found)
}

/** Of what was dated by a clock that was far off: what the clock was set by since. */
export function clockSet({ setByMs }: Pick<PastSegment, 'setByMs'>): Disagreement {
  return { with: 'clock-set', byMs: Math.round(setByMs) }
}

/** It grew since the last look, and yet all that it says happened well before: the times were not written as they passed. */
export function isBackdated(trace: TraceObservation, times: readonly number[]): boolean {
  const { grew, lastLookAt } = trace
  const newest = Math.max(...times)
  return grew && lastLookAt !== null && newest < lastLookAt - bornAfterRecordMs
}

export function isOlderThanFile(trace: TraceObservation, at: number, byMs: number): boolean {
  return trace.facts !== null && trace.createdAt !== null && trace.createdAt > at + byMs
}
