import { expect, test } from 'vitest'
import { homesCheck, watchingCheck } from '../../../../../agent/cli/doctor/machine-checks.ts'

test.each([
  ['enough of all', 100, 8192, true, 'ok'],
  ['more than half of them needed', 5000, 8192, true, 'warn'],
  ['fewer than needed', 9000, 8192, true, 'fail'],
  ['none left', 100, 8192, false, 'fail'],
])('of watches, %s', (_, needed, watches, left, result) => {
  let closed = 0
  const trial = left
    ? ({ ok: true, close: () => closed++ } as const)
    : ({ ok: false, code: 'ENOSPC' } as const)
  const check = watchingCheck(needed, { watches, instances: 128 }, trial, { root: true, language: 'en' })
  expect(check.result).toBe(result)
  expect(check.advice?.includes('fs.inotify.max_user_watches') ?? false).toBe(result !== 'ok')
  expect(closed).toBe(left ? 1 : 0)
})

const account = (name: string, readable: boolean) => ({ name, uid: '1', home: `/home/${name}`, readable })
test.each([
  ['root sees all', [account('ann', true)], true, 'ok'],
  ['root is kept out of one', [account('ann', true), account('bob', false)], true, 'warn'],
  ['a person sees the own', [account('ann', true), account('bob', false)], false, 'ok'],
  ['a person is kept out of the own', [account('ann', false)], false, 'fail'],
])('of homes, %s', (_, accounts, root, result) => {
  expect(homesCheck(accounts, { root, account: 'ann', language: 'en' }).result).toBe(result)
})
