// Which rules a device learns late while it still has the policy before.
import { expect, test } from 'vitest'
import type { DevicePolicy, Window } from '#shared/protocol.ts'
import { lateRules } from '../../../../server/policy/rollout-status.ts'
import { policyFrom } from '../../../helpers/report-context.ts'

const hour = 3_600_000
const [from, until] = [100 * hour, 102 * hour]
const window = (since: number, end: number | null = null, kinds: Window['kinds'] = ['session']): Window => ({
  from: since * hour,
  until: end === null ? null : end * hour,
  kinds,
})
const rule = (verdict: 'banned' | 'approved'): DevicePolicy['rules'][number] => ({
  id: `${verdict}-one`,
  tools: ['claude-code'],
  verdict,
  from: null,
  until: null,
  announced: null,
  counts: 'used',
  notice: null,
  instead: [],
})
const policyOf = (windows: readonly Window[]): DevicePolicy => ({
  ...policyFrom(0, { rules: [rule('banned'), { ...rule('approved'), tools: ['qoder'] }] }),
  windows: windows.length === 0 ? {} : { 'claude-code': [...windows] },
})

test.each<[string, readonly Window[], readonly Window[] | null, boolean]>([
  ['a ban that holds already and was not known', [window(50)], [], true],
  ['a ban that begins meanwhile', [window(101)], [], true],
  ['a ban that begins later', [window(102)], [], false],
  ['a ban that is over', [window(50, 100)], [], false],
  ['a ban that was known', [window(50)], [window(50)], false],
  ['a ban in two parts that was known as one', [window(50, 100), window(100)], [window(50)], false],
  ['a ban that the policy before ended meanwhile', [window(50)], [window(50, 101)], true],
  ['a ban that counts more than before', [window(50, null, ['session', 'run'])], [window(50)], true],
  ['a ban that counts less than before', [window(50)], [window(50, null, ['session', 'run'])], false],
  ['a ban that is lifted', [], [window(50)], false],
  ['a ban with nothing before', [window(50)], null, true],
])('%s', (_, next, before, isLate) => {
  const known = before === null ? null : policyOf(before)
  expect(lateRules(policyOf(next), known, from, until)).toEqual(isLate ? ['banned-one'] : [])
})
