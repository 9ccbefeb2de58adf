import { expect, test } from 'vitest'
import { machineData } from '../../../../agent/platform/windows-folders.ts'

const key = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`
const line = (value: string) => `\r\n${key}\r\n    ProgramData    REG_EXPAND_SZ    ${value}\r\n\r\n`
const usual = String.raw`C:\ProgramData`

// The first is what `reg` printed under Wine 8, the second what Windows keeps there.
test.each([
  ['a folder', line(usual), usual],
  ['the system’s drive', line(String.raw`%SystemDrive%\ProgramData`), usual],
  ['another drive', line(String.raw`D:\Data of all`), String.raw`D:\Data of all`],
  ['no record', null, usual],
  ['another variable', line(String.raw`%Elsewhere%\x`), usual],
  ['a variable within', line(String.raw`C:\%Elsewhere%`), usual],
  ['letters that the console lacks', line('C:\\Donn\ufffdes'), usual],
  ['a folder of the working folder', line('ProgramData'), usual],
])('the machine’s folder for data, of %s', async (_, told, folder) => {
  expect(await machineData(() => Promise.resolve(told))).toBe(folder)
})
