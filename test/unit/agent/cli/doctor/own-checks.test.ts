import { describe, expect, test } from 'vitest'
import {
  agentCheck,
  freeSpaceCheck,
  settingsCheck,
  stateFolderCheck,
} from '../../../../../agent/cli/doctor/own-checks.ts'
import type { Standing } from '../../../../../agent/cli/doctor/standing.ts'
import { emptyMemory } from '../../../../../agent/memory.ts'

const standing: Standing = {
  from: 'state',
  fault: null,
  enrolment: null,
  daemon: null,
  sync: null,
  waiting: 0,
  policy: null,
  memory: emptyMemory(),
  state: null,
  close: () => {},
}
const root = { uid: 0, root: true }
const ann = { uid: 1000, root: false }
const folder = (owner: number, mode: number | null) => ({ ok: true, isFolder: true, owner, mode }) as const

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
])('with %s bytes free: %s', (bytes, result) => expect(freeSpaceCheck('/s', bytes).result).toBe(result))

test.each([
  ['none', null, true, 'fail'],
  ['one that is gone', { pid: 1, startedAt: 0, lastScanAt: null }, false, 'fail'],
  ['one that runs', { pid: 1, startedAt: 0, lastScanAt: 5 }, true, 'ok'],
])('of daemons, %s', (_, daemon, alive, result) => {
  expect(agentCheck({ ...standing, daemon }, 10, () => alive).result).toBe(result)
})

test('a settings file that a person may not read is a fault for root alone', () => {
  const faults = [{ code: 'source-unreadable', message: 'EACCES' }]
  expect(settingsCheck(faults, false).result).toBe('ok')
  expect(settingsCheck(faults, true).result).toBe('fail')
})
