import { expect, test } from 'vitest'
import { homeReach } from '../../../../agent/platform/places.ts'
import { inHomes, nativePath, portablePath } from '../../../../agent/parsers/windows-paths.ts'
import { annsSid, fakeWindows } from '../../../helpers/fake-systems.ts'
import type { FakeNode } from '../../../helpers/fake-host.ts'
import { hiveFixture, leftBehind } from '../../../helpers/hives.ts'
import { inShort } from '../../../helpers/scan-context.ts'

test.each<[string, string | null]>([
  ['/C:/Users/ann/.claude', String.raw`\\?\C:\Users\ann\.claude`],
  ['/C:', 'C:\\'],
  ['/C:/Users/ann/NUL', String.raw`\\?\C:\Users\ann\NUL`],
  ['/C:/Users/ann/a.txt:hidden', null],
  ['/C:/Users/ann\\..\\bob', null],
  ['/elsewhere/x', null],
  ['/', null],
])('%s for the system', (path, native) => {
  expect(nativePath(path)).toBe(native)
})

test.each<[string, string | null]>([
  [String.raw`C:\Users\ann`, '/C:/Users/ann'],
  [String.raw`\\?\c:\Users\ann\\x\ `.trim(), '/C:/Users/ann/x'],
  ['C:/Users/ann', '/C:/Users/ann'],
  ['C:\\', '/C:'],
  [String.raw`\\server\share\x`, null],
  [String.raw`\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\x`, null],
  ['relative\\x', null],
])('%s from the system', (native, path) => {
  expect(portablePath(native)).toBe(path)
})

test('a home in other case is the same home', () => {
  expect(inHomes('/C:/USERS/Ann/x', ['/C:/Users/ann'])).toBe('/C:/Users/ann/x')
  expect(inHomes('/C:/Users/anna/x', ['/C:/Users/ann'])).toBe('/C:/Users/anna/x')
})

