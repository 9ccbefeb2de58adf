// The habit of a device, learnt from replayed lid traces: who is told as quiet when, and what is kept of anybody's hours.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterSilence,
  contactOf,
  habitAfter,
  habitMs,
  newHabit,
  unknownHabit,
  type Silences,
} from '../../../server/habit.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day
const usual = week
const always = 6 * hour
/** A Monday at midnight UTC, on which neither four nor fifty-two weeks of `afterSilence` begin. */
const monday = Date.UTC(2026, 10, 23)

/** From when until when a lid was open. */
type Trace = readonly (readonly [from: number, until: number])[]

interface Replayed {
  readonly silences: Silences
  /** Of each silence that was told as quiet, the day on which it began and the habit in days. */
  readonly quiet: readonly { readonly day: number; readonly habit: number }[]
  /** When it would be told as quiet if it never reported again, after the last report. */
  readonly quietAfterMs: number
}

/** The reports of a device with that lid: on waking, and every quarter of an hour. */
function replay(trace: Trace, begin = monday): Replayed {
  let row = { silences: newHabit(begin).silences, last_seen_at: null as number | null, quiet_after: Infinity }
  const quiet = []
  for (const [from, until] of trace) {
    for (let now = from; now <= until; now += 15 * minute) {
      const seen = row.last_seen_at
      if (seen !== null && row.quiet_after <= now)
        quiet.push({ day: Math.floor((seen - begin) / day), habit: (row.quiet_after - seen) / day })
      row = { ...habitAfter(row, null, now), last_seen_at: now }
    }
  }
  const silences = JSON.parse(row.silences) as Silences
  return { silences, quiet, quietAfterMs: row.quiet_after - (row.last_seen_at ?? begin) }
}

/** Awake on the days of the week (0: Monday) between two hours, for a number of weeks, but for some days. */
function weekly(
  weeks: number,
  days: readonly number[],
  [from, until]: readonly [number, number],
  away: readonly (readonly [first: number, count: number])[] = [],
): Trace {
  return Array.from({ length: weeks * 7 }, (_, at) => at)
    .filter((at) => days.includes(at % 7) && !away.some(([first, n]) => at >= first && at < first + n))
    .map((at) => [monday + at * day + from * hour, monday + at * day + until * hour])
}

/** Always on but for silences, each with its day and its length in hours. */
function on(days: number, silences: readonly (readonly [day: number, hours: number])[] = []): Trace {
  const begins = [monday, ...silences.map(([at, hours]) => monday + at * day + hours * hour)]
  return begins.map((from, n) => [from, monday + (silences[n]?.[0] ?? days) * day])
}

const workdays = [0, 1, 2, 3, 4]
const office: readonly [number, number] = [9, 17.5]

describe('a lid that was replayed', () => {
  test.each<[string, Trace, { quiet: Replayed['quiet']; after: number }]>([
    ['a laptop in an office', weekly(60, workdays, office), { quiet: [], after: usual }],
    ['a laptop at night', weekly(60, workdays, [22, 30]), { quiet: [], after: usual }],
    ['a laptop of every day', weekly(20, [...workdays, 5, 6], [8, 23]), { quiet: [], after: usual }],
    ['a part-time one, three days a week', weekly(60, [0, 1, 2], office), { quiet: [], after: usual }],
    ['a part-time one, one day a week', weekly(60, [3], office), { quiet: [], after: usual }],
    [
      'an office laptop with long weekends',
      weekly(30, workdays, office, [
        [18, 5],
        [123, 5],
      ]),
      { quiet: [], after: usual },
    ],
    [
      'on holiday for three weeks: told so once, on its eighth day; then known',
      weekly(80, workdays, office, [
        [140, 21],
        [350, 12],
        [480, 21],
      ]),
      { quiet: [{ day: 137, habit: 7 }], after: 5 * week },
    ],
    [
      'three weeks away once, then a silence of three days',
      weekly(22, workdays, office, [
        [84, 21],
        [126, 3],
      ]),
      { quiet: [{ day: 81, habit: 7 }], after: 5 * week },
    ],
    [
      'in use every other week',
      weekly(
        30,
        workdays,
        office,
        Array.from({ length: 15 }, (_, n) => [7 + n * 14, 7] as const),
      ),
      { quiet: [{ day: 4, habit: 7 }], after: 2 * week },
    ],
    [
      'taken from a shelf every quarter',
      Array.from({ length: 5 }, (_, n) => [
        monday + n * 13 * week + 9 * hour,
        monday + n * 13 * week + 12 * hour,
      ]),
      {
        quiet: [
          { day: 0, habit: 7 },
          { day: 91, habit: 35 },
        ],
        after: 20 * week,
      },
    ],
    ['a server that is new', on(3), { quiet: [], after: usual }],
    ['a server', on(70), { quiet: [], after: always }],
    [
      'a server that is restarted and repaired',
      on(70, [
        [10, 0.2],
        [30, 3],
        [50, 5],
      ]),
      { quiet: [], after: always },
    ],
    [
      'a server that was moved for three weeks: missed, and missed within hours again',
      on(110, [[70, 21 * 24]]),
      { quiet: [{ day: 70, habit: 0.25 }], after: always },
    ],
    [
      'a build machine that is switched off every weekend',
      on(
        70,
        Array.from({ length: 9 }, (_, n) => [5 + 7 * n, 60] as const),
      ),
      { quiet: [], after: usual },
    ],
    [
      'a build machine that rests for four hours every night',
      on(
        70,
        Array.from({ length: 69 }, (_, n) => [1 + n, 4] as const),
      ),
      { quiet: [], after: always },
    ],
    ['a laptop that stays open for two months', on(62), { quiet: [], after: always }],
    ['a laptop that was removed after ten weeks', weekly(10, workdays, office), { quiet: [], after: usual }],
  ])('%s', (_, trace, { quiet, after }) => {
    expect(replay(trace)).toMatchObject({ quiet, quietAfterMs: after })
  })
})

