// What `explain` says of the starts that Windows notes, on a made-up machine: which it asks for, and whose they are said to be.
import { expect, test } from 'vitest'
import { notedPart } from '../../../../agent/cli/noted-page.ts'
import { notedStartsOf } from '../../../../agent/cli/noted-starts.ts'
import { tools } from '../../../../shared/catalogue.ts'
import { languages } from '../../../../shared/words/language.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { annsSid, fakeMac, fakeWindows, type FakeWindows } from '../../../helpers/fake-systems.ts'

const bam = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\bam\State\UserSettings`
const userAssist = `HKEY_USERS\\${annsSid}${String.raw`\Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist`}`
const bobsSid = 'S-1-5-21-1004336348-1177238915-682003330-1002'
/** The bytes of test/fixtures/registry: 2019-03-19T13:25:26.149Z, and 2025-08-20T10:09:14.195Z. */
const moderated = 'hex:15,3e,ae,36,57,de,d4,01,00,00,00,00,00,00,00,00,00,00,00,00,02,00,00,00'
const assisted = `hex:${'00,'.repeat(4)}01,00,00,00,01,00,00,00,bd,1f,00,00,${'00,00,80,bf,'.repeat(10)}ff,ff,ff,ff,30,02,26,7b,ba,11,dc,01,00,00,00,00`

const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (one) =>
    String.fromCharCode(one.charCodeAt(0) + (one.toLowerCase() < 'n' ? 13 : -13)),
  )
const named = (name: string) => `"${name.replaceAll('\\', '\\\\')}"`
const moderatedIn = (sid: string, ...programs: readonly string[]) => ({
  [`${bam}\\${sid}`]: `[${bam}\\${sid}]\n${programs.map((one) => `${named(one)}=${moderated}\n`).join('')}`,
})
const assistedBy = (...programs: readonly string[]) => ({
  [userAssist]: `[${userAssist}\\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\\Count]\n${programs
    .map((one) => `${named(rot13(one))}=${assisted}\n`)
    .join('')}`,
})

async function noted(id: string, machine: FakeWindows) {
  const tool = tools.find((one) => one.id === id)
  if (tool === undefined) throw new Error(`no tool ${id}`)
  const { host } = await fakeWindows(machine)
  host.files.refresh()
  return notedStartsOf(host, host.accounts().accounts, tool, [])
}

const volume = '\\Device\\HarddiskVolume3\\'
const cursor = String.raw`Users\ann\AppData\Local\Programs\cursor\Cursor.exe`
const place = '~/AppData/Local/Programs/cursor/Cursor.exe'

test('a start of a program at a place of the tool, by account', async () => {
  const found = await noted('cursor', {
    registry: {
      ...moderatedIn(annsSid, volume + cursor),
      ...assistedBy(`C:\\${cursor}`),
    },
  })
  expect(found?.programs).toEqual([
    { list: 'user-assist', account: 'ann', program: place, at: Date.parse('2025-08-20T10:09:14.195Z') },
    { list: 'bam', account: 'ann', program: place, at: Date.parse('2019-03-19T13:25:26.149Z') },
  ])
  expect(found?.unread).toEqual([{ list: 'prefetch', account: null }])
})

test.each([
  ['another program', String.raw`\Device\HarddiskVolume3\Users\ann\Music\Private Player.exe`],
  ['its name at another place', String.raw`\Device\HarddiskVolume3\Users\ann\Downloads\Cursor.exe`],
  [
    'its place in another home',
    String.raw`\Device\HarddiskVolume3\Users\bob\AppData\Local\Programs\cursor\Cursor.exe`,
  ],
])('not asked for, and not kept: %s', async (_, program) => {
  const registry = { ...moderatedIn(annsSid, volume + cursor, program), ...assistedBy() }
  const found = await noted('cursor', { registry })
  expect(found?.programs.map((one) => one.program)).toEqual([place])
  expect(JSON.stringify(found)).not.toContain('Player')
})

test('what is noted of another account is not taken for this one’s', async () => {
  const found = await noted('cursor', {
    registry: moderatedIn(bobsSid, volume + cursor),
  })
  expect(found).toEqual({
    programs: [],
    unread: [
      { list: 'bam', account: 'ann' },
      { list: 'user-assist', account: 'ann' },
      { list: 'prefetch', account: null },
    ],
  })
})

test('a package of the Store, and a place with a version in it', async () => {
  const found = await noted('claude-desktop', {
    registry: moderatedIn(
      annsSid,
      'Claude_pzs8sxrjxfjjc',
      String.raw`\Device\HarddiskVolume3\Users\ann\AppData\Local\AnthropicClaude\app-0.9.1\claude.exe`,
    ),
  })
  expect(found?.programs.map(({ program }) => program)).toEqual([
    'Claude_pzs8sxrjxfjjc',
    '~/AppData/Local/AnthropicClaude/app-*/claude.exe',
  ])
})

test('a Prefetch file whose name fits the place is the machine’s', async () => {
  const modifiedAt = Date.UTC(2026, 10, 20)
  const found = await noted('cursor', {
    files: {
      // Of \DEVICE\HARDDISKVOLUME3\USERS\ANN\APPDATA\LOCAL\PROGRAMS\CURSOR\CURSOR.EXE, as a program apart from this one sums it.
      '/C:/Windows/Prefetch/CURSOR.EXE-570F8590.pf': { content: 'MAM', modifiedAt },
      '/C:/Windows/Prefetch/CURSOR.EXE-00000001.pf': { content: 'MAM', modifiedAt },
    },
  })
  expect(found?.programs).toEqual([{ list: 'prefetch', account: null, program: place, at: modifiedAt }])
})

test('other systems keep no such lists', async () => {
  const [tool] = tools
  if (tool === undefined) throw new Error('no tool')
  for (const host of [fakeHost(), (await fakeMac()).host])
    expect(await notedStartsOf(host, [], tool, [])).toBeNull()
})

test.each(languages)('the page says in %s whose it is, and that nothing follows', (language) => {
  const paper = { columns: 80, colour: false, language }
  const page = notedPart(
    {
      programs: [{ list: 'bam', account: 'a\u202Enn', program: place, at: Date.UTC(2026, 10, 20) }],
      unread: [{ list: 'prefetch', account: null }],
    },
    paper,
  )
  expect(page).toContain(place)
  expect(page).toMatch(/no\s+evidence of use|不是使用的证据/)
  expect(page).not.toContain('\u202E')
  expect(notedPart(null, paper)).toBe('')
})
