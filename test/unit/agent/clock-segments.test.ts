import { describe, expect, test } from 'vitest'
import {
  bootAt,
  bootOf,
  followClock,
  astraySegments,
  isAstray,
  type ClockReading,
  type ClockState,
} from '../../../agent/clock-segments.ts'
import { hour, minute, noon } from '../../helpers/observations.ts'

const day = 24 * hour
const untold = () => false

/** A machine, started an hour before noon, whose clock is right to begin with. */
function machine(): ClockReading {
  return { boot: 'b', at: noon, sinceBootMs: hour }
}

function later(before: ClockReading, ms: number, setByMs = 0): ClockReading {
  return { ...before, at: before.at + ms + setByMs, sinceBootMs: before.sinceBootMs + ms }
}

/** The clock after these readings, in turn. */
function followed(readings: readonly ClockReading[], isTold: (id: string) => boolean = untold): ClockState {
  const last = readings.reduce<ClockState | null>((state, one) => followClock(state, one, isTold), null)
  if (last === null) throw new Error('no reading')
  return last
}

/** Names of the segments after each of these changes: time that passes, and by how much the clock is set meanwhile. */
function names(...changes: readonly (readonly [ms: number, setByMs: number])[]): string[] {
  let reading = machine()
  let state = followClock(null, reading, untold)
  return changes.map(([ms, setByMs]) => {
    reading = later(reading, ms, setByMs)
    state = followClock(state, reading, untold)
    return bootAt(state).id
  })
}

describe('a clock', () => {
  test.each<[string, (readonly [number, number])[], string[]]>([
    [
      'that runs keeps its name',
      [
        [minute, 0],
        [hour, 0],
      ],
      ['b', 'b'],
    ],
    [
      'is not set by a machine that slept',
      [
        [minute, 0],
        [8 * hour, 0],
        [minute, 0],
      ],
      ['b', 'b', 'b'],
    ],
    [
      'is not set by small corrections, however many',
      Array.from({ length: 5 }, () => [minute, 1900] as const),
      ['b', 'b', 'b', 'b', 'b'],
    ],
    ['set back gets another name', [[minute, -day]], ['b#1']],
    ['set forward gets another name', [[minute, 3000]], ['b#1']],
    ['set while the machine slept gets another name', [[8 * hour, -hour]], ['b#1']],
    [
      'set there and back again gets one each time',
      [
        [minute, day],
        [minute, -day],
      ],
      ['b#1', 'b#2'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(names(...changes)).toEqual(expected)
  })

  test('keeps its name when the agent is started again', () => {
    const stored = JSON.parse(JSON.stringify(followed([machine()]))) as ClockState
    expect(bootAt(followClock(stored, later(machine(), 2 * hour), untold)).id).toBe('b')
    expect(bootAt(followClock(stored, later(machine(), 2 * hour, hour), untold)).id).toBe('b#1')
  })

  test('keeps its name where the start of the machine is only guessed, and guessed otherwise now', () => {
    const again = { ...later(machine(), hour), boot: 'b-a-minute-later' }
    expect(bootAt(followed([machine(), again])).id).toBe('b')
  })
})

describe('after a start of the machine', () => {
  const restarted = (setByMs: number, boot = 'c'): ClockReading => ({
    boot,
    at: noon + 30 * minute + setByMs,
    sinceBootMs: 5 * minute,
  })

  test('a clock that goes on leaves nothing in doubt', () => {
    const boot = bootAt(followed([machine(), restarted(0)]))
    expect(boot).toEqual({ id: 'c', startedAt: noon + 25 * minute, past: [] })
    expect(bootOf(noon + 26 * minute, boot)).toBe('c')
    expect(bootOf(noon + 24 * minute, boot)).toBeNull()
  })

  test('a clock that says it was before the last look was set back', () => {
    const boot = bootAt(followed([machine(), restarted(-26 * minute)]))
    expect(boot.past).toMatchObject([{ id: 'b', from: noon - hour, to: noon }])
    // 11:59 was in both.
    expect(bootOf(noon - 0.5 * minute, boot)).toBeNull()
    expect(bootOf(noon + minute, boot)).toBe('c')
    expect(bootOf(noon - 30 * minute, boot)).toBe('b')
  })

  test('a container, which goes by the name of its machine, gets a name of its own', () => {
    const boot = bootAt(followed([machine(), restarted(0, 'b')]))
    expect(boot).toEqual({ id: 'b#1', startedAt: noon + 25 * minute, past: [] })
  })
})

describe('an instant', () => {
  // Read at 12:00 and, by then set back by half an hour, at 11:31 for the second time.
  const setBack = bootAt(followed([machine(), later(machine(), minute, -30 * minute)]))
  // Read at 12:00 and, by then set forward by half an hour, at 12:31.
  const setForward = bootAt(followed([machine(), later(machine(), minute, 30 * minute)]))

  test.each([
    ['of before the clock was set back', setBack, noon - 31 * minute, 'b'],
    ['that was there twice', setBack, noon - 15 * minute, null],
    ['just before the clock was found set back', setBack, noon + minute, null],
    ['later than anything the clock showed before', setBack, noon + minute + 1, 'b#1'],
    ['of before the machine was started', setBack, noon - 2 * hour, null],
    ['of before the clock was set forward', setForward, noon, 'b'],
    ['that was passed over', setForward, noon + 10 * minute, null],
    ['of since the clock was set forward', setForward, noon + 30 * minute, 'b#1'],
  ])('%s', (_, boot, at, expected) => {
    expect(bootOf(at, boot)).toBe(expected)
  })

  test('in the minute in which the clock was set a little is in neither', () => {
    const boot = bootAt(followed([machine(), later(machine(), minute, 3000)]))
    expect(bootOf(noon + 30_000, boot)).toBeNull()
    expect(bootOf(noon + 1000, boot)).toBe('b')
  })
})

describe('what a clock said that was set by half a day or more', () => {
  const after = (setByMs: number, isTold = untold) =>
    bootAt(followed([machine(), later(machine(), minute, setByMs)], isTold))

  test.each([
    ['is astray', after(-12 * hour), true],
    ['in the other direction too', after(12 * hour), true],
    ['but not when it was less: a day of uncertainty does', after(-12 * hour + 1), false],
    ['but not when the server knows the offset', after(-day, () => true), false],
  ])('%s', (_, boot, expected) => {
    expect(boot.past.map(isAstray)).toEqual([expected])
    expect(astraySegments(noon - minute, boot)).toHaveLength(expected ? 1 : 0)
    expect(astraySegments(noon - 2 * hour, boot)).toEqual([])
  })

  test('is so as well when it was set little by little', () => {
    const first = later(machine(), minute, -7 * hour)
    const { past } = followed([machine(), first, later(first, minute, -7 * hour)])
    expect(past.map(isAstray)).toEqual([true, false])
  })

  test('is not when it was set back again', () => {
    const first = later(machine(), minute, day)
    const { past } = followed([machine(), first, later(first, minute, -day)])
    expect(past.map(isAstray)).toEqual([false, true])
  })
})

test('what is over is kept, but not without end', () => {
  let reading = machine()
  let state = followClock(null, reading, untold)
  for (let n = 0; n < 50; n++) {
    reading = later(reading, minute, n % 2 === 0 ? hour : -hour)
    state = followClock(state, reading, untold)
  }
  expect(state.past.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => `b#${n + 30}`))
})
