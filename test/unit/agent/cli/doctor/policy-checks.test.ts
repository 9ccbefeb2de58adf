import { describe, expect, test } from 'vitest'
import { generateKeyPairSync, sign } from 'node:crypto'
import { checkInCheck, policyCheck } from '../../../../../agent/cli/doctor/policy-checks.ts'
import type { Standing } from '../../../../../agent/cli/doctor/standing.ts'
import { emptyMemory } from '../../../../../agent/memory.ts'
import type { DevicePolicy } from '../../../../../shared/protocol.ts'

const now = Date.UTC(2026, 10, 23)
const day = 86_400_000
const keys = generateKeyPairSync('ed25519')
const organisationKey = keys.publicKey
  .export({ type: 'spki', format: 'der' })
  .subarray(-32)
  .toString('base64url')

function signed(change: Partial<DevicePolicy> = {}) {
  const policy: DevicePolicy = {
    version: 3,
    organisation: 'Example Ltd',
    activatedAt: now - 30 * day,
    expiresAt: now + 60 * day,
    rules: [],
    windows: {},
    collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
    checkInSeconds: 900,
    ...change,
  }
  const text = JSON.stringify(policy)
  return {
    text,
    signature: sign(null, Buffer.from(text), keys.privateKey).toString('base64url'),
    key: organisationKey,
  }
}

const standing: Standing = {
  from: 'state',
  fault: null,
  enrolment: { server: 'https://x.example/', device: 'd' },
  daemon: null,
  sync: null,
  givenUp: 0,
  waiting: 4,
  policy: { signed: signed(), organisationKey, givenBack: null },
  memory: emptyMemory(),
  state: null,
  close: () => {},
}

describe('a policy', () => {
  test.each([
    ['that holds', signed(), 'ok', 'Version 3 of Example Ltd, signed by its key'],
    [
      'that was changed',
      { ...signed(), text: signed({ version: 4 }).text },
      'fail',
      'not signed by the organisation’s key',
    ],
    ['of another key', { ...signed(), key: 'x' }, 'fail', 'not signed by the organisation’s key'],
    ['that has expired', signed({ expiresAt: now }), 'fail', 'it has expired'],
    ['that expires soon', signed({ expiresAt: now + day }), 'warn', 'it expires'],
  ])('%s', (_, policy, result, says) => {
    const known = { signed: policy, organisationKey, givenBack: '3-old' }
    const check = policyCheck({ ...standing, policy: known }, now, 'en')
    expect(check.result).toBe(result)
    expect(check.says).toContain(says)
  })

  test('under which the agent went back from a later one is told', () => {
    const policy = { signed: signed(), organisationKey, givenBack: '4-abc' }
    expect(policyCheck({ ...standing, policy }, now, 'en')).toMatchObject({
      result: 'warn',
      says: expect.stringContaining('Version 3 holds here'),
    })
  })

  test('that has not come is told', () => {
    expect(policyCheck({ ...standing, policy: null }, now, 'en').result).toBe('warn')
  })
})

describe('the last report', () => {
  const error = { at: now - 60_000, code: 'ECONNREFUSED', message: 'refused' }
  test.each([
    ['came in time', { lastAt: now - 900_000, lastError: null }, 'ok', '15 min ago. Waiting: 4 records.'],
    ['is late', { lastAt: now - 7_200_000, lastError: null }, 'warn', '2 h ago'],
    ['is a day old', { lastAt: now - 2 * day, lastError: null }, 'fail', '2 days ago'],
    [
      'was followed by a failure',
      { lastAt: now - 60_000, lastError: error },
      'warn',
      'refused [ECONNREFUSED]',
    ],
    ['never came', null, 'warn', 'No report was received yet.'],
  ])('%s', (_, sync, result, says) => {
    const check = checkInCheck({ ...standing, sync }, now, 'en')
    expect(check.result).toBe(result)
    expect(check.says).toContain(says)
  })
})
