import { expect, test } from 'vitest'
import { predecessorOf, type MachineTold } from '../../../../server/ingest/predecessor.ts'

const told = (change: Partial<MachineTold> = {}): MachineTold => ({
  hostname: 'laptop',
  os: 'linux',
  serial: 'SN-1',
  hardware_hash: 'H1',
  system_hash: 'S1',
  ...change,
})
const bare = { serial: null, hardware_hash: null, system_hash: null }

test.each<[string, Partial<MachineTold>, Partial<MachineTold>, string | null]>([
  [
    'the number of its hardware, whatever else',
    {},
    { hostname: 'x', os: 'windows', serial: 'SN-2', system_hash: 'S2' },
    'hardware',
  ],
  ['all but the number of its hardware', {}, { hardware_hash: 'H2' }, null],
  ['a serial number and a name', { hardware_hash: null }, { system_hash: 'S2' }, 'serial'],
  ['a serial number alone', { hardware_hash: null }, { hostname: 'x' }, null],
  ['a serial number, of another kind of system', { hardware_hash: null }, { os: 'darwin' }, null],
  ['a system and a name, with two serial numbers', { hardware_hash: null }, { serial: 'SN-2' }, null],
  ['a system and a name', { hardware_hash: null, serial: null }, {}, 'system'],
  ['a system alone', { hardware_hash: null, serial: null }, { hostname: 'x' }, null],
  ['a name alone', bare, {}, null],
  ['a name alone, of nothing more known on either side', bare, bare, null],
])('a device that shares %s', (_, now, before, why) => {
  const found = predecessorOf(told(now), [{ id: 'before', ...told(before) }])
  expect(found).toEqual(why === null ? null : { id: 'before', why })
})

test('where two look like it, neither is taken for it', () => {
  const alike = ['one', 'two'].map((id) => ({ id, ...told() }))
  expect(predecessorOf(told(), alike)).toBeNull()
  expect(predecessorOf(told(), [])).toBeNull()
})
