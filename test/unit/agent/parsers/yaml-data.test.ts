import { expect, test } from 'vitest'
import { parseYamlData } from '../../../../agent/parsers/yaml-data.ts'

test('objects, lists, scalars and what is named elsewhere become plain data', () => {
  const text = 'a: &x [1, two, null]\nb: *x\nc: {d: "e", 5: f}\n? [g]\n: h\n'
  expect(parseYamlData(text)).toEqual({ a: [1, 'two', null], b: [1, 'two', null], c: { d: 'e', 5: 'f' } })
})

test.each([
  ['nothing', '', null],
  ['a word', 'word', 'word'],
  ['keys that stand twice: the last', 'a: 1\na: 2\n', { a: 2 }],
  ['a name of the language itself', '__proto__: {a: 1}\n', JSON.parse('{"__proto__":{"a":1}}')],
])('%s', (_, text, expected) => {
  expect(parseYamlData(text)).toEqual(expected)
})

test.each([
  ['a mistake', 'a: b: c\n'],
  ['51 levels', `a: ${'['.repeat(51)}${']'.repeat(51)}`],
  ['100,000 levels', 'a: ' + '['.repeat(100_000)],
  ['what grows a billionfold', growing()],
  ['keys of keys of keys', '? '.repeat(20_000)],
  ['a name for itself', 'a: &x [*x]\n'],
  ['more values than settings have', `a: [${'1,'.repeat(20_000)}]`],
])('%s is refused', (_, text) => {
  expect(() => parseYamlData(text)).toThrow(Error)
})

function growing(): string {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let n = 1; n < 12; n += 1) lines.push(`a${n}: &a${n} [${`*a${n - 1},`.repeat(10)}]`)
  return lines.join('\n')
}
