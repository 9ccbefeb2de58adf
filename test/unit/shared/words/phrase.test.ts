// Sentences with names in them: what is filled in, what stays, and how they are joined.
import { expect, test } from 'vitest'
import { listedPhrases, noted, phrase, phraseText, plain, together } from '#shared/words/phrase.ts'

test.each([
  ['The command {name}', { name: 'x' }, 'The command `x`'],
  ['{a} and {a}', { a: plain('b') }, 'b and b'],
  ['{unknown} stays', {}, '{unknown} stays'],
  ['{constructor} stays', {}, '{constructor} stays'],
  ['{name}', { name: '{name}' }, '`{name}`'],
])('“%s” with %j is “%s”', (template, values, text) => {
  expect(phraseText(phrase(template, values))).toBe(text)
})

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j is listed as “%s”', (items, text) => {
  expect(phraseText(listedPhrases(items.map(plain), ' or ', ', '))).toBe(text)
})

test('phrases are put together with spaces, empty ones left out', () => {
  expect(phraseText(together(' ', [plain('a.'), [], plain('b.')]))).toBe('a. b.')
})

test.each([
  ['runs `x`', [plain('runs '), [{ text: 'x', code: true }]]],
  ['a lone ` is itself', [plain('a lone ` is itself')]],
  ['', []],
])('the note “%s” has its names set off', (note, parts) => {
  expect(noted(note)).toEqual(parts.flat())
})
