// Marks on a line of time: everything given is on it, uncertainty included.
import { describe, expect, test } from 'vitest'
import { placeMark, shareOf, spanOf, ticksOf } from '../../../../../server/web/view/mark-scale.ts'

const day = 86_400_000

describe('the span', () => {
  test('of nothing is none', () => {
    expect(spanOf([])).toBeNull()
  })

  test('of one exact instant is an hour around it', () => {
    expect(spanOf([{ at: day, uncertaintyMs: 0 }])).toEqual({ from: day - 1_800_000, until: day + 1_800_000 })
  })

  test('holds every instant with its uncertainty', () => {
    const span = spanOf([
      { at: 10 * day, uncertaintyMs: day },
      { at: 20 * day, uncertaintyMs: 0 },
    ])
    expect(span?.from).toBeLessThan(9 * day)
    expect(span?.until).toBeGreaterThan(20 * day)
  })
})

test('a mark lies in the middle of its uncertainty', () => {
  const span = { from: 0, until: 100 }
  expect(placeMark({ at: 50, uncertaintyMs: 10 }, span)).toEqual({ at: 0.5, from: 0.4, until: 0.6 })
  expect(placeMark({ at: 95, uncertaintyMs: 10 }, span).until).toBe(1)
  expect(shareOf(-5, span)).toBe(0)
})

describe('ticks', () => {
  test.each([1, 2, 3, 7, 20, 100, 1000])('of %i days are few, even and on the line', (days) => {
    const span = { from: 1000, until: 1000 + days * day }
    const ticks = ticksOf(span, 6)
    expect(ticks.length).toBeGreaterThan(0)
    expect(ticks.length).toBeLessThanOrEqual(7)
    expect(ticks.every((tick) => tick >= span.from && tick <= span.until)).toBe(true)
  })

  test('of days lie at midnight of the viewer', () => {
    const offset = 8 * 3_600_000
    const [first] = ticksOf({ from: 0, until: 5 * day }, 6, offset)
    expect(((first ?? 1) + offset) % day).toBe(0)
  })
})
