// A stored finding and one judged from new marks alone, made one.
import { describe, expect, test } from 'vitest'
import type { DeviceFinding } from '#shared/judge.ts'
import { mergeVerdicts, verdictOf } from '../../../../server/judging/merge.ts'
import { toStored } from '../../../../server/judging/verdict.ts'

const standing = { state: 'used', running: true, usedBeforeCutoff: true } as const
const present: DeviceFinding = {
  device: 'd',
  account: 'alice',
  tool: 'claude-code',
  rule: 'r',
  status: 'present',
  reasons: ['installed-before-cutoff'],
  row: null,
  marks: [],
  since: null,
  cutoff: 0,
  notice: 0,
  state: 'used',
  running: true,
  usedBeforeCutoff: true,
  policyVersion: 2,
  catalogue: 'c',
  coverage: null,
  wouldChange: [],
  missing: [],
}

function byMark(
  status: 'violation' | 'suspected',
  at: number,
  reason: DeviceFinding['reasons'][number],
  rule = 'r',
): DeviceFinding {
  const row = status === 'violation' ? 10 : 9
  const verdict = { verdict: status, row, reason, policyVersion: 1, rule, waiver: null }
  const mark: DeviceFinding['marks'][number] = {
    kind: 'session',
    at,
    uncertaintyMs: 1,
    basis: 'witnessed',
    strength: 'proven',
    session: null,
    doubts: [],
    withoutRecord: false,
    signal: 's',
    ...verdict,
  }
  return {
    ...present,
    status,
    row,
    rule,
    reasons: [reason],
    since: at,
    marks: [mark],
    policyVersion: 1,
    wouldChange: ['waiver'],
  }
}

const stored = (finding: DeviceFinding) => toStored('id', verdictOf(finding), null, 0).row

test('with nothing stored the new one is the finding', () => {
  expect(mergeVerdicts(null, present, standing)).toEqual(verdictOf(present))
  expect(mergeVerdicts(null, null, standing)).toBeNull()
})

test('what no mark gave is replaced by how the tool stands now', () => {
  expect(mergeVerdicts(stored(present), null, standing)).toBeNull()
  const leftover: DeviceFinding = { ...present, status: 'leftover', state: 'leftover' }
  expect(mergeVerdicts(stored(present), leftover, standing)).toMatchObject({ status: 'leftover' })
})

describe('what marks gave', () => {
  const suspected = stored(byMark('suspected', 1000, 'found-not-witnessed'))

  test('outlives how the tool stands, and takes its state over', () => {
    const merged = mergeVerdicts(suspected, present, { ...standing, state: 'leftover', running: false })
    expect(merged).toMatchObject({
      status: 'suspected',
      since: 1000,
      state: 'leftover',
      running: false,
      policyVersion: 1,
    })
    expect(mergeVerdicts(suspected, null, standing)).toMatchObject({ status: 'suspected' })
  })

  test('gives way to worse, with the newest mark of both', () => {
    const merged = mergeVerdicts(suspected, byMark('violation', 500, 'used-after-cutoff'), standing)
    expect(merged).toMatchObject({
      status: 'violation',
      row: 10,
      since: 500,
      reasons: ['used-after-cutoff'],
      lastMarkAt: 1000,
    })
  })

  test('stays before what is less', () => {
    const violation = stored(byMark('violation', 1000, 'used-after-cutoff'))
    const merged = mergeVerdicts(violation, byMark('suspected', 2000, 'found-not-witnessed'), standing)
    expect(merged).toMatchObject({
      status: 'violation',
      since: 1000,
      lastMarkAt: 2000,
      reasons: ['used-after-cutoff'],
    })
  })

  test.each([
    [
      'an earlier one decides the rule',
      500,
      { since: 500, rule: 'other', reasons: ['weak-evidence', 'found-not-witnessed'] },
    ],
    [
      'a later one adds its reason',
      2000,
      { since: 1000, rule: 'r', reasons: ['found-not-witnessed', 'weak-evidence'] },
    ],
  ])('joins its equal: %s', (_, at, expected) => {
    const merged = mergeVerdicts(suspected, byMark('suspected', at, 'weak-evidence', 'other'), standing)
    expect(merged).toMatchObject({ status: 'suspected', lastMarkAt: Math.max(at, 1000), ...expected })
  })
})
