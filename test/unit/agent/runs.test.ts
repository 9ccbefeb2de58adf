import { describe, expect, test } from 'vitest'
import { followRuns, isRecordless, type Run } from '../../../agent/runs.ts'
import { detectedIn, minute, noon, packageSeen, processSeen } from '../../helpers/observations.ts'

const run: Run = { tool: 'claude-code', account: 'ann', seenSince: noon, startedAt: noon - minute }

test('a run goes on from look to look, and ends when it is not seen', () => {
  const first = followRuns(new Map(), detectedIn([processSeen({ startedAt: noon - minute })]), noon)
  expect([...first.values()]).toEqual([run])
  const second = followRuns(first, detectedIn([processSeen({ startedAt: noon - minute })]), noon + minute)
  expect([...second.values()]).toEqual([run])
  expect(followRuns(second, detectedIn([packageSeen()]), noon + 2 * minute).size).toBe(0)
})

describe('a run is without a record when', () => {
  test.each([
    ['it lasted longer than 10 minutes and nothing was ever recorded', 10 * minute + 1, null, true],
    ['not yet after 10 minutes', 10 * minute, null, false],
    ['what was recorded is older than the run', 11 * minute, noon - minute - 1, true],
    ['not when something was recorded since it was started', 11 * minute, noon - minute, false],
    ['not when something was recorded while it was watched', 11 * minute, noon + minute, false],
  ])('%s', (_, lasted, recordedAt, expected) => {
    expect(isRecordless(run, recordedAt, noon + lasted)).toBe(expected)
  })
})
