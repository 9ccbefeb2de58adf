// The device's clock, followed from reading to reading against the time since the machine was started. When it is set, a new
// segment with a name of its own begins, so that an offset measured in one is never applied to an instant of another. A machine
// that slept, or a clock that is slowed or hurried a little, begins none. Pure.
import { z } from 'zod'

/** A span of the device's clock that is over: the clock was set since. */
export const PastSegment = z.strictObject({
  id: z.string(),
  /** By its own clock: no instant of it lies earlier or later. */
  from: z.number(),
  to: z.number(),
  /** By how much the clock was set since it ended, altogether. */
  setByMs: z.number(),
  /** The server knows its offset. */
  told: z.boolean(),
  /** It has been told that the clock was set. */
  noted: z.boolean(),
  /** Its marks have been put in doubt. */
  doubted: z.boolean(),
})
export type PastSegment = z.infer<typeof PastSegment>

export const ClockState = z.strictObject({
  /** The start of the machine. */
  boot: z.string(),
  /** Of the present segment in it. */
  number: z.int().nonnegative(),
  from: z.number(),
  /** Device clock minus time since the start of the machine, as last read. */
  aheadMs: z.number(),
  sinceBootMs: z.number(),
  past: z.array(PastSegment),
})
export type ClockState = z.infer<typeof ClockState>

export interface ClockReading {
  readonly boot: string
  /** Device clock. */
  readonly at: number
  /** Time since the start of the machine, sleep included. */
  readonly sinceBootMs: number
}

/** The present start of the machine and setting of its clock, as instants are dated by it. */
export interface Boot {
  readonly id: string
  readonly startedAt: number
  readonly past: readonly PastSegment[]
}

/** Corrections of a time service that lets a clock run on are smaller; so is what readings differ by. */
const setMs = 2000
/** An instant that was never measured counts as a day uncertain: more than half of it is used up. */
const astrayMs = 12 * 3_600_000
/** More than anybody needs who does not play with the clock. */
const pastKept = 20

/**
 * The clock after one more reading.
 * @param isTold whether the server knows the offset of a segment
 */
export function followClock(
  before: ClockState | null,
  reading: ClockReading,
  isTold: (id: string) => boolean,
): ClockState {
  const { boot, at, sinceBootMs } = reading
  const aheadMs = at - sinceBootMs
  const read = { boot, aheadMs, sinceBootMs }
  if (before === null) return { ...read, number: 0, from: aheadMs, past: [] }
  const runsOn = sinceBootMs >= before.sinceBootMs - setMs
  const byMs = aheadMs - before.aheadMs
  // Where a start of the machine has no name of its own, the one made up for it may differ from run to run.
  if (runsOn && Math.abs(byMs) < setMs) return { ...before, aheadMs, sinceBootMs }
  const number = before.boot === boot ? before.number + 1 : 0
  if (before.boot === boot && runsOn) {
    // It was set at some moment since the last reading: up to now by the old clock, or from then on by the new one.
    const from = aheadMs + before.sinceBootMs
    return { ...read, number, from, past: ended(before, before.aheadMs + sinceBootMs, byMs, isTold) }
  }
  // Started anew (a container goes by the name of its machine's start): after the last reading, unless the clock was set.
  const lastAt = before.aheadMs + before.sinceBootMs
  const earlyMs = aheadMs - lastAt
  const past = earlyMs > -setMs ? before.past : ended(before, lastAt, earlyMs, isTold)
  return { ...read, number, from: aheadMs, past }
}

function ended(
  before: ClockState,
  to: number,
  byMs: number,
  isTold: (id: string) => boolean,
): ClockState['past'] {
  const id = idOf(before)
  const { from } = before
  const segment = { id, from, to, setByMs: 0, told: isTold(id), noted: false, doubted: false }
  return [...before.past, segment].slice(-pastKept).map((s) => ({ ...s, setByMs: s.setByMs + byMs }))
}

function idOf({ boot, number }: ClockState): string {
  return number === 0 ? boot : `${boot}#${number}`
}

export function bootAt(state: ClockState): Boot {
  return { id: idOf(state), startedAt: state.from, past: state.past }
}

/** The segment that an instant belongs to; null when it lies before the machine was started, or in more than one. */
export function bootOf(at: number, boot: Boot): string | null {
  const ids = boot.past.filter((segment) => isIn(at, segment)).map(({ id }) => id)
  if (at >= boot.startedAt) ids.push(boot.id)
  return ids.length === 1 ? (ids[0] ?? null) : null
}

/** The segments of which not even the day is sure and in which an instant may lie. */
export function astraySegments(at: number, boot: Boot): readonly PastSegment[] {
  return boot.past.filter((segment) => isAstray(segment) && isIn(at, segment))
}

/** Whether the clock was so far off that a day of uncertainty does not cover it, and the server does not know by how much. */
export function isAstray({ setByMs, told }: PastSegment): boolean {
  return !told && Math.abs(setByMs) >= astrayMs
}

function isIn(at: number, { from, to }: PastSegment): boolean {
  return at >= from && at <= to
}
