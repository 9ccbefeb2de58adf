import { describe, expect, test } from 'vitest'
import { measureClock, withMeasure } from '../../../../agent/sync/clock.ts'

const begun = Date.UTC(2026, 10, 22)
const exchange = { nonce: 'n1', sentAt: begun + 1000, receivedAt: begun + 1100, tookMs: 100 }
const signed = (value: unknown) => ({ text: JSON.stringify(value), signature: 's', key: 'k' })
const good = () => true

describe('a measure', () => {
  test('takes the middle of the request, and half its length as error', () => {
    expect(measureClock(signed({ at: begun + 61_050, nonce: 'n1' }), exchange, 'b', good)).toEqual({
      boot: 'b',
      offsetMs: 60_000,
      errorMs: 51,
    })
  })

  test.each([
    ['signed by somebody else', signed({ at: begun, nonce: 'n1' }), exchange, () => false],
    ['for another request', signed({ at: begun, nonce: 'n2' }), exchange, good],
    ['of a year that no clock shows', signed({ at: 8_640_000_000_000_000, nonce: 'n1' }), exchange, good],
    ['of before there was a server', signed({ at: 0, nonce: 'n1' }), exchange, good],
    ['that is none', { text: 'noon', signature: 's', key: 'k' }, exchange, good],
    [
      'over a request while the clock was set',
      signed({ at: begun, nonce: 'n1' }),
      { ...exchange, receivedAt: begun + 5000 },
      good,
    ],
  ])('is not taken from a time %s', (_, time, during, verify) => {
    expect(measureClock(time, during, 'b', verify)).toBeNull()
  })
})

describe('of two measures of one boot', () => {
  const known = { boot: 'b', offsetMs: 100, errorMs: 10 }
  test.each([
    ['the surer one is kept', { offsetMs: 104, errorMs: 5 }, { offsetMs: 104, errorMs: 5 }, false],
    ['a less sure one is not', { offsetMs: 104, errorMs: 20 }, { offsetMs: 100, errorMs: 10 }, false],
    [
      'the newer one holds when both cannot be true',
      { offsetMs: 500, errorMs: 50 },
      { offsetMs: 500, errorMs: 50 },
      true,
    ],
  ])('%s', (_, fresh, kept, stepped) => {
    const merged = withMeasure([known], { boot: 'b', ...fresh })
    expect(merged).toEqual({ measures: [{ boot: 'b', ...kept }], stepped })
  })
})

test('only the latest boots are remembered', () => {
  let measures = withMeasure([], { boot: 'b0', offsetMs: 0, errorMs: 1 }).measures
  for (let n = 1; n <= 12; n++)
    measures = withMeasure(measures, { boot: `b${n}`, offsetMs: 0, errorMs: 1 }).measures
  expect(measures.map((m) => m.boot)).toEqual(Array.from({ length: 10 }, (_, n) => `b${n + 3}`))
})
