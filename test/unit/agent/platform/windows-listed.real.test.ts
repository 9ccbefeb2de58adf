// What a real Windows 7 wrote (test/fixtures/registry/windows-7), through the parsers that its registry goes through.
import { expect, test } from 'vitest'
import { parseUserAssist } from '../../../../agent/parsers/past-runs.ts'
import type { RegistryKey } from '../../../../agent/parsers/registry-export.ts'
import { openHive } from '../../../../agent/parsers/registry-hive.ts'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'
import { parseProfiles } from '../../../../agent/parsers/windows-profiles.ts'
import { parseWinHttpSettings } from '../../../../agent/parsers/windows-proxy.ts'
import { programsIn, runKey, uninstallKey } from '../../../../agent/platform/windows-listed.ts'
import { userAssistKey } from '../../../../agent/platform/windows-noted.ts'
import { exportFixture, hiveFixture } from '../../../helpers/hives.ts'

const bytes = hiveFixture('windows-7/ntuser.dat')
const hive = openHive((position, length) => bytes.subarray(position, position + length))
const ofAccount = (path: string) => hive?.keysAt(path).keys ?? null
const machine = exportFixture('windows-7/software.reg')
const software = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE`

function ofMachine(path: string): ReadonlyMap<string, RegistryKey> {
  return new Map([...machine].filter(([name]) => name.startsWith(`${software}\\${path}`)))
}

test('who has a profile: people of the machine and of its domain, and no service', () => {
  expect(
    parseProfiles(ofMachine(String.raw`Microsoft\Windows NT\CurrentVersion\ProfileList`)).map(
      ({ sid, folder }) => `${sid.slice(-5)} ${folder}`,
    ),
  ).toEqual([
    String.raw`-1000 C:\Users\Pepper`,
    String.raw`-1001 C:\Users\SRL-Helpdesk`,
    String.raw`-1105 C:\Users\nfury`,
    String.raw`-1106 C:\Users\mhill`,
    String.raw`-1107 C:\Users\Tdungan`,
    String.raw`-1109 C:\Users\nromanoff`,
    String.raw`-1114 C:\Users\rsydow`,
    String.raw`-1673 C:\Users\vibranium`,
  ])
})

test('what an account has installed, and what starts when it logs on', () => {
  expect(programsIn(ofAccount(`Software\\${uninstallKey}`), ofAccount(`Software\\${runKey}`))).toEqual({
    entries: [
      {
        id: 'Google Chrome',
        name: 'Google Chrome',
        version: '18.0.1025.151',
        folder: String.raw`C:\Users\nfury\AppData\Local\Google\Chrome\Application`,
      },
    ],
    started: [
      String.raw`C:\Users\nfury\AppData\Local\Google\Update\GoogleUpdate.exe`,
      String.raw`C:\Program Files (x86)\Skype\Phone\Skype.exe`,
    ],
  })
})

test('what the machine has installed, without its updates and parts, and what starts for everybody', () => {
  const { entries, started } = programsIn(ofMachine(uninstallKey), ofMachine(runKey))
  expect(entries.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'Adobe AIR 2.7.1.19610',
    'Microsoft .NET Framework 4 Client Profile 4.0.30319',
    'Mozilla Firefox 5.0.1 (x86 en-US) 5.0.1',
    'Microsoft Office Home and Business 2010 14.0.4763.1000',
    'TweetDeck 0.38.1',
    'McAfee Agent 4.5.0.1852',
    'McAfee Host Intrusion Prevention 8.00.0000',
    'Microsoft Visual C++ 2005 Redistributable 8.0.56336',
    'Adobe Reader X (10.1.0) 10.1.0',
    'McAfee VirusScan Enterprise 8.8.00000',
    'Skype™ 5.5 5.5.114',
    'VMware Tools 8.0.2.14744',
  ])
  expect(started.map((program) => program.slice(program.lastIndexOf('\\') + 1))).toEqual([
    'AdobeARM.exe',
    'FireTray.exe',
    'udaterui.exe',
    'SHSTAT.EXE',
    'VMwareTray.exe',
    'VMwareUser.exe',
    'svchost.exe',
  ])
})

test('what the account started from its desktop', () => {
  const starts = parseUserAssist(ofAccount(userAssistKey) ?? new Map(), () => true)
  expect(starts).toHaveLength(18)
  // Of those in the account's own desktop menu, the time that plaso's tests tell of this file too.
  expect(starts[0]).toEqual({
    program: '/program files/microsoft games/solitaire/solitaire.exe',
    at: Date.parse('2010-11-10T07:49:37.078Z'),
  })
})

test('no proxy of the machine', () => {
  const [key] = ofMachine(String.raw`Microsoft\Windows\CurrentVersion\Internet Settings\Connections`).values()
  const value = key?.get('winhttpsettings')
  expect(value?.type === 'bytes' && parseWinHttpSettings(value.bytes)).toEqual(noProxyOf('winhttp'))
})
