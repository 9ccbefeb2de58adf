// Text from devices is shown so that nothing in it can hide, reorder or escape.
import { describe, expect, test } from 'vitest'
import { inert, inertShort } from '#shared/inert.ts'

describe('inert', () => {
  test.each([
    ['plain text stays', 'dev-laptop 7', 'dev-laptop 7'],
    ['letters of every script stay', '开发机 نور Ünï', '开发机 نور Ünï'],
    ['emoji of one code point stay', 'box 🦊', 'box 🦊'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['a right-to-left override is written out', 'safe\u202egnp.exe', 'safe\\u{202e}gnp.exe'],
    ['isolates are written out', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
    ['a terminal escape is written out', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a C1 control is written out', '\u009b31m', '\\u{9b}31m'],
    ['line ends are written out', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
    ['zero-width characters are written out', 'cl\u200baude\u00ad', 'cl\\u{200b}aude\\u{ad}'],
    ['the byte order mark is written out', '\ufeffx', '\\u{feff}x'],
    ['tag characters are written out', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a lone surrogate is written out', 'a\ud800', 'a\\u{d800}'],
    ['a NUL is written out', 'a\u0000b', 'a\\u{0}b'],
  ])('%s', (_why, given, shown) => {
    expect(inert(given)).toBe(shown)
  })

  test('what is shown does not change when it is made inert again', () => {
    const once = inert('a\u202eb\u0007')
    expect(inert(once)).toBe(once)
  })

  test('cutting counts what is shown, not what was given', () => {
    expect(inertShort('abcdef', 4)).toBe('abc…')
    expect(inertShort('abcd', 4)).toBe('abcd')
    expect(inertShort('🦊🦊🦊', 2)).toBe('🦊…')
  })
})
