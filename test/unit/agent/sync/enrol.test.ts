import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { serverKeyBelief } from '../../../../agent/sync/enrol.ts'
import { publicKeyOf, signWith } from '../../../../server/crypto.ts'

const makeKey = () => generateKeyPairSync('ed25519').privateKey
const [organisation, otherOrganisation] = [makeKey(), makeKey()]
const here = 'https://cutoff.example.com/'
const known = {
  server: here,
  device: 'd',
  serverKey: 'first',
  serverKeySince: 100,
  organisationKey: publicKeyOf(organisation),
  sessionKey: 's',
  enrolledAt: 0,
}

function answer(serverKey: string, since: number, by = organisation, vouchedBy = by) {
  const text = JSON.stringify({ serverKey, since })
  const serverKeyProof = { text, signature: signWith(vouchedBy)(text), key: publicKeyOf(vouchedBy) }
  return { serverKey, serverKeyProof, organisationKey: publicKeyOf(by) }
}

test.each([
  ['the first one of all, as it comes', null, answer('any', 7), here, 7],
  ['the same again', known, answer('first', 100), here, 100],
  ['a newer one', known, answer('second', 101), here, 101],
  ['a former one', known, answer('second', 99), here, null],
  ['one of the same moment', known, answer('second', 100), here, null],
  ['one that somebody else vouches for', known, answer('second', 101, organisation, makeKey()), here, null],
  [
    'an older one of another server of the organisation',
    known,
    answer('second', 7),
    'https://b.example.com/',
    7,
  ],
  ['an older one of another organisation', known, answer('second', 7, otherOrganisation), here, 7],
  [
    'one of another organisation that it does not vouch for',
    known,
    answer('second', 101, otherOrganisation, organisation),
    here,
    null,
  ],
])('%s', (_, before, told, server, since) => {
  expect(serverKeyBelief(before, told, server)).toBe(since)
})
