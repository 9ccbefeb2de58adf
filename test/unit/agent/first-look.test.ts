import { expect, test } from 'vitest'
import { firstLookInMs } from '../../../agent/first-look.ts'

const hour = 3_600_000
const installed = Date.UTC(2026, 10, 22)

test.each([
  ['at once where nobody asks for more', 0, 0, 0],
  ['after the whole span', 0, 24, 24 * hour],
  ['after what is left of it, over a restart', 20 * hour, 24, 4 * hour],
  ['at once when it is over', 24 * hour, 24, 0],
  ['at once when the clock was set back: not put off for ever', -1, 24, 0],
])('the first look comes %s', (_, sinceMs, hours, waitMs) => {
  expect(firstLookInMs(installed, installed + sinceMs, hours)).toBe(waitMs)
})
