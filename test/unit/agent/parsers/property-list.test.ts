import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePropertyList } from '../../../../agent/parsers/property-list.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/plists/${name}.plist`, import.meta.url))

test.each(['xml', 'binary'])('%s', (form) => {
  expect(parsePropertyList(fixture(form))).toMatchObject({
    CFBundleIdentifier: 'com.example.ide',
    CFBundleName: 'Jörg’s IDE 王',
    ProgramArguments: ['/usr/local/bin/x', '--flag'],
    RunAtLoad: true,
    N: -1,
    Big: 70_000,
    R: 1.5,
    Nested: { a: [1, 2, { b: 'c' }] },
    Long: 'x'.repeat(300),
  })
})

test.each(['install-history', 'time-machine', 'software-update'])(
  '%s of a real macOS, as another program reads it',
  (name) => {
    const told = new URL(`../../../fixtures/plists/macos/${name}.json`, import.meta.url)
    expect(parsePropertyList(fixture(`macos/${name}`))).toEqual(JSON.parse(readFileSync(told, 'utf8')))
  },
)

test.each([
  ['nothing', ''],
  ['text', 'hello'],
  ['half of one', '<plist><dict><key>a</key>'],
  ['too deep', `<plist>${'<array>'.repeat(40)}${'</array>'.repeat(40)}</plist>`],
  ['a binary one cut short', 'bplist00'],
])('%s is null', (_title, text) => {
  expect(parsePropertyList(Buffer.from(text))).toBeNull()
})

test('a forged binary one ends, and throws nothing', () => {
  const bytes = fixture('binary')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const forged = Buffer.from(bytes)
      forged[at] = value
      parsePropertyList(forged)
    }),
    { numRuns: 2000 },
  )
})
