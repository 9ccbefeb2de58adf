import { expect, test } from 'vitest'
import {
  fingerprintOf,
  isFormerKey,
  isNextKey,
  keysThatCount,
} from '../../../../agent/sync/organisation-key.ts'

const a = fingerprintOf('a')
const b = fingerprintOf('b')
const c = fingerprintOf('c')

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

test.each<[string | null, string, readonly string[]]>([
  [null, 'a', [a]],
  [a, 'a', [a]],
  [`${a}, ${b}, ${c}`, 'a', [a, b, c]],
  // A former one never counts again.
  [`${a}, ${b}, ${c}`, 'b', [b, c]],
  [b, 'a', [a]],
])('settings that name %s, %s believed: what counts is told by its first digits', (named, believed, keys) => {
  expect(keysThatCount(believed, named)).toEqual(keys.map((digits) => digits.slice(0, 16)))
})
