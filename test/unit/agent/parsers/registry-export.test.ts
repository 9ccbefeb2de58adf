import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseRegistryExport } from '../../../../agent/parsers/registry-export.ts'
import { parseUninstallEntries } from '../../../../agent/parsers/uninstall-entries.ts'
import { parseProfiles } from '../../../../agent/parsers/windows-profiles.ts'
import { exported } from '../../../helpers/fake-systems.ts'

function captured(name: string) {
  const keys = parseRegistryExport(
    readFileSync(new URL(`../../../fixtures/registry/${name}`, import.meta.url)),
  )
  if (keys === null) throw new Error(`${name} is no export`)
  return keys
}

test('profiles of people, whatever letters their folders have and however long the lines are', () => {
  expect(parseProfiles(captured('profile-list.reg'))).toEqual([
    { sid: 'S-1-5-21-0-0-0-1000', folder: 'C:\\users\\root' },
    { sid: 'S-1-5-21-1004336348-1177238915-682003330-1001', folder: 'C:\\Users\\Jörg Müller 王' },
  ])
})

// Keys and bytes as in Microsoft's "Windows is not genuine error" (KB 2704233, MicrosoftDocs/SupportArticles-docs), of Windows 7.
test('services are no people', () => {
  const list = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`
  const text = `[${list}\\S-1-5-18]
"Flags"=dword:0000000c
"Sid"=hex:01,01,00,00,00,00,00,05,12,00,00,00
"ProfileImagePath"=hex(2):25,00,73,00,79,00,73,00,74,00,65,00,6d,00,72,00,6f,\\
00,6f,00,74,00,25,00,00,00
[${list}\\S-1-5-19]
"ProfileImagePath"=hex(2):43,00,3a,00,5c,00,57,00,00,00
`
  const keys = parseRegistryExport(exported(text))
  expect(parseProfiles(keys ?? new Map())).toEqual([])
  expect(keys?.get(`${list}\\S-1-5-18`)).toEqual(
    new Map([
      ['flags', { type: 'number', number: 12 }],
      ['sid', { type: 'bytes', bytes: Buffer.from('010100000000000512000000', 'hex') }],
      ['profileimagepath', { type: 'text', text: '%systemroot%' }],
    ]),
  )
})

test('programs that the system lists; parts of it are passed over', () => {
  expect(parseUninstallEntries(captured('uninstall.reg'))).toEqual([
    {
      id: '{CC6B787D-37A0-49E8-AE24-8559A032BE0C}_is1',
      name: 'A "quoted" editor',
      version: '1.2.3',
      folder: 'C:\\Users\\ann\\AppData\\Local\\Programs\\x\\',
    },
  ])
})

test.each([
  ['nothing', ''],
  ['other text', 'REGEDIT4\n[HKEY_CURRENT_USER]\n'],
])('%s is no export', (_title, text) => {
  expect(parseRegistryExport(Buffer.from(text, 'utf16le'))).toBeNull()
})
