import { expect, test } from 'vitest'
import { keyMark } from '#shared/protocol.ts'
import { fingerprintOf } from '../../../server/crypto.ts'
import { keyReach } from '../../../server/key-reach.ts'

const mark = (key: string) => keyMark(fingerprintOf(key))
const devices = Object.entries({
  old: [mark('old')],
  told: [mark('old'), mark('next')],
  gone: [mark('next')],
  silent: null,
}).map(([label, keys]) => ({ label, organisation_keys: keys?.join(' ') ?? null }))

test.each([
  ['old', { believing: 2, following: 0, without: ['gone'] }],
  ['next', { believing: 1, following: 1, without: ['old'] }],
  ['another', { believing: 0, following: 0, without: ['old', 'told', 'gone'] }],
])('of the %s key', (key, expected) => {
  expect(keyReach(devices, key)).toEqual({ devices: 4, silent: ['silent'], ...expected })
})
