import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseBam, parseUserAssist, programIn } from '../../../../agent/parsers/past-runs.ts'
import { prefetchNames } from '../../../../agent/parsers/prefetch.ts'
import { parseRegistryExport } from '../../../../agent/parsers/registry-export.ts'
import { exported } from '../../../helpers/fake-systems.ts'

function captured(name: string) {
  const bytes = readFileSync(new URL(`../../../fixtures/registry/${name}`, import.meta.url))
  // Of what was published as text the head is ours.
  const isText = name.endsWith('.txt')
  const keys = parseRegistryExport(isText ? exported(bytes.toString().replace(/^;.*\n/gm, '')) : bytes)
  if (keys === null) throw new Error(`${name} is no export`)
  return keys
}

const all = () => true

describe('what Windows notes of starts', () => {
  test('BAM: a program by its place, and when', () => {
    expect(parseBam(captured('bam.reg'), all)).toEqual([
      {
        program: '/windows/system32/windowspowershell/v1.0/powershell.exe',
        at: Date.parse('2019-03-19T13:25:26.149Z'),
      },
    ])
  })

  test('UserAssist: of one started from the desktop', () => {
    expect(parseUserAssist(captured('user-assist.txt'), all)).toEqual([
      {
        program: '/windows/temp/safe/webbrowserpassview/webbrowserpassview.exe',
        at: Date.parse('2025-08-20T10:09:14.195Z'),
      },
    ])
  })

  test('what is not asked for is dropped', () => {
    const asked: string[] = []
    const none = (program: string) => {
      asked.push(program)
      return false
    }
    expect(parseBam(captured('bam.reg'), none)).toEqual([])
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['no time', 'hex:00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,02,00,00,00'],
    ['too short', 'hex:15,3e,ae,36'],
    ['a number', 'dword:00000001'],
    ['beyond all time', 'hex:ff,ff,ff,ff,ff,ff,ff,ff,00,00,00,00,00,00,00,00'],
  ])('a value that tells none: %s', (_, value) => {
    const keys = parseRegistryExport(exported(`[HKEY_LOCAL_MACHINE\\x]\n"C:\\\\a.exe"=${value}\n`))
    expect(parseBam(keys ?? new Map(), all)).toEqual([])
  })
})

test.each([
  ['\\Device\\HarddiskVolume3\\Users\\Ann\\bin\\X.exe', '/users/ann/bin/x.exe'],
  ['C:\\Users\\ann\\x.exe', '/users/ann/x.exe'],
  ['{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\\A\\a.exe', '/program files (x86)/a/a.exe'],
  ['Claude_pzs8sxrjxfjjc!Claude', 'claude_pzs8sxrjxfjjc'],
  ['Claude_pzs8sxrjxfjjc', 'claude_pzs8sxrjxfjjc'],
  ['{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\cmd.exe', null],
  ['\\\\server\\share\\x.exe', null],
  ['UEME_CTLSESSION', null],
  ['SequenceNumber', null],
])('the program in %s', (name, expected) => {
  expect(programIn(name)).toBe(expected)
})

// Names of files in plaso's test data (github.com/log2timeline/plaso, test_data/winprefetch), of Windows 7 (the first two), 10 and 11; its
// tests name the volume of the first. Where the last lay is not told: it is where Windows Update puts its kind.
test.each([
  ['/Windows/System32/wuauclt.exe', 'WUAUCLT.EXE-830BCC14.PF', 1],
  ['/Windows/System32/ping.exe', 'PING.EXE-B29F6629.PF', 1],
  ['/Windows/System32/ByteCodeGenerator.exe', 'BYTECODEGENERATOR.EXE-C1E9BCE6.PF', 2],
  [
    '/Windows/SoftwareDistribution/Download/Install/AM_Delta_Patch_1.443.990.0.exe',
    'AM_DELTA_PATCH_1.443.990.0.EX-7037CF86.PF',
    3,
  ],
])('the Prefetch file of %s', (path, name, volume) => {
  expect(prefetchNames(path).indexOf(name) + 1).toBe(volume)
  expect(prefetchNames(path.replace('/Windows/', '/Windows/Temp/'))).not.toContain(name)
})
