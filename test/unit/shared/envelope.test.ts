// The envelope: whatever is changed, dropped or put elsewhere is named.
import { createHash, generateKeyPairSync, sign as signBytes, verify as verifyBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { firstHead, openEnvelope, sealEnvelope } from '#shared/envelope.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
const keys = generateKeyPairSync('ed25519')
const sign = (text: string) => signBytes(null, Buffer.from(text), keys.privateKey).toString('base64url')
const verify = (text: string, signature: string) =>
  verifyBytes(null, Buffer.from(text), keys.publicKey, Buffer.from(signature, 'base64url'))

const facts = {
  device: 'd1',
  epoch: 'e1',
  previousEpoch: null,
  counter: 1,
  from: 5,
  previousHead: firstHead('e1', hash),
  token: null,
  clock: null,
  policyVersion: null,
}
const records = ['one', 'two', 'three'].map((text, index) => ({ salt: `salt-${index}`, text }))
const sealed = () => sealEnvelope(facts, records, hash, sign)

test('what was sealed opens, with its range and head', () => {
  const { envelope, head, to } = sealed()
  expect(openEnvelope(envelope, hash, verify)).toMatchObject({
    ok: true,
    header: { from: 5, to: 7, head },
    records,
  })
  expect(to).toBe(7)
})

test('an envelope without records is a sign of life and leaves the head as it was', () => {
  const { envelope, head, to } = sealEnvelope(facts, [], hash, sign)
  expect(openEnvelope(envelope, hash, verify)).toMatchObject({ ok: true, header: { from: 5, to: 4 } })
  expect([head, to]).toEqual([facts.previousHead, 4])
})

test('a field that a newer agent adds to the header is passed over', () => {
  const { envelope } = sealed()
  const text = JSON.stringify({ ...(JSON.parse(envelope.header) as object), later: true })
  expect(openEnvelope({ ...envelope, header: text, signature: sign(text) }, hash, verify)).toMatchObject({
    ok: true,
    header: { from: 5, to: 7 },
  })
})

describe('what was tampered with', () => {
  const { envelope } = sealed()
  const header = JSON.parse(envelope.header) as Record<string, unknown>
  const resigned = (changes: object, rest: object = {}) => {
    const text = JSON.stringify({ ...header, ...changes })
    return { ...envelope, header: text, signature: sign(text), ...rest }
  }
  test.each([
    [
      'another header',
      { ...envelope, header: envelope.header.replace('"counter":1', '"counter":2') },
      'header-signature',
      null,
    ],
    [
      'another text',
      { ...envelope, records: records.with(1, { salt: 'salt-1', text: 'TWO' }) },
      'record-commitment',
      6,
    ],
    [
      'another salt',
      { ...envelope, records: records.with(2, { salt: 'salt-x', text: 'three' }) },
      'record-commitment',
      7,
    ],
    ['records in another order', { ...envelope, records: records.toReversed() }, 'record-commitment', 5],
    ['a record dropped', { ...envelope, records: records.slice(1) }, 'record-count', null],
    [
      'a record and its commitment dropped, signed again',
      resigned({ commitments: (header['commitments'] as string[]).slice(1) }, { records: records.slice(1) }),
      'sequence-range',
      null,
    ],
    ['another head, signed again', resigned({ head: 'x' }), 'chain-head', null],
    ['no header at all', { ...envelope, header: '[]', signature: sign('[]') }, 'header-unreadable', null],
    ['not JSON', { ...envelope, header: '{', signature: sign('{') }, 'header-unreadable', null],
  ])('%s', (_title, changed, fault, sequence) => {
    expect(openEnvelope(changed, hash, verify)).toEqual({ ok: false, fault, sequence })
  })
})