const profiles = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`

test('people are accounts, named after their folders; services and leftovers are not', async () => {
  const { host } = await fakeWindows({
    files: {
      '/C:/Users/jörg': { folder: true },
      '/C:/Users/Public': { folder: true },
      '/C:/Users/left': { folder: true },
    },
    registry: {
      [profiles]: [
        `[${profiles}\\S-1-5-18]\n"ProfileImagePath"="%systemroot%\\\\system32\\\\config\\\\systemprofile"`,
        `[${profiles}\\${annsSid}]\n"ProfileImagePath"="C:\\\\Users\\\\ann"`,
        `[${profiles}\\S-1-12-1-1-2-3-4]\n"ProfileImagePath"="C:\\\\Users\\\\jörg"`,
        `[${profiles}\\S-1-5-21-1-2-3-1009]\n"ProfileImagePath"="\\\\\\\\server\\\\profiles\\\\far"`,
        `[${profiles}\\S-1-5-21-1-2-3-1010]\n"ProfileImagePath"="C:\\\\Users\\\\removed"`,
      ].join('\n'),
    },
  })
  const { accounts, gaps } = host.accounts()
  expect(accounts.map(({ name, uid, home }) => `${name} ${uid} ${home}`)).toEqual([
    `ann ${annsSid} /C:/Users/ann`,
    'jörg S-1-12-1-1-2-3-4 /C:/Users/jörg',
  ])
  expect(gaps.map(inShort)).toEqual([
    '- remote-mount / (profile far)',
    '- no-account /C:/Users/left (no-profile)',
  ])
  expect([host.nameOf(annsSid), host.nameOf('S-1-5-18'), host.nameOf('S-1-5-80-1')]).toEqual([
    'ann',
    'SYSTEM',
    null,
  ])
})

test('links stay within the home: another drive, a share and a stream are never touched', async () => {
  const { host, touched } = await fakeWindows({
    files: {
      '/C:/Users/ann/in': { link: '/C:/Users/ann/real' },
      '/C:/Users/ann/real/x.json': '{}',
      '/C:/Users/ann/out': { link: '/C:/Users/bob' },
      '/C:/Users/ann/share': { link: String.raw`\\server\share` },
      '/C:/Users/bob/x.json': '{}',
    },
  })
  const [ann] = host.accounts().accounts
  if (ann === undefined) throw new Error('no ann')
  const reach = homeReach(host.files, ann)
  expect(reach.read('/C:/Users/ann/in/x.json', 10)).toMatchObject({ ok: true })
  expect(reach.stat('/C:/Users/ann/out/x.json')).toMatchObject({ gap: { reason: 'outside-home' } })
  expect(reach.stat('/C:/Users/ann/share/x.json')).toMatchObject({ gap: { reason: 'outside-home' } })
  expect(reach.stat('/C:/Users/ann/real/x.json:hidden')).toEqual({ ok: false, gap: null })
  expect(touched.some((path) => path.startsWith('/C:/Users/bob/'))).toBe(false)
})

test('a file that OneDrive has not fetched is a gap; a small one of NTFS has no block and is read', async () => {
  const { host } = await fakeWindows({
    files: {
      '/C:/Users/ann/OneDrive/a.json': { content: '{}', blocks: 0 },
      '/C:/Users/ann/small.json': { content: '{}', blocks: 0 },
      '/C:/Users/ann/Documents/large.json': { content: '{}', bytes: 5000, blocks: 0 },
    },
  })
  const [ann] = host.accounts().accounts
  if (ann === undefined) throw new Error('no ann')
  const reach = homeReach(host.files, ann)
  const away = { gap: { reason: 'remote-mount', detail: 'not-on-disk' } }
  expect(reach.read('/C:/Users/ann/OneDrive/a.json', 10)).toMatchObject(away)
  expect(reach.read('/C:/Users/ann/Documents/large.json', 10_000)).toMatchObject(away)
  expect(reach.read('/C:/Users/ann/small.json', 10).ok).toBe(true)
})

const started = Date.UTC(2026, 10, 23, 9)
const row = { pid: 10, parentPid: 4, name: 'x.exe', path: null, line: null, startedAt: started, owner: null }
const drives = [{ id: 'C:', type: 3, fileSystem: 'NTFS' }]

test('processes: program, exact arguments, owner, and a parent only where it is one', async () => {
  const { host } = await fakeWindows({
    snapshot: {
      drives,
      processes: [
        { ...row, pid: 4, parentPid: 0, name: 'System' },
        {
          ...row,
          pid: 900,
          name: 'node.exe',
          path: 'C:\\Program Files\\nodejs\\node.exe',
          line: '"C:\\Program Files\\nodejs\\node.exe"  "c:\\users\\ann\\AppData\\Roaming\\npm\\node_modules\\x\\cli.js" --flag "a b"',
          owner: annsSid,
        },
        { ...row, pid: 901, parentPid: 900, name: 'later.exe', startedAt: started - 1 },
      ],
    },
  })
  const { processes, gaps } = host.processes()
  expect(processes).toMatchObject([
    { pid: 4, parentPid: null, name: 'System' },
    {
      pid: 900,
      parentPid: 4,
      name: 'node',
      uid: annsSid,
      executable: '/C:/Program Files/nodejs/node.exe',
      argv: [
        '/C:/Program Files/nodejs/node.exe',
        '/C:/Users/ann/AppData/Roaming/npm/node_modules/x/cli.js',
        '--flag',
        'a b',
      ],
    },
    { pid: 901, parentPid: null },
  ])
  expect(gaps).toEqual([])
})

test('where CIM does not answer, processes and drives are gaps and files are still looked at', async () => {
  const { host } = await fakeWindows({ snapshot: null, files: { '/C:/Users/ann/a': 'x' } })
  const { accounts, gaps } = host.accounts()
  expect(gaps.map(inShort)).toEqual(['- failed / (drives)'])
  expect(host.processes().gaps.map(inShort)).toEqual(['- failed / (cim)'])
  const [ann] = accounts
  if (ann === undefined) throw new Error('no ann')
  expect(homeReach(host.files, ann).stat('/C:/Users/ann/a').ok).toBe(true)
})

const uninstall = String.raw`Microsoft\Windows\CurrentVersion\Uninstall`

test('what the registry lists: of the machine, and of each account whose hive is open', async () => {
  const machine = `HKEY_LOCAL_MACHINE\\SOFTWARE\\${uninstall}`
  const own = `HKEY_USERS\\${annsSid}`
  const { host } = await fakeWindows({
    registry: {
      [machine]: `[${machine}\\Zed]\n"DisplayName"="Zed"\n"DisplayVersion"="1.2"\n"InstallLocation"="C:\\\\Program Files\\\\Zed"\n`,
      [`${own}\\Environment`]: `[${own}\\Environment]\n`,
      [`${own}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`]: `[${own}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\n"x"="\\"C:\\\\Users\\\\ann\\\\x.exe\\" --hidden"\n`,
    },
  })
  expect(host.listed()).toEqual({
    apps: [{ account: null, id: 'Zed', name: 'Zed', version: '1.2', path: '/C:/Program Files/Zed' }],
    autostart: [{ account: 'ann', program: '/C:/Users/ann/x.exe' }],
    gaps: [],
  })
  const closed = await fakeWindows({ registry: { [machine]: '' } })
  expect(closed.host.listed().gaps.map(inShort)).toEqual([
    'ann unsupported /C:/Users/ann/NTUSER.DAT (hive-not-loaded)',
  ])
})

test.each<[string, string]>([
  [String.raw`c:\users\ANN\x.exe`, '/C:/Users/ann/x.exe'],
  [String.raw`"%LocalAppData%\a b\x.exe" -s`, '/C:/Users/ann/AppData/Local/a b/x.exe'],
  [String.raw`%APPDATA%\x.exe -s`, '/C:/Users/ann/AppData/Roaming/x.exe'],
  [String.raw`"%ProgramFiles(x86)%\x\x.exe"`, '/C:/Program Files (x86)/x/x.exe'],
])('a Run key that says %s', async (written, program) => {
  const own = `HKEY_USERS\\${annsSid}`
  const run = String.raw`${own}\Software\Microsoft\Windows\CurrentVersion\Run`
  const { host } = await fakeWindows({
    registry: {
      [`${own}\\Environment`]: `[${own}\\Environment]\n`,
      [run]: `[${run}]\n"own"="%OWN%"\n"x"=${JSON.stringify(written)}\n`,
    },
  })
  expect(host.listed().autostart).toEqual([{ account: 'ann', program }])
})

const hiveFile = '/C:/Users/ann/NTUSER.DAT'
const hivex = hiveFixture('hives/hivex.dat')

test('of an account that is not logged on its hive’s file says the same, and is read again only when it changed', async () => {
  const { host, touched } = await fakeWindows({ files: { [hiveFile]: hivex } })
  const { apps, autostart, gaps } = host.listed()
  expect(apps).toContainEqual({
    account: 'ann',
    id: 'Zed',
    name: 'Zed',
    version: '0.213.3',
    path: '/C:/Users/ann/AppData/Local/Programs/Zed',
  })
  expect(autostart).toEqual([
    { account: 'ann', program: '/C:/Users/ann/x.exe' },
    { account: 'ann', program: '/C:/Users/ann/tools/gemini.cmd' },
  ])
  expect(gaps).toEqual([])

  const before = touched.length
  await host.prepare()
  expect(touched.slice(before).filter((path) => path === hiveFile)).toHaveLength(1)
  expect(host.listed()).toEqual({ apps, autostart, gaps })
})

test.each<[string, FakeNode, number, string]>([
  [
    'one that Windows had not written everything into is read, and the log is the gap',
    leftBehind(Buffer.from(hivex)),
    3,
    'ann unsupported /C:/Users/ann/NTUSER.DAT.LOG1 (hive-behind)',
  ],
  [
    'one that the system holds open, as of an account that has just logged on',
    { content: hivex, fails: 'EBUSY' },
    0,
    `ann failed ${hiveFile} (EBUSY)`,
  ],
  ['something else of its name', 'x', 0, `ann unparsable ${hiveFile} (no-hive)`],
  ['one that is damaged', hivex.subarray(0, 9000), 0, `ann unparsable ${hiveFile}`],
  ['a link out of the home', { link: '/C:/Windows/x' }, 0, 'ann outside-home /C:/Windows'],
])('a hive’s file: %s', async (_title, node, apps, gap) => {
  const { host } = await fakeWindows({ files: { [hiveFile]: node } })
  expect(host.listed().apps).toHaveLength(apps)
  expect(host.listed().gaps.map(inShort)).toEqual([gap])
})

test('UserAssist of an account that is not logged on, of the program that is asked for alone', async () => {
  const { host } = await fakeWindows({ files: { [hiveFile]: hivex } })
  const [ann] = host.accounts().accounts
  if (ann === undefined) throw new Error('no ann')
  const noted = await host.notedStarts(ann, (program) => program.endsWith('/cursor.exe'))
  expect(noted).toEqual({
    starts: [
      {
        list: 'user-assist',
        program: '/users/ann/appdata/local/programs/cursor/cursor.exe',
        at: Date.parse('2025-08-20T10:09:14.195Z'),
      },
    ],
    unread: ['bam'],
  })
})
