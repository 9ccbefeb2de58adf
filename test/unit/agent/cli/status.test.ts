import { expect, test } from 'vitest'
import { clockText } from '../../../../agent/cli/status.ts'
import type { ClockState } from '../../../../agent/clock-segments.ts'

const clock: ClockState = { boot: 'b', number: 0, from: 0, aheadMs: 0, sinceBootMs: 0, past: [] }
const set = { ...clock, number: 2 }
const measured = (offsetMs: number, boot = 'b') => [
  { boot: 'a', offsetMs: 86_400_000, errorMs: 5 },
  { boot, offsetMs, errorMs: 5 },
]

test.each([
  ['not known yet', null, measured(0), null],
  ['never compared', clock, [], 'not compared with the server’s since the machine was started'],
  ['compared before it was set', set, measured(0), 'not compared with the server’s since it was set'],
  ['the same', clock, measured(-999), 'as the server’s'],
  ['a little behind', clock, measured(1000), '1 s behind the server’s'],
  ['ahead', clock, measured(-90_000), '1 min 30 s ahead of the server’s'],
  ['minutes ahead', clock, measured(-600_000), '10 min ahead of the server’s'],
  ['a day behind', set, measured(86_400_000, 'b#2'), '1 day behind the server’s'],
])('a clock that is %s is said to be so', (_, state, measures, expected) => {
  expect(clockText(state, measures, 'en')).toBe(expected)
})
