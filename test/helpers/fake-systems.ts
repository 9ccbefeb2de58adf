// A Mac and a Windows machine that exist nowhere: the real hosts of both systems over a made-up disk, with what the system's own
// programs would print given as text.
import { darwinHost } from '../../agent/platform/darwin.ts'
import type { Disk } from '../../agent/platform/disk.ts'
import type { Host } from '../../agent/platform/host.ts'
import type { Ask, SystemProgram } from '../../agent/platform/system-programs.ts'
import { windowsHost } from '../../agent/platform/windows.ts'
import { portablePath } from '../../agent/parsers/windows-paths.ts'
import { parseRegistryExport } from '../../agent/parsers/registry-export.ts'
import { fakeHost, type FakeTree } from './fake-host.ts'

export type Printed = Partial<Record<SystemProgram, string>>

export interface FakeMac {
  readonly files?: FakeTree
  /** Accounts as `name uid home`; root and ann (501) unless given. */
  readonly users?: readonly string[]
  readonly printed?: Printed
}

export interface FakeSystem {
  readonly host: Host
  /** Each program that was asked, with its arguments. */
  readonly asked: readonly string[]
  readonly touched: readonly string[]
}

const macMounts = '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n'

/** Ready to be looked at. */
export async function fakeMac(options: FakeMac = {}): Promise<FakeSystem> {
  const users = (options.users ?? ['root 0 /var/root', 'ann 501 /Users/ann']).map((line) => line.split(' '))
  const passwd = users.map(([name, uid, home]) => `${name}:x:${uid}:20::${home}:/bin/zsh\n`).join('')
  const base = fakeHost({ passwd, ...(options.files === undefined ? {} : { files: options.files }) })
  const dscl = users
    .map(([name, uid, home]) => `NFSHomeDirectory: ${home}\nRecordName: ${name}\nUniqueID: ${uid}\n`)
    .join('-\n')
  const { ask, asked } = asking(() => ({ mount: macMounts, dscl, ps: '', ...options.printed }))
  const disk: Disk = { ...base.disk, pathOf: () => null }
  const host = await darwinHost({ disk, ask, now: base.now })
  await host.prepare()
  return { host, asked, touched: base.touched }
}

export interface FakeWindows {
  /** By portable path: `/C:/Users/ann/…`. */
  readonly files?: FakeTree
  /** By the key that is exported, what the file says after its first line. */
  readonly registry?: Readonly<Record<string, string>>
  /** What CIM answers; null: nothing. */
  readonly snapshot?: unknown
}

export const annsSid = 'S-1-5-21-1004336348-1177238915-682003330-1001'
const profileList = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`
const annsProfile = `[${profileList}\\${annsSid}]\n"ProfileImagePath"="C:\\\\Users\\\\ann"\n`

export async function fakeWindows(options: FakeWindows = {}): Promise<FakeSystem> {
  const files: FakeTree = { '/C:/Users/ann': { folder: true }, ...options.files }
  const base = fakeHost({ passwd: '', files })
  const registry: Readonly<Record<string, string>> = { [profileList]: annsProfile, ...options.registry }
  const snapshot = options.snapshot ?? {
    processes: [],
    drives: [{ id: 'C:', type: 3, fileSystem: 'NTFS' }],
  }
  const powershell = Buffer.from(JSON.stringify(snapshot)).toString('base64')
  const { ask, asked } = asking(() => ({ powershell }))
  const host = await windowsHost({
    disk: asNative(base.disk),
    ask: options.snapshot === null ? async () => null : ask,
    registry: async (key) => {
      const text = registry[key]
      return text === undefined ? null : parseRegistryExport(exported(text))
    },
    now: base.now,
  })
  await host.prepare()
  return { host, asked, touched: base.touched }
}

/** As `reg export` writes a file. */
export function exported(keys: string): Buffer {
  const text = `\uFEFFWindows Registry Editor Version 5.00\n\n${keys}`
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'utf16le')
}

function asking(printed: () => Printed): { readonly ask: Ask; readonly asked: readonly string[] } {
  const asked: string[] = []
  return {
    asked,
    ask: async (program, args) => {
      asked.push([program, ...args].join(' '))
      return printed()[program] ?? null
    },
  }
}

/** Takes Windows' own paths, as its system calls do. */
function asNative(disk: Disk): Disk {
  const own = (path: string): string => {
    const portable = /^(?:\\\\\?\\|[A-Z]:\\$)/.test(path) ? portablePath(path) : null
    if (portable === null) throw new Error(`not a path that Windows takes literally: ${path}`)
    return portable
  }
  return {
    ...disk,
    lstat: (path) => disk.lstat(own(path)),
    readlink: (path) => disk.readlink(own(path)).replace(/^\/(?=[A-Z]:)/, ''),
    open: (path, kind) => disk.open(own(path), kind),
    pathOf: () => null,
    entries: (handle, path, max) => disk.entries(handle, own(path), max),
  }
}
