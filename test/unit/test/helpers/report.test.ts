// The counts at the end of `npm test` are those of the reports, and nothing that did not run counts as passed.
import { expect, test } from 'vitest'
import { addCounts, countReport } from '../../../helpers/report.ts'

function file(status: string, ...statuses: readonly string[]) {
  return {
    name: '/checkout/test/unit/a.test.ts',
    status,
    assertionResults: statuses.map((one, index) => ({ fullName: `does thing ${index}`, status: one })),
  }
}

test.each([
  ['passed, failed and skipped tests', [file('failed', 'passed', 'passed', 'failed', 'skipped')], [2, 1, 1]],
  ['tests to be written', [file('passed', 'todo', 'pending')], [0, 0, 2]],
  ['a file that does not load', [file('failed')], [0, 1, 0]],
  ['several files', [file('passed', 'passed'), file('passed', 'passed', 'skipped')], [2, 0, 1]],
  ['no file', [], [0, 0, 0]],
])('%s are counted', (_what, testResults, [passed, failed, skipped]) => {
  expect(countReport({ testResults }, '/checkout')).toMatchObject({ passed, failed, skipped })
})

test('failures and skipped tests are named with their file', () => {
  expect(countReport({ testResults: [file('failed', 'failed', 'skipped')] }, '/checkout').notes).toEqual([
    'failed: test/unit/a.test.ts: does thing 0',
    'skipped: test/unit/a.test.ts: 1',
  ])
})

test.each([undefined, null, {}, 'x'])('a report that is %j counts nothing', (report) => {
  expect(countReport(report, '/checkout')).toEqual({ passed: 0, failed: 0, skipped: 0, notes: [] })
})

test('counts add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3, notes: ['a'] }
  const other = { passed: 10, failed: 20, skipped: 30, notes: ['b'] }
  expect(addCounts(one, other)).toEqual({ passed: 11, failed: 22, skipped: 33, notes: ['a', 'b'] })
})
