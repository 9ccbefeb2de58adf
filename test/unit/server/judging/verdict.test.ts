// From a finding as judged to the row that is stored: what is news, and when a closed one opens again.
import { describe, expect, test } from 'vitest'
import { FindingStatus } from '#shared/finding.ts'
import type { DeviceFinding } from '#shared/judge.ts'
import { verdictOf } from '../../../../server/judging/merge.ts'
import { lastMarkAt, severityOf, toStored } from '../../../../server/judging/verdict.ts'

const mark: DeviceFinding['marks'][number] = {
  kind: 'session',
  at: 5000,
  uncertaintyMs: 1,
  basis: 'witnessed',
  strength: 'proven',
  session: null,
  doubts: [],
  withoutRecord: false,
  signal: 'trace:x',
  verdict: 'violation',
  row: 10,
  reason: 'used-after-cutoff',
  policyVersion: 1,
  rule: 'r',
  waiver: null,
}
const finding: DeviceFinding = {
  device: 'd',
  account: 'alice',
  tool: 'claude-code',
  rule: 'r',
  status: 'violation',
  reasons: ['used-after-cutoff'],
  row: 10,
  marks: [mark],
  since: 5000,
  cutoff: 0,
  notice: 0,
  state: 'used',
  running: false,
  usedBeforeCutoff: false,
  policyVersion: 1,
  catalogue: 'c',
  coverage: null,
  wouldChange: ['waiver'],
  missing: [],
}

test('statuses are ordered from violation down to review', () => {
  const severities = FindingStatus.options.map(severityOf)
  expect(severities).toEqual(severities.toSorted((a, b) => b - a))
  expect(severityOf('violation')).toBe(8)
})

test('a new finding is news', () => {
  const change = toStored('id', verdictOf(finding), null, 9000)
  expect(change).toMatchObject({ changed: true, news: { from: null }, reopened: false })
  expect(change.row).toMatchObject({ id: 'id', lifecycle: 'open', last_mark_at: 5000, changed_at: 9000 })
})

test('the same verdict again is neither a change nor news, and moves no date', () => {
  const { row } = toStored('id', verdictOf(finding), null, 9000)
  const again = toStored('id', verdictOf(finding), row, 99_000)
  expect(again).toMatchObject({ changed: false, news: null })
  expect(again.row.changed_at).toBe(9000)
})

test('another row of the table with the same status is a change, but no news', () => {
  const { row } = toStored('id', verdictOf(finding), null, 9000)
  expect(toStored('id', verdictOf({ ...finding, since: 4000 }), row, 9500)).toMatchObject({
    changed: true,
    news: null,
  })
})

test('marks that mean nothing do not count as the last', () => {
  expect(lastMarkAt({ ...finding, marks: [mark, { ...mark, at: 9000, verdict: 'nothing' }] })).toBe(5000)
  expect(lastMarkAt({ ...finding, marks: [] })).toBeNull()
})

describe('a closed finding', () => {
  const closed = {
    ...toStored('id', verdictOf(finding), null, 9000).row,
    lifecycle: 'closed' as const,
    closed_mark_at: 5000,
  }

  test('stays closed under the same marks', () => {
    expect(toStored('id', verdictOf(finding), closed, 10_000)).toMatchObject({
      reopened: false,
      row: { lifecycle: 'closed' },
    })
  })

  test('opens again with a new mark', () => {
    const used = { ...finding, marks: [mark, { ...mark, at: 6000 }] }
    expect(toStored('id', verdictOf(used), closed, 10_000)).toMatchObject({
      reopened: true,
      row: { lifecycle: 'open', closed_mark_at: null },
    })
  })

  test('is acknowledged only by people: a new mark leaves an acknowledged one as it is', () => {
    const acknowledged = { ...closed, lifecycle: 'acknowledged' as const, closed_mark_at: null }
    const used = { ...finding, marks: [mark, { ...mark, at: 6000 }] }
    expect(toStored('id', verdictOf(used), acknowledged, 10_000).row.lifecycle).toBe('acknowledged')
  })
})
