import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseSettingLines } from '../../../../agent/parsers/settings-lines.ts'

test('names and values are read, comments and empty lines passed over', () => {
  const text = `---
# Cutoff
server: https://cutoff.example.com   # ours
tokenFile: '/etc/cutoff/token'
organisationKey: "ab cd"
scanSeconds: 3600

noProxy:
proxy: null
`
  expect(parseSettingLines(text)).toEqual({
    values: {
      server: 'https://cutoff.example.com',
      tokenFile: '/etc/cutoff/token',
      organisationKey: 'ab cd',
      scanSeconds: '3600',
    },
    mistakes: [],
  })
})

test.each([
  ['server', 'it is not of the form `name: value`'],
  ['server:https://x', 'it is not of the form `name: value`'],
  ['  server: x', 'it is not of the form `name: value`'],
  ['- a', 'it is not of the form `name: value`'],
  ['a: "x', 'its quotes do not fit; put it in single quotes, with none inside'],
  ['a: "C:\\x"', 'its quotes do not fit; put it in single quotes, with none inside'],
  ['a: [x]', 'the value is no plain text; put it in single quotes'],
  ['a: &x y', 'the value is no plain text; put it in single quotes'],
  ['a: |', 'the value is no plain text; put it in single quotes'],
  ['a: b: c', 'the value is no plain text; put it in single quotes'],
])('%j is refused by its line', (line, message) => {
  expect(parseSettingLines(`x: 1\n${line}\ny: 2\n`)).toEqual({
    values: { x: '1', y: '2' },
    mistakes: [{ line: 2, message }],
  })
})

test('a name that is said twice is named; the first counts', () => {
  expect(parseSettingLines('a: 1\na: 2')).toEqual({
    values: { a: '1' },
    mistakes: [{ line: 2, message: '`a` is said twice' }],
  })
})

test('what is accepted, YAML reads the same', () => {
  const signs = fc.constantFrom(...'ab1-.~:#\'"[]{}&*!|>%@`?,/ \t\\=+<_0'.split(''))
  const value = fc.string({ unit: signs, maxLength: 8 })
  fc.assert(
    fc.property(value, (text) => {
      const { values, mistakes } = parseSettingLines(`name: ${text}\n`)
      fc.pre(mistakes.length === 0)
      // As text: numbers and the like are made by YAML from what is plain, here by the schema.
      const read = parse(`name: ${text}\n`, { schema: 'failsafe' }) as { name: string }
      const nothing = (parse(`name: ${text}\n`) as { name: unknown }).name === null
      expect(values).toEqual(nothing ? {} : { name: read.name })
    }),
    { numRuns: 3000 },
  )
})
