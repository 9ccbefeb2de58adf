import { expect, test } from 'vitest'
import { fingerprintOf, isFormerKey, isNextKey } from '../../../../agent/sync/organisation-key.ts'

const [a, b, c] = ['a', 'b', 'c'].map(fingerprintOf)

// What the settings name, which key is believed, and which one comes.
test.each([
  [`${a}`, 'a', 'a', 'neither'],
  [`${a}`, 'a', 'b', 'neither'],
  [`${a}, ${b}`, 'a', 'a', 'neither'],
  [`${a}, ${b}`, 'a', 'b', 'next'],
  [`${a}, ${b}`, 'b', 'a', 'former'],
  [`${a}, ${b}`, 'a', 'c', 'neither'],
  [`${a}, ${b}, ${c}`, 'a', 'c', 'next'],
  [`${a}, ${b}, ${c}`, 'c', 'b', 'former'],
  // Believed for another reason than these settings: whether it is still to be is asked elsewhere.
  [`${b}, ${c}`, 'a', 'b', 'neither'],
  [`${b}`, 'b', 'a', 'neither'],
])('settings that name %s, %s believed: %s is %s', (named, believed, key, expected) => {
  const is = isNextKey(key, believed, named)
    ? 'next'
    : isFormerKey(key, believed, named)
      ? 'former'
      : 'neither'
  expect(is).toBe(expected)
})
