import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../agent/settings.ts'

const ann = { root: false, home: '/home/ann', windows: false }
const root = { root: true, home: '/root', windows: false }

describe('the state lies', () => {
  test.each([
    ['where it was said', { CUTOFF_STATE: '/x' }, ann, '/x'],
    ['with the machine for root', {}, root, '/var/lib/cutoff'],
    ['in the account’s own place for anyone else', {}, ann, '/home/ann/.local/state/cutoff'],
    ['where the desktop’s convention says', { XDG_STATE_HOME: '/s' }, ann, '/s/cutoff'],
    ['in ProgramData on Windows', { ProgramData: 'C:\\PD' }, { ...root, windows: true }, 'C:\\PD\\Cutoff'],
  ])('%s', (_, env, runner, folder) => {
    expect(readSettings(env, runner)).toMatchObject({ ok: true, settings: { CUTOFF_STATE: folder } })
  })
})

test.each([
  ['of the machine', {}, '/var/lib/cutoff-accounts'],
  ['beside a state that was placed', { CUTOFF_STATE: '/x' }, '/x-accounts'],
  ['where it was said', { CUTOFF_STATE: '/x', CUTOFF_ACCOUNTS: '/y' }, '/y'],
])('the accounts’ copies lie %s', (_, env, folder) => {
  expect(readSettings(env, ann)).toMatchObject({ settings: { CUTOFF_ACCOUNTS: folder } })
})

test('an empty variable counts as not set', () => {
  expect(readSettings({ CUTOFF_SCAN_SECONDS: '' }, ann)).toMatchObject({
    settings: { CUTOFF_SCAN_SECONDS: 3600 },
  })
})

test('a wrong value is named', () => {
  expect(readSettings({ CUTOFF_SCAN_SECONDS: '5', CUTOFF_SERVER: 'here' }, ann)).toEqual({
    ok: false,
    problems: ['CUTOFF_SERVER: Invalid URL', 'CUTOFF_SCAN_SECONDS: Too small: expected number to be >=60'],
  })
})
