// Under Wine: what the registry and the Prefetch folder note of starts, put there as Windows has it, is told by `explain`, and of
// another program nothing. Wine notes nothing itself.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Ran, Wine } from './wine.ts'

const program = String.raw`AppData\Local\Programs\cursor\Cursor.exe`
const place = '~/AppData/Local/Programs/cursor/Cursor.exe'
/** Values of real machines: test/fixtures/registry says whose. */
const moderated = { data: '153eae3657ded40100000000000000000000000002000000', at: '2019-03-19T13:25:26.149Z' }
const assisted = {
  data: `0000000001000000 01000000bd1f0000 ${'000080bf'.repeat(10)} ffffffff 3002267bba11dc01 00000000`.replaceAll(
    ' ',
    '',
  ),
  at: '2025-08-20T10:09:14.195Z',
}
const prefetchedAt = '2026-11-20T10:00:00.000Z'
const other = 'Private Player.exe'

const services = String.raw`HKLM\SYSTEM\CurrentControlSet\Services`
const explorer = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer`
const profiles = String.raw`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`

export function notedStartsTold(wine: Wine, run: (...words: string[]) => Ran) {
  const user = basename(wine.home)
  const sid = /S-1-5-21-[\d-]+/.exec(wine.tool('reg', 'query', profiles).stdout)?.[0] ?? ''
  const put = (key: string, name: string, data: string) =>
    wine.tool('reg', 'add', key, '/v', name, '/t', 'REG_BINARY', '/d', data, '/f')
  const bam = String.raw`${services}\bam\State\UserSettings` + `\\${sid}`
  put(bam, String.raw`\Device\HarddiskVolume3\users` + `\\${user}\\${program}`, moderated.data)
  put(bam, String.raw`\Device\HarddiskVolume3\users` + `\\${user}\\${other}`, moderated.data)
  const count = String.raw`${explorer}\UserAssist\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count`
  put(count, rot13(`C:\\users\\${user}\\${program}`), assisted.data)
  put(count, rot13(`C:\\users\\${user}\\${other}`), assisted.data)
  const native = `\\users\\${user}\\${program}`.toUpperCase()
  const file = join(wine.drive, 'windows/Prefetch', `CURSOR.EXE-${prefetchSum(native)}.pf`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'MAM')
  utimesSync(file, new Date(prefetchedAt), new Date(prefetchedAt))

  const printed = run('explain', 'cursor', '--json').stdout
  const told = notedIn(printed).map(({ list, account, program: what, at }) =>
    [list, account, what, at].join(' '),
  )
  const expected = [
    `prefetch  ${place} ${prefetchedAt}`,
    `user-assist ${user} ${place} ${assisted.at}`,
    `bam ${user} ${place} ${moderated.at}`,
  ]
  return {
    what: 'tells what Windows notes of a tool’s starts, and nothing of another program',
    ok: JSON.stringify(told) === JSON.stringify(expected) && !printed.includes(other),
    found: told.join(', '),
  }
}

interface Told {
  readonly list: string
  readonly account: string | null
  readonly program: string
  readonly at: string
}

function notedIn(printed: string): readonly Told[] {
  try {
    return (JSON.parse(printed) as { noted?: { programs: readonly Told[] } | null }).noted?.programs ?? []
  } catch {
    return []
  }
}

/** On the third volume; written apart from the agent's. */
function prefetchSum(native: string): string {
  let sum = 314_159n
  for (const byte of Buffer.from(`\\DEVICE\\HARDDISKVOLUME3${native}`, 'utf16le'))
    sum = (sum * 37n + BigInt(byte)) % 2n ** 32n
  return sum.toString(16).toUpperCase().padStart(8, '0')
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (one) =>
    String.fromCharCode(one.charCodeAt(0) + (one.toLowerCase() < 'n' ? 13 : -13)),
  )
}
