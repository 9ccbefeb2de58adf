// The scripts for Windows before a parser of PowerShell, since there is no PowerShell to run them.
import { beforeAll, describe, expect, test } from 'vitest'
import { managedFiles } from '../../../../installers/managed/files.ts'
import { powershellFaults } from '../../../helpers/powershell-parser.ts'

const files = managedFiles(
  { name: 'Example', values: {}, macos: null, moreInfo: 'https://example.com' },
  '1.2.3',
)
const scripts = [...files].filter(([path]) => path.endsWith('.ps1'))

let faultsOf: (text: string) => readonly string[]
beforeAll(async () => {
  faultsOf = await powershellFaults()
})

test('there are scripts', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(2)
})

describe.each(scripts)('%s', (_, text) => {
  test('is PowerShell to the last character', () => {
    expect(faultsOf(text)).toEqual([])
  })

  test('and would not be without any one of its braces and parentheses', () => {
    // Those in comments and strings stand for nothing.
    const code = text.replaceAll(/^#.*$|'[^'\n]*'/gm, (part) => part.replaceAll(/[{}()]/g, ' '))
    const marks = [...code.matchAll(/[{}()]/g)].map(({ index }) => index)
    const unnoticed = marks.filter((at) => faultsOf(code.slice(0, at) + code.slice(at + 1)).length === 0)
    expect(unnoticed.map((at) => code.slice(Math.max(0, at - 20), at + 20))).toEqual([])
    expect(marks.length).toBeGreaterThan(5)
  })
})

test.each([
  ['if ($a -lt 1 { exit 1 }'],
  ['$a = @{ b = 1'],
  ['Write-Output "open'],
  ['foreach ($a on $b) { }'],
])('%s is none', (text) => {
  expect(faultsOf(text)).not.toEqual([])
})
