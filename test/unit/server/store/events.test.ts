// How events are told: a code with its values.
import { expect, test } from 'vitest'
import { summaryOf } from '../../../../server/store/events.ts'

test.each([
  ['a code alone', summaryOf('revoked'), 'revoked'],
  ['values by name', summaryOf('missing-records', { from: 5, to: 7 }), 'missing-records from=5 to=7'],
  [
    'what is not known is left out',
    summaryOf('coverage', { state: 'attested', from: null }),
    'coverage state=attested',
  ],
  ['no value can look like two', summaryOf('x', { place: '~/a b=c\n' }), 'x place=~%2Fa%20b%3Dc%0A'],
])('%s', (_, summary, expected) => {
  expect(summary).toBe(expected)
})
