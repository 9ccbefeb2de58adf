import { describe, expect, test } from 'vitest'
import {
  agentCheck,
  enrolmentCheck,
  freeSpaceCheck,
  settingsCheck,
  spoolCheck,
  stateFolderCheck,
} from '../../../../../agent/cli/doctor/own-checks.ts'
import { checkInCheck, policyCheck } from '../../../../../agent/cli/doctor/policy-checks.ts'
import type { Standing } from '../../../../../agent/cli/doctor/standing.ts'
import { readSettings } from '../../../../../agent/settings.ts'
import { emptyMemory } from '../../../../../agent/memory.ts'

const standing: Standing = {
  from: 'state',
  fault: null,
  enrolment: null,
  daemon: null,
  sync: null,
  waiting: 0,
  givenUp: 0,
  policy: null,
  memory: emptyMemory(),
  state: null,
  close: () => {},
}
const root = { uid: 0, root: true, language: 'en' } as const
const ann = { uid: 1000, root: false, language: 'en' } as const
const folder = (owner: number, mode: number | null) => ({ ok: true, isFolder: true, owner, mode }) as const

describe('the spool', () => {
  const given = (givenUp: number): Standing => ({ ...standing, waiting: 7, givenUp })
  const mb = 2 ** 20
  test.each([
    ['with room', given(0), 12 * mb, 'ok', 'Waiting for the server: 7 records; the state takes 12 MB of 64.'],
    ['that was full', given(412), 40 * mb, 'warn', '412 records were given up'],
    ['over its cap', given(412), 65 * mb, 'fail', 'All that may be given up was.'],
    [
      'of which only a copy is known',
      { ...standing, from: 'copy', waiting: 7 },
      null,
      'ok',
      'Waiting for the server: 7 records.',
    ],
  ] as const)('%s', (_, known, bytes, result, says) => {
    const check = spoolCheck(known, bytes, 64, 'en')
    expect(check.result).toBe(result)
    expect(check.says).toContain(says)
  })
})

describe('the state folder', () => {
  test.each([
    ['of root, closed', folder(0, 0o700), root, standing, 'ok'],
    ['where rights are kept in another way', folder(0, null), root, standing, 'ok'],
    ['that a group may enter', folder(0, 0o750), root, standing, 'fail'],
    ['of somebody else, seen by root', folder(1000, 0o700), root, standing, 'warn'],
    ['of somebody else, seen by a person', folder(0, 0o700), ann, standing, 'fail'],
    ['that is a file', { ...folder(0, 0o700), isFolder: false }, root, standing, 'fail'],
    ['that may not be looked at', { ok: false, code: 'EACCES' }, ann, standing, 'fail'],
    ['of which there is a copy', { ok: false, code: 'ENOENT' }, ann, { ...standing, from: 'copy' }, 'ok'],
    [
      'with a damaged identity',
      folder(0, 0o700),
      root,
      { ...standing, from: 'nothing', fault: { code: 'identity-broken', message: 'Both copies.' } },
      'fail',
    ],
  ] as const)('%s: %$', (_, look, runner, stands, result) => {
    expect(stateFolderCheck('/s', look, stands, runner).result).toBe(result)
  })
})

test.each([
  [null, 'warn'],
  [10 * 2 ** 20, 'fail'],
  [100 * 2 ** 20, 'warn'],
  [2 ** 40, 'ok'],
])('with %s bytes free: %s', (bytes, result) => expect(freeSpaceCheck('/s', bytes, 'en').result).toBe(result))

test.each([
  ['none', null, true, 'fail'],
  ['one that is gone', { pid: 1, startedAt: 0, lastScanAt: null }, false, 'fail'],
  ['one that runs', { pid: 1, startedAt: 0, lastScanAt: 5 }, true, 'ok'],
])('of daemons, %s', (_, daemon, alive, result) => {
  expect(agentCheck({ ...standing, daemon }, 10, () => alive, 'en').result).toBe(result)
})

test('a settings file that a person may not read is a fault for root alone', () => {
  const faults = [{ code: 'source-unreadable', message: 'EACCES' }]
  expect(settingsCheck(faults, false, 'en').result).toBe('ok')
  expect(settingsCheck(faults, true, 'en').result).toBe('fail')
})

describe('an enrolment', () => {
  const { settings } = readSettings({ env: {}, runner: { root: true, home: '/root', windows: false } })
  const set = { ...settings, server: 'https://x.example', tokenFile: '/t', organisationKey: 'ab'.repeat(32) }
  const enrolled = { ...standing, enrolment: { server: 'https://x.example/', device: 'd1' } }
  const file = (mode: number) => ({ ...folder(0, mode), isFolder: false })
  test.each([
    ['that was made', enrolled, settings, null, 'ok', 'This device is d1'],
    ['at the server that is set', enrolled, set, null, 'ok', 'This device is d1'],
    [
      'at another server',
      enrolled,
      { ...set, server: 'https://y.example' },
      null,
      'warn',
      'The settings name',
    ],
    [
      'for which nothing is set',
      standing,
      settings,
      null,
      'fail',
      'Not set: `server`, `tokenFile`, `organisationKey`',
    ],
    [
      'whose token is not there',
      standing,
      set,
      { ok: false, code: 'ENOENT' },
      'fail',
      '/t cannot be read (ENOENT)',
    ],
    ['whose token others can read', standing, set, file(0o644), 'fail', 'can be read by others'],
    ['that fails for another reason', standing, set, file(0o600), 'fail', 'This device is not enrolled'],
  ] as const)('%s', (_, stands, chosen, token, result, says) => {
    const check = enrolmentCheck(stands, chosen, token, 'en')
    expect(check.result).toBe(result)
    expect(check.says).toContain(says)
  })
})

test('what a state holds that may not be opened is not known, rather than missing', () => {
  const denied = { ...standing, from: 'nothing', fault: { code: 'state-denied', message: 'x' } } as const
  const { settings } = readSettings({ env: {}, runner: { root: false, home: '/home/ann', windows: false } })
  const checks = [
    agentCheck(denied, 0, () => true, 'en'),
    enrolmentCheck(denied, settings, null, 'en'),
    policyCheck(denied, 0, 'en'),
    checkInCheck(denied, 0, 'en'),
  ]
  for (const { result, says } of checks) {
    expect(result).toBe('warn')
    expect(says).toBe('It is not known here: the state cannot be opened (state-denied).')
  }
})
