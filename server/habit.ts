// After which silence a device is out of its habit, and what little is kept to know that. Pure.
//
// It must tell nobody's hours (P7), so no moment and no count is kept, and lengths only in steps: every night, weekend and free
// day is one step, "up to a week", so that whoever works nights, three days a week or every day leaves the same. Of each step
// it is known whether a silence like it came never, once or again, in this or the last four weeks. Longer ones are rare and
// lead to nobody's hours; that there was one in the last year or two is kept, not when.
import type { Leaving } from '#shared/agent-event.ts'
import type { Contact, Left } from '#shared/contact.ts'
import { dayOf } from './ingest/device-time.ts'

const hourMs = 3_600_000
const weekMs = 7 * 24 * hourMs

/**
 * Upper edges of the steps. Shorter silences than the first are none: a restart, a repair, a train. Between it and a week
 * nothing is told apart. A device that is silent for longer than the last is out of any habit.
 */
const steps = [6 * hourMs, weekMs, 2 * weekMs, 5 * weekMs, 10 * weekMs, 20 * weekMs, 52 * weekMs] as const
/** The longest step that is remembered of a silence that came once: a long holiday, not a machine that was put away. */
const longestOnce = 3
const shortTermMs = 4 * weekMs
const longTermMs = 52 * weekMs
/** Agents report every quarter of an hour. */
export const reportingMs = hourMs
/** As `quiet_after`: another device reports in its place, so that nobody waits for it. Its own next report ends that. */
export const replacedAfter = Number.MAX_SAFE_INTEGER

/** Steps of silences: 0 is none. */
export interface Silences {
  /** The two longest that ended in these four weeks, the longest first. */
  readonly recent: readonly [number, number]
  /** The same of the four weeks before in which the device was heard of. */
  readonly before: readonly [number, number]
  /** The longest that ended in these 52 weeks, and in those before. */
  readonly year: number
  readonly yearBefore: number
}

/** The default, until four to eight weeks of its own say otherwise: it counts as a device that sleeps, for up to a week. */
export const unknownHabit: Silences = { recent: [1, 1], before: [0, 0], year: 0, yearBefore: 0 }

/** How long a device may be silent by its habit, in milliseconds. */
export function habitMs({ recent, before, year, yearBefore }: Silences): number {
  // Once is no habit: a server that failed or was moved once is a machine that is always on, and is missed within hours.
  const [, again = 0] = [...recent, ...before].toSorted((a, b) => b - a)
  // A device that sleeps goes on holiday too, and that comes once a year.
  return edge(again === 0 ? 0 : Math.max(again, year, yearBefore))
}

/**
 * What is kept after a silence that lasted from one report to the next, by the server's clock. One that ends before it began,
 * as after the clock was set back, is none and ages nothing.
 */
export function afterSilence(known: Silences, from: number, until: number): Silences {
  const { recent, before, year, yearBefore } = aged(known, from, until)
  const step = stepOf(until - from)
  const [first, second] = [...recent, step].toSorted((a, b) => b - a)
  return {
    recent: [first ?? 0, second ?? 0],
    before,
    year: Math.max(year, Math.min(step, longestOnce)),
    yearBefore,
  }
}

/** Time that the device slept through does not age what is known: however long it was, one term has passed. */
function aged(known: Silences, from: number, until: number): Silences {
  const isLater = (termMs: number) => Math.floor(until / termMs) > Math.floor(from / termMs)
  const { recent, before, year, yearBefore } = known
  return {
    ...(isLater(shortTermMs) ? { recent: [0, 0], before: recent } : { recent, before }),
    ...(isLater(longTermMs) ? { year: 0, yearBefore: year } : { year, yearBefore }),
  }
}

function stepOf(silentMs: number): number {
  const step = steps.findIndex((most) => silentMs <= most)
  return step < 0 ? steps.length - 1 : step
}

function edge(step: number): number {
  return steps[step] ?? steps[steps.length - 1] ?? weekMs
}

/** What is written of a device's habit, with its last report and nothing else. */
export interface HabitColumns {
  /** JSON of {@link Silences}. */
  readonly silences: string
  readonly quiet_after: number
}

export function newHabit(enrolledAt: number): HabitColumns {
  return columnsOf(unknownHabit, enrolledAt)
}

/**
 * @param heardAt the server's time as the device knows it, where it has measured it: of two clocks the one that says less time
 *   has passed is believed, so that setting the server's forward is no silence of anybody
 */
export function habitAfter(
  row: { readonly silences: string; readonly last_seen_at: number | null },
  heardAt: number | null,
  now: number,
): HabitColumns {
  const known = JSON.parse(row.silences) as Silences
  const until = Math.min(now, heardAt ?? now)
  // The time from enrolment to the first report is an installation's.
  return columnsOf(afterSilence(known, row.last_seen_at ?? until, until), now)
}

function columnsOf(silences: Silences, seenAt: number): HabitColumns {
  return { silences: JSON.stringify(silences), quiet_after: seenAt + habitMs(silences) }
}

/** What a device's silence is told as; null once revoked, since its reports are refused. */
export function contactOf(
  row: {
    readonly status: 'active' | 'revoked'
    readonly enrolled_at: number
    readonly last_seen_at: number | null
    readonly quiet_after: number
    readonly stopped_on: number | null
  },
  asOf: number,
): Contact | null {
  if (row.status === 'revoked' || row.quiet_after === replacedAfter) return null
  const { last_seen_at: seenAt, stopped_on: stoppedOn } = row
  return {
    state: row.quiet_after <= asOf ? 'quiet' : isHeard(seenAt, asOf) ? 'reporting' : 'asleep',
    habitMs: row.quiet_after - (seenAt ?? row.enrolled_at),
    stopped: seenAt !== null && stoppedOn === dayOf(seenAt),
  }
}

/** What is written of why a device's agent ended. */
export interface LeftColumns {
  readonly left_why: Leaving | null
  readonly left_on: number | null
}

/** Why nothing is heard of a device, as its agent said; null also while a new version may still be about to report. */
export function leftOf(
  {
    left_why: why,
    left_on: on,
    last_seen_at: seenAt,
  }: LeftColumns & { readonly last_seen_at: number | null },
  asOf: number,
): Left | null {
  if (why === null || on === null) return null
  return why === 'upgrading' && isHeard(seenAt, asOf) ? null : { why, on }
}

function isHeard(seenAt: number | null, asOf: number): boolean {
  return seenAt !== null && seenAt >= asOf - reportingMs
}
