import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RegistryKey } from '../../../../agent/parsers/registry-export.ts'
import { openHive } from '../../../../agent/parsers/registry-hive.ts'
import { parseUninstallEntries } from '../../../../agent/parsers/uninstall-entries.ts'
import { exportFixture, hiveFixture, leftBehind, madeHive } from '../../../helpers/hives.ts'

function opened(hive: Buffer) {
  return openHive((position, length) => hive.subarray(position, position + length))
}

/** In whatever order they were listed. */
function plain(keys: ReadonlyMap<string, RegistryKey>) {
  return Object.fromEntries([...keys].map(([name, values]) => [name, Object.fromEntries(values)]))
}

test.each([
  ['hivex', 'hives/hivex'],
  ['chntpw', 'hives/chntpw'],
  ['Windows 7', 'windows-7/ntuser'],
])('what %s wrote is read as hivexregedit exports it', (_writer, file) => {
  const expected = [...exportFixture(`${file}.reg`)].map(
    ([name, values]) => [name.replace(/^HKEY_CURRENT_USER\\?/, ''), values] as const,
  )
  const { keys, fault } = opened(hiveFixture(`${file}.dat`))?.keysAt('') ?? {}
  expect(fault).toBe(null)
  expect(plain(keys ?? new Map())).toEqual(plain(new Map(expected)))
})

const hivex = hiveFixture('hives/hivex.dat')

test('a key is found in any case, with all below it; one that is not there is null and no fault', () => {
  const hive = opened(hivex)
  const uninstall = hive?.keysAt(String.raw`SOFTWARE\microsoft\Windows\CurrentVersion\Uninstall`)
  expect(parseUninstallEntries(uninstall?.keys ?? new Map()).map(({ id, name }) => `${id}: ${name}`)).toEqual(
    ['Zed: Zed', '{CC6B787D-37A0-49E8-AE24-8559A032BE0C}_is1: A "quoted" editor', 'Übung 王: Jörg 王'],
  )
  expect(hive?.keysAt(String.raw`Software\Nothing\Here`)).toEqual({ keys: null, fault: null })
  expect(hive?.behind).toBe(false)
  expect(opened(leftBehind(Buffer.from(hivex)))?.behind).toBe(true)
})

test.each<[string, Buffer]>([
  ['empty', Buffer.alloc(0)],
  ['something else', Buffer.alloc(9000, 65)],
  ['cut in its head', hivex.subarray(0, 4000)],
  ['damaged in its head', Buffer.from(hivex).fill(1, 12, 13)],
  ['without a bin', Buffer.from(hivex).fill(0, 4096, 4100)],
])('a file that is %s is no hive', (_title, bytes) => {
  expect(opened(bytes)).toBe(null)
})

const names = (hive: Buffer, path = ''): string => {
  const { keys, fault } = opened(hive)?.keysAt(path) ?? {}
  return [[...(keys?.keys() ?? [])].filter((name) => name !== path).join(' '), fault ?? ''].join(' ').trim()
}

test.each<[string, Buffer, string]>([
  [
    'lists of each kind, and a list of lists',
    madeHive(({ key, list }) => {
      const lists = (['lf', 'lh', 'li'] as const).map((kind) => list(kind, [key(kind)]))
      return key('root', 3, list('ri', lists))
    }),
    'lf lh li',
  ],
  [
    'a list of lists of lists: Windows makes none',
    madeHive(({ key, list }) => key('root', 1, list('ri', [list('ri', [list('li', [key('a')])])]))),
    'unparsable',
  ],
  [
    'a key below itself',
    // The root is the third cell: after a list of 12 bytes and a key of 84.
    madeHive(({ key, list }) => key('root', 2, list('li', [key('fine'), 32 + 88 + 16]))),
    'fine unparsable',
  ],
  [
    'a list that says it is longer than its place',
    madeHive(({ key, cell }) => key('root', 9, cell(Buffer.from('6c69ff0020000000', 'hex')))),
    'unparsable',
  ],
  [
    'a key that is free again',
    madeHive(({ key, list }) => key('root', 2, list('li', [key('fine'), 0x1000]))),
    'fine unparsable',
  ],
  ['a list outside of the file', madeHive(({ key }) => key('root', 1, 0xffff_fff8)), 'unparsable'],
])('%s', (_title, hive, expected) => {
  expect(names(hive)).toBe(expected)
})

test('billions of keys, made of one list that is named again and again, end as too many', () => {
  const many = <T>(one: T): readonly T[] => Array.from({ length: 65_535 }, () => one)
  const hive = madeHive(({ key, list }) => key('root', 1, list('ri', many(list('li', many(key('a')))))))
  expect(names(hive)).toBe('a too-many')
  expect(opened(hive)?.keysAt(String.raw`not\there`)).toEqual({ keys: null, fault: 'too-many' })
})

test('bytes changed or cut anywhere end in something or nothing, never in an error', () => {
  const change = fc.record({ at: fc.nat(hivex.length - 1), to: fc.nat(255) })
  const changes = fc.array(change, { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(changes, fc.option(fc.nat(hivex.length)), (all, length) => {
      const broken = Buffer.from(hivex.subarray(0, length ?? hivex.length))
      for (const { at, to } of all) broken[at] = to
      opened(broken)?.keysAt('')
    }),
    { numRuns: 300 },
  )
})
