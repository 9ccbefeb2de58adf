import { describe, expect, test } from 'vitest'
import { readRetryAfter, regularDelayMs, retryDelayMs } from '../../../../agent/sync/backoff.ts'

const limits = { firstMs: 5000, mostMs: 60_000 }

describe('the next try', () => {
  test.each([
    ['comes within the first bound after one failure', 1, 1, 5000],
    ['within twice that after two', 2, 1, 10_000],
    ['within half of that when chance says half', 2, 0.5, 5000],
    ['never later than the last bound', 40, 1, 60_000],
    ['never at once', 1, 0, 1000],
  ])('%s', (_, failures, random, expected) => {
    expect(retryDelayMs(failures, limits, null, () => random)).toBe(expected)
  })

  test.each([
    ['is not before the server’s word', 0, 30_000],
    ['is spread after it', 1, 45_000],
  ])('%s', (_, random, expected) => {
    expect(retryDelayMs(1, limits, 30_000, () => random)).toBe(expected)
  })
})

test('regular check-ins are spread around their interval', () => {
  expect(regularDelayMs(900, () => 0)).toBe(810_000)
  expect(regularDelayMs(900, () => 1)).toBe(990_000)
})

const now = Date.UTC(2026, 10, 22)
test.each([
  ['120', 120_000],
  [new Date(now + 60_000).toUTCString(), 60_000],
  [new Date(now - 60_000).toUTCString(), 0],
  ['999999999', 86_400_000],
  ['soon', null],
  [undefined, null],
])('Retry-After %s is %s', (value, expected) => {
  expect(readRetryAfter(value, now)).toBe(expected)
})
