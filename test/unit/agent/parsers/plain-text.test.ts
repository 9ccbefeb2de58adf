import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  lastPart,
  partedAt,
  untilZero,
  withoutTrailing,
  withoutTrailingSlash,
} from '../../../../agent/parsers/plain-text.ts'

test.each([
  ['/a//', '/a', '/a'],
  ['//', '', '/'],
  ['/', '', '/'],
  ['', '', ''],
  ['a/b', 'a/b', 'a/b'],
])('%j without slashes at its end is %j, as a path %j', (text, plain, path) => {
  expect(withoutTrailing(text, '/')).toBe(plain)
  expect(withoutTrailingSlash(text)).toBe(path)
})

test('what is between two texts is theirs', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(untilZero(`${a.replaceAll('\0', '')}\0${b}`)).toBe(a.replaceAll('\0', ''))
      expect(lastPart(`${a}/${b.replaceAll(/[/\\]/g, '')}`)).toBe(b.replaceAll(/[/\\]/g, ''))
      expect(partedAt(`${a.replaceAll('=', '')}=${b}`, '=')).toEqual([a.replaceAll('=', '').trim(), b.trim()])
    }),
  )
  expect(partedAt('no sign', '=')).toBeNull()
  expect(untilZero('no zero')).toBe('no zero')
})
