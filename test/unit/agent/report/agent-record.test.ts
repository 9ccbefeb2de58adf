import { expect, test } from 'vitest'
import { agentRecord } from '../../../../agent/report/agent-record.ts'

const day = Date.UTC(2026, 10, 22)

test.each([
  ['at its beginning', day],
  ['at noon', day + 12 * 3_600_000],
  ['at its last moment', day + 86_399_999],
])('what happened on a day is told as of that day, %s too', (_, now) => {
  expect(agentRecord('started', null, now)).toEqual({
    type: 'agent',
    event: 'started',
    detail: null,
    at: day,
  })
})

test('a long detail is cut to what the protocol takes', () => {
  expect(agentRecord('new-epoch', 'x'.repeat(400), day).detail).toHaveLength(300)
})