/** Silences with the time awake before each. */
const lived = (least: number, most: number) =>
  fc.array(
    fc.tuple(fc.integer({ min: 15 * minute, max: 17 * hour }), fc.integer({ min: least, max: most })),
    {
      minLength: 1,
      maxLength: 60,
    },
  )

describe('whatever the trace', () => {
  test('a silence is in its habit that it had twice within four weeks', () => {
    fc.assert(
      fc.property(lived(0, 60 * week), fc.integer({ min: 0, max: 60 * week }), (trace, begin) => {
        let known = unknownHabit
        let now = monday + begin
        const ended: { at: number; ms: number }[] = []
        for (const [awake, ms] of trace) {
          now += awake
          known = afterSilence(known, now - awake, now)
          known = afterSilence(known, now, now + ms)
          now += ms
          ended.push({ at: now, ms })
          const [, again = 0] = ended
            .filter(({ at }) => at > now - 4 * week)
            .map((one) => one.ms)
            .toSorted((a, b) => b - a)
          expect(habitMs(known)).toBeGreaterThanOrEqual(Math.min(again, 52 * week))
        }
      }),
    )
  })

  test('hours, shifts and days of the week leave the same', () => {
    // A minute before four weeks end: of those that have just begun nothing is known yet.
    const end = Math.ceil((monday + 20 * week) / (4 * week)) * 4 * week - minute
    const left = (trace: readonly (readonly [number, number])[]) => {
      let now = monday
      let known = unknownHabit
      for (let n = 0; now < end; n++) {
        const [awake, ms] = trace[n % trace.length] ?? [hour, hour]
        known = afterSilence(known, now, Math.min(now + awake, end))
        known = afterSilence(known, Math.min(now + awake, end), Math.min(now + awake + ms, end))
        now += awake + ms
      }
      return known
    }
    const inOffice = left([[8 * hour, 16 * hour]])
    fc.assert(
      fc.property(lived(6 * hour + 1, 4 * day), (trace) => {
        expect(left(trace)).toEqual(inOffice)
      }),
    )
  })

  test('clocks that jump break nothing: the habit stays between six hours and a year, and what is kept is small', () => {
    const instant = fc.integer({ min: 0, max: 200 * 365 * day })
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, fc.option(instant))), (reports) => {
        let row = { silences: newHabit(monday).silences, last_seen_at: null as number | null }
        for (const [now, heardAt] of reports) {
          const next = habitAfter(row, heardAt, now)
          expect(next.quiet_after - now).toBeGreaterThanOrEqual(always)
          expect(next.quiet_after - now).toBeLessThanOrEqual(52 * week)
          expect(next.silences.length).toBeLessThanOrEqual(newHabit(monday).silences.length)
          row = { ...next, last_seen_at: now }
        }
      }),
    )
  })
})

describe('a clock that was set', () => {
  const silences = JSON.stringify(replay(on(70)).silences)
  const row = { silences, last_seen_at: monday + 70 * day }
  const soon = row.last_seen_at + 15 * minute

  test.each<[string, number, number | null]>([
    ['the server’s forward, as the device has measured it', soon + 40 * day, soon],
    ['the server’s back', soon - 40 * day, soon],
    ['the device’s forward', soon, soon + 900 * day],
    ['the device’s back', soon, soon - 900 * day],
  ])('%s teaches nothing', (_, now, heardAt) => {
    expect(habitAfter(row, heardAt, now)).toEqual({ silences, quiet_after: now + always })
  })

  test('the server’s forward and back, unknown to the device, is one silence, which is no habit yet', () => {
    const forward = habitAfter(row, null, soon + 40 * day)
    const back = habitAfter({ ...forward, last_seen_at: soon + 40 * day }, null, soon + 15 * minute)
    expect(habitMs(JSON.parse(back.silences) as Silences)).toBe(always)
  })
})

test.each<[string, Partial<Parameters<typeof contactOf>[0]>, number, ReturnType<typeof contactOf>]>([
  ['just heard', {}, 0, { state: 'reporting', habitMs: week, stopped: false }],
  ['an hour ago', {}, hour, { state: 'reporting', habitMs: week, stopped: false }],
  ['longer ago', {}, hour + 1, { state: 'asleep', habitMs: week, stopped: false }],
  ['at the end of its habit', {}, week - 1, { state: 'asleep', habitMs: week, stopped: false }],
  ['out of it', {}, week, { state: 'quiet', habitMs: week, stopped: false }],
  ['stopped on that day', { stopped_on: monday }, 2 * week, { state: 'quiet', habitMs: week, stopped: true }],
  [
    'stopped the day before',
    { stopped_on: monday - day },
    2 * week,
    { state: 'quiet', habitMs: week, stopped: false },
  ],
  [
    'never heard of',
    { last_seen_at: null, stopped_on: null },
    0,
    { state: 'asleep', habitMs: 2 * week, stopped: false },
  ],
  [
    'heard of in what is now the future',
    {},
    -30 * day,
    { state: 'reporting', habitMs: week, stopped: false },
  ],
  ['revoked', { status: 'revoked' }, 2 * week, null],
])('%s', (_, change, silentMs, expected) => {
  const at = monday + 9 * hour
  const row = { status: 'active' as const, last_seen_at: at, quiet_after: at + week, stopped_on: null }
  expect(contactOf({ ...row, enrolled_at: at - week, ...change }, at + silentMs)).toEqual(expected)
})
