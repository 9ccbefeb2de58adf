import { expect, test } from 'vitest'
import { takePolicy } from '../../../../agent/sync/policy.ts'
import { policyFrom } from '../../../helpers/report-context.ts'
import { noon } from '../../../helpers/observations.ts'

const policy = policyFrom(noon, { version: 5 })
const terms = { organisationKey: 'org', verify: () => true, current: 4, isGivenBack: false, now: noon }
const signed = (value: unknown, key = 'org') => ({ text: JSON.stringify(value), signature: 's', key })
const many = Object.fromEntries(
  Array.from({ length: 6000 }, (_, n) => [`tool-${n}`, policy.windows['claude-code']]),
)

test.each([
  ['taken when the organisation signed it', policy, {}, 'taken'],
  ['taken when its version is the same', { ...policy, version: 4 }, {}, 'taken'],
  ['taken as the first one', { ...policy, version: 1 }, { current: null }, 'taken'],
  ['refused when its version is lower', { ...policy, version: 3 }, {}, 'older'],
  ['refused when it has expired', { ...policy, expiresAt: noon }, {}, 'expired'],
  ['refused when another key signed it', policy, { organisationKey: 'other' }, 'other-key'],
  ['refused when the signature is wrong', policy, { verify: () => false }, 'bad-signature'],
  ['refused when the agent went back from it', policy, { isGivenBack: true }, 'given-back'],
  ['refused when it says more than a policy can', { ...policy, run: 'rm' }, {}, 'unreadable'],
  ['refused when it is no policy', 'hello', {}, 'unreadable'],
  ['refused when it is too long', { ...policy, organisation: 'x'.repeat(2_000_000) }, {}, 'too-large'],
  ['refused when it has too many windows', { ...policy, windows: many }, {}, 'too-large'],
])('a policy is %s', (_, value, change, expected) => {
  const taken = takePolicy(signed(value), { ...terms, ...change })
  expect(taken.ok ? 'taken' : taken.why).toBe(expected)
  expect(taken.ok ? taken.policy : value).toEqual(value)
})
