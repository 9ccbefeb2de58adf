import { describe, expect, test } from 'vitest'
import { followRuns, isRecordless, type Run, type RunLook } from '../../../agent/runs.ts'
import { detectedIn, hour, minute, noon, packageSeen, processSeen } from '../../helpers/observations.ts'

const look: RunLook = { at: noon, awakeMs: 5 * hour, lastAt: noon - minute, startsFit: true }
const run: Run = {
  tool: 'claude-code',
  account: 'ann',
  seenSince: noon,
  seenAwakeMs: 5 * hour,
  recordsFrom: noon - minute,
}

/** The next look, after time awake and time asleep. */
function later(before: RunLook, awakeMs: number, asleepMs = 0): RunLook {
  return {
    ...before,
    at: before.at + awakeMs + asleepMs,
    awakeMs: before.awakeMs + awakeMs,
    lastAt: before.at,
  }
}

test('a run goes on from look to look, and ends when it is not seen', () => {
  const seen = detectedIn([processSeen({ startedAt: noon - minute })])
  const first = followRuns(new Map(), seen, look)
  expect([...first.values()]).toEqual([run])
  const second = followRuns(first, seen, later(look, minute))
  expect([...second.values()]).toEqual([run])
  expect(followRuns(second, detectedIn([packageSeen()]), later(look, 2 * minute)).size).toBe(0)
})

test('a run whose start cannot be told had no records before the look at which it was not there yet', () => {
  const seen = detectedIn([processSeen({ startedAt: noon - hour })])
  const [first] = followRuns(new Map(), seen, { ...look, startsFit: false }).values()
  expect(first?.recordsFrom).toBe(look.lastAt)
})

test('a run of which there was no look before says nothing', () => {
  const seen = detectedIn([processSeen({ startedAt: noon - hour })])
  const [first] = followRuns(new Map(), seen, { ...look, startsFit: false, lastAt: null }).values()
  expect(first).toMatchObject({ recordsFrom: null })
  expect(first && isRecordless(first, null, later(look, hour))).toBe(false)
})

describe('a run is without a record when', () => {
  test.each([
    ['it lasted longer than 10 minutes and nothing was ever recorded', 10 * minute + 1, 0, null, true],
    ['not yet after 10 minutes', 10 * minute, 0, null, false],
    ['not when the machine slept for most of it', 10 * minute, 8 * hour, null, false],
    ['it lasted longer than 10 minutes apart from sleep', 10 * minute + 1, 8 * hour, null, true],
    ['what was recorded is older than the run', 11 * minute, 0, noon - minute - 1, true],
    ['not when something was recorded since it was started', 11 * minute, 0, noon - minute, false],
    ['not when something was recorded while it was watched', 11 * minute, 0, noon + minute, false],
  ])('%s', (_, awakeMs, asleepMs, recordedAt, expected) => {
    expect(isRecordless(run, recordedAt, later(look, awakeMs, asleepMs))).toBe(expected)
  })
})
