// Instants from the device's clock to the server's, and what is learnt of that clock.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeClock, toServerTime, type MeasuredClock } from '../../../../server/ingest/device-time.ts'

const day = 86_400_000
const clock: MeasuredClock = { boot: 'b', offsetMs: 3_600_000, errorMs: 40, stepped: false }

describe('an instant of the device', () => {
  test.each([
    [
      'moves by the offset of its boot',
      { at: 1000, boot: 'b', resolutionMs: 5 },
      { at: 3_601_000, uncertaintyMs: 45 },
    ],
    [
      'is a day uncertain in a boot that was not measured',
      { at: 1000, boot: 'c', resolutionMs: 5 },
      { at: 1000, uncertaintyMs: day },
    ],
    [
      'is a day uncertain from before the present boot',
      { at: 1000, boot: null, resolutionMs: 5 },
      { at: 1000, uncertaintyMs: day },
    ],
    [
      'keeps a coarser resolution than a day',
      { at: 1000, boot: null, resolutionMs: 3 * day },
      { at: 1000, uncertaintyMs: 3 * day },
    ],
  ])('%s', (_, instant, expected) => {
    expect(toServerTime(instant, [clock])).toEqual(expected)
  })
})

describe('what is known of a clock', () => {
  test('is the first measurement', () => {
    expect(mergeClock(undefined, clock)).toBe(clock)
  })

  test('is not changed by one that tells no more', () => {
    expect(mergeClock(clock, { ...clock, offsetMs: 3_600_010, errorMs: 30 })).toBe(clock)
  })

  test('is the much finer one', () => {
    const finer = { ...clock, errorMs: 5 }
    expect(mergeClock(clock, finer)).toBe(finer)
  })

  test('covers both offsets once the clock was set, and never narrows again', () => {
    const stepped = mergeClock(clock, { ...clock, offsetMs: 0, errorMs: 10 })
    expect(stepped).toEqual({ boot: 'b', offsetMs: 1_800_015, errorMs: 1_800_025, stepped: true })
    expect(mergeClock(stepped, { ...clock, offsetMs: 0, errorMs: 1 })).toBe(stepped)
  })

  test('always contains every measurement that disagreed with what was known', () => {
    const measurement = fc.record({
      offsetMs: fc.integer({ min: -1e9, max: 1e9 }),
      errorMs: fc.integer({ min: 0, max: 1e5 }),
    })
    fc.assert(
      fc.property(fc.array(measurement, { minLength: 1, maxLength: 8 }), (measured) => {
        let known: MeasuredClock | undefined
        for (const one of measured) {
          const before = known
          known = mergeClock(known, { boot: 'b', stepped: false, ...one })
          const apart = before === undefined ? 0 : Math.abs(before.offsetMs - one.offsetMs)
          if (before !== undefined && apart <= before.errorMs + one.errorMs && !before.stepped) continue
          expect(Math.abs(known.offsetMs - one.offsetMs)).toBeLessThanOrEqual(known.errorMs + 1e-6)
        }
      }),
    )
  })
})
