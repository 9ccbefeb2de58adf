// Slowing down whoever guesses.
import { expect, test } from 'vitest'
import { RequestProblem } from '../../../server/errors.ts'
import { failureLimit } from '../../../server/failure-limit.ts'

test('an address is refused after too many failures in a minute, and no other', () => {
  let now = 0
  const limit = failureLimit(3, () => now)
  for (let i = 0; i < 3; i++) {
    limit.check('a')
    limit.failed('a')
  }
  now = 20_000
  expect(() => limit.check('a')).toThrow(RequestProblem)
  expect(() => limit.check('b')).not.toThrow()
})

test('says when to try again, and lets it try then', () => {
  let now = 0
  const limit = failureLimit(1, () => now)
  limit.failed('a')
  now = 20_000
  let problem: unknown
  try {
    limit.check('a')
  } catch (error) {
    problem = error
  }
  expect(problem).toMatchObject({ code: 'too-many-requests', extra: { retryAfterSeconds: 40 } })
  now = 60_000
  expect(() => limit.check('a')).not.toThrow()
})

test('remembers no more addresses than it has room for', () => {
  const limit = failureLimit(1, () => 0)
  for (let i = 0; i < 10_001; i++) limit.failed(`address ${i}`)
  expect(() => limit.check('address 0')).not.toThrow()
  expect(() => limit.check('address 10000')).toThrow(RequestProblem)
})
