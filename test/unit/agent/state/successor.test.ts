import { expect, test } from 'vitest'
import { isAnother } from '../../../../agent/state/successor.ts'

const machine = (hardware: string | null, system: string | null) => ({ hardware, system })

test.each([
  ['the same numbers', machine('a', '1'), machine('a', '1'), false],
  [
    'other hardware under one system: a disk that was copied or moved',
    machine('a', '1'),
    machine('b', '1'),
    true,
  ],
  ['another system on the same hardware: it was numbered anew', machine('a', '1'), machine('a', '2'), false],
  ['another system where the hardware cannot be known', machine(null, '1'), machine(null, '2'), true],
  ['hardware that can no longer be known', machine('a', '1'), machine(null, '1'), false],
  ['nothing that is known of both', machine('a', null), machine(null, '2'), false],
  ['nothing known', machine(null, null), machine(null, null), false],
])('%s', (_, before, here, expected) => {
  expect(isAnother(before, here)).toBe(expected)
})
