// The policy as devices get it.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Policy } from '#shared/policy.ts'
import { DevicePolicy } from '#shared/protocol.ts'
import type { ToolFacts } from '#shared/rules.ts'
import { publicKeyOf, readPublicKey, verifierOf } from '../../../../server/crypto.ts'
import { buildDevicePolicy, isStale, signDevicePolicy } from '../../../../server/policy/device-policy.ts'

const tools: ToolFacts[] = [
  { id: 'one', vendor: 'Example', vendorCountry: 'US', category: 'agent-cli' },
  { id: 'two', vendor: 'Example', vendorCountry: 'US', category: 'ide' },
  { id: 'three', vendor: 'Other', vendorCountry: 'CN', category: 'ide' },
]
const policy = Policy.parse({
  version: 3,
  organisation: 'Example Ltd',
  timezone: 'Asia/Shanghai',
  rules: [
    {
      id: 'no-example',
      tools: [{ vendor: 'Example' }],
      verdict: 'banned',
      from: '2026-07-10',
      announced: '2026-07-03',
      counts: 'started',
      notice: 'Please remove it.',
      instead: ['three'],
      scope: {
        groups: ['engineering'],
        except: { accounts: ['root'], groups: ['research'], devices: ['secret-device'] },
      },
    },
    { id: 'three-is-fine', tools: ['three'], verdict: 'approved' },
  ],
})
const activatedAt = Date.UTC(2026, 6, 4)
const built = buildDevicePolicy([{ activatedAt, policy }], tools, 900, activatedAt)

test('names the tools that selectors mean, and instants in place of dates', () => {
  expect(DevicePolicy.parse(built)).toMatchObject({
    version: 3,
    activatedAt,
    checkInSeconds: 900,
    rules: [
      {
        id: 'no-example',
        tools: ['one', 'two'],
        verdict: 'banned',
        from: Date.parse('2026-07-09T16:00:00Z'),
        announced: Date.parse('2026-07-02T16:00:00Z'),
        counts: 'started',
        notice: 'Please remove it.',
        instead: ['three'],
      },
      { id: 'three-is-fine', tools: ['three'], verdict: 'approved', from: null },
    ],
  })
})

test('says when marks of which kind may leave, for banned tools alone', () => {
  expect(Object.keys(built?.windows ?? {})).toEqual(['one', 'two'])
  expect(built?.windows['one']).toEqual([
    { from: Date.parse('2026-07-09T16:00:00Z'), until: null, kinds: ['session', 'attempt', 'run'] },
  ])
})

test('names nobody who is exempt', () => {
  expect(JSON.stringify(built)).not.toMatch(/root|research|engineering|secret-device/)
})

test('is nothing while no policy is in force', () => {
  expect(buildDevicePolicy([], tools, 900, 0)).toBeNull()
})

describe('once signed', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  if (built === null) throw new Error('no policy')
  const held = signDevicePolicy(built, privateKey)
  const day = 86_400_000

  test('verifies with the key that it names', () => {
    const key = readPublicKey(held.key)
    expect(held.key).toBe(publicKeyOf(privateKey))
    expect(key !== null && verifierOf(key)(held.text, held.signature)).toBe(true)
  })

  test('has a name of its version and content', () => {
    expect(held.name).toMatch(/^3-[\w-]{22}$/)
    expect(signDevicePolicy({ ...built, checkInSeconds: 60 }, privateKey).name).not.toBe(held.name)
  })

  test.each([
    ['is good while nothing has changed', built, activatedAt + day, false],
    ['is stale when it should say something else', { ...built, checkInSeconds: 60 }, activatedAt, true],
    ['is stale long before it expires', built, activatedAt + 201 * day, true],
  ])('%s', (_, wanted, now, expected) => {
    expect(isStale(held, wanted, now)).toBe(expected)
  })
})
