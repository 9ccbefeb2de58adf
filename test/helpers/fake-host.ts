// A machine that exists nowhere: an object literal as file tree under the real gateway, and processes as given.
// Keeps the rules of a Linux kernel as far as the gateway relies on them: links, owners, FIFOs, permissions, open files.
import { linuxAccounts } from '../../agent/platform/linux-accounts.ts'
import type { Disk, Status } from '../../agent/platform/disk.ts'
import type { Entry } from '../../agent/platform/files.ts'
import { createFiles } from '../../agent/platform/gateway.ts'
import { type Host, type HostFacts, nothingListed, type Process } from '../../agent/platform/host.ts'

/** Text is a file's content; folders come to be by what lies in them. */
export type FakeNode =
  | string
  | Uint8Array
  | {
      readonly content?: string | Uint8Array
      /** Size said by the system, for files that are larger than is worth holding. */
      readonly bytes?: number
      readonly link?: string
      readonly fifo?: true
      readonly folder?: true
      readonly owner?: number
      readonly mode?: number
      readonly modifiedAt?: number
      /** As when it was modified, unless given: nobody has read it since. */
      readonly accessedAt?: number
      readonly createdAt?: number
      /** Blocks on the disk: 0 where a cloud has what is in it. */
      readonly blocks?: number
      /** Opening it, or a path through it, fails with this code. */
      readonly fails?: string
    }
export type FakeTree = Readonly<Record<string, FakeNode>>

export interface FakeHostOptions {
  readonly files?: FakeTree
  /** Lines of /etc/passwd; `root` and `ann` (uid 1000) unless given. */
  readonly passwd?: string
  readonly processes?: readonly (Partial<Process> & { readonly pid: number })[]
  /** Lines of /proc/self/mountinfo as `point type`, or `point type options`; without options `rw`. */
  readonly mounts?: readonly string[]
  readonly now?: number
  /** Number of its hardware; that of every other one unless given. */
  readonly machine?: string
}

export interface FakeHost extends Host {
  /** Its disk, to put another system's host over it. */
  readonly disk: Disk
  /** Changes the tree between looks. `null` removes. */
  put(path: string, node: FakeNode | null): void
  /** Called before every `open`, to change the tree under the gateway's feet. */
  beforeOpen: ((path: string) => void) | null
  /** Called before anything is asked of the disk. */
  beforeTouch: ((path: string) => void) | null
  advance(ms: number): void
  /** Time passes while the machine sleeps. */
  sleep(ms: number): void
  /** Somebody, or a time service, sets the device clock. */
  setClock(byMs: number): void
  /** The machine is started anew, as long after as given; its clock goes on unless it is set. */
  restart(afterMs: number): void
  /** Every path that was asked of the disk, in order. */
  readonly touched: readonly string[]
  openFiles(): number
}

interface Inode {
  readonly ino: number
  readonly mode: number
  readonly uid: number
  readonly content: Buffer
  readonly bytes: number
  readonly link: string | null
  readonly fails: string | null
  modifiedAt: number
  readonly accessedAt: number | null
  readonly createdAt: number
  readonly blocks: number | null
}

export const aNow = Date.UTC(2026, 10, 22, 12, 0, 0)
const longAgo = aNow - 86_400_000
const regular = 0o100000
const folderMode = 0o040755
const linkMode = 0o120777
const fifoMode = 0o010644
export const passwdUsual = 'root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/bash\n'

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  let clock = options.now ?? aNow
  let sinceBootMs = 3_600_000
  let awakeMs = 0
  let boots = 0
  const passwd = options.passwd ?? passwdUsual
  const owners = passwd.split('\n').flatMap((line) => {
    const [name, , uid, , , home] = line.split(':')
    return name && uid && home && /^\d+$/.test(uid) ? [[home, Number(uid)] as const] : []
  })
  const inodes = new Map<string, Inode>()
  let lastIno = 1
  const touched: string[] = []

  function failure(code: string, path: string): Error {
    return Object.assign(new Error(`${code}: ${path}`), { code })
  }

  function ownerOf(path: string): number {
    return owners.find(([home]) => path === home || path.startsWith(`${home}/`))?.[1] ?? 0
  }

  function addFolders(path: string): void {
    const segments = path.split('/').slice(1, -1)
    let folder = ''
    for (const segment of ['', ...segments]) {
      const parent = inodes.get(folder)
      folder = segment === '' ? '/' : folder === '/' ? `/${segment}` : `${folder}/${segment}`
      if (inodes.has(folder)) continue
      inodes.set(folder, inodeOf(folder, { folder: true }))
      if (parent !== undefined) parent.modifiedAt = clock
    }
  }

  function inodeOf(path: string, node: FakeNode): Inode {
    const given = typeof node === 'string' || node instanceof Uint8Array ? { content: node } : node
    const content = Buffer.from((given.content ?? '') as string)
    const type = given.folder
      ? folderMode
      : given.link !== undefined
        ? linkMode
        : given.fifo
          ? fifoMode
          : regular | (given.mode ?? 0o644)
    return {
      ino: (lastIno += 1),
      mode: type,
      uid: given.owner ?? ownerOf(path),
      content,
      bytes: given.bytes ?? content.length,
      link: given.link ?? null,
      fails: given.fails ?? null,
      modifiedAt: given.modifiedAt ?? longAgo,
      accessedAt: given.accessedAt ?? null,
      createdAt: given.createdAt ?? longAgo,
      blocks: given.blocks ?? null,
    }
  }

  function put(path: string, node: FakeNode | null): void {
    addFolders(path)
    const before = inodes.get(path)
    const parent = inodes.get(path.slice(0, path.lastIndexOf('/')) || '/')
    if (node === null) {
      for (const one of [...inodes.keys()]) if (one === path || one.startsWith(`${path}/`)) inodes.delete(one)
    } else {
      const made = inodeOf(path, node)
      // Writing to a file keeps its inode; putting another kind of thing there does not.
      inodes.set(
        path,
        before !== undefined && before.mode === made.mode ? { ...made, ino: before.ino } : made,
      )
    }
    if (parent !== undefined && (node === null || before === undefined)) parent.modifiedAt = clock
  }

  /** As a kernel: follows links in all components but the last. */
  function resolve(path: string, links = 0): string {
    if (links > 40) throw failure('ELOOP', path)
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
    let at = '/'
    for (const [index, segment] of segments.entries()) {
      const next =
        segment === '..'
          ? at.slice(0, at.lastIndexOf('/')) || '/'
          : at === '/'
            ? `/${segment}`
            : `${at}/${segment}`
      const inode = inodes.get(next)
      const isLast = index === segments.length - 1
      if (inode === undefined) throw failure('ENOENT', path)
      if (!isLast && inode.fails !== null) throw failure(inode.fails, path)
      if (!isLast && inode.link !== null) {
        const rest = segments.slice(index + 1).join('/')
        return resolve(
          inode.link.startsWith('/') ? `${inode.link}/${rest}` : `${at}/${inode.link}/${rest}`,
          links + 1,
        )
      }
      if (!isLast && (inode.mode & 0o170000) !== 0o040000) throw failure('ENOTDIR', path)
      at = next
    }
    return at
  }

  function inodeAt(path: string): Inode {
    const inode = inodes.get(resolve(path))
    if (inode === undefined) throw failure('ENOENT', path)
    return inode
  }

  const status = (inode: Inode): Status => ({
    mode: inode.mode,
    size: inode.bytes,
    atimeMs: inode.accessedAt ?? inode.modifiedAt,
    mtimeMs: inode.modifiedAt,
    ctimeMs: inode.modifiedAt,
    birthtimeMs: inode.createdAt,
    uid: inode.uid,
    dev: 1,
    ino: inode.ino,
    ...(inode.blocks === null ? {} : { blocks: inode.blocks }),
  })

  const open = new Map<number, Inode>()
  const openedAt = new Map<number, string>()
  let lastHandle = 10
  const handled = (handle: number): Inode => {
    const inode = open.get(handle)
    if (inode === undefined) throw new Error(`handle ${handle} is not open: a bug in the gateway`)
    return inode
  }

  const hooks: Pick<FakeHost, 'beforeOpen' | 'beforeTouch'> = { beforeOpen: null, beforeTouch: null }
  const disk: Disk = {
    lstat(path) {
      hooks.beforeTouch?.(path)
      touched.push(path)
      try {
        return status(inodeAt(path))
      } catch (error) {
        const { code } = error as { code: string }
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
        throw error
      }
    },
    readlink(path) {
      const { link } = inodeAt(path)
      if (link === null) throw failure('EINVAL', path)
      return link
    },
    open(path, kind) {
      hooks.beforeTouch?.(path)
      hooks.beforeOpen?.(path)
      const inode = inodeAt(path)
      if (inode.fails !== null) throw failure(inode.fails, path)
      if (inode.link !== null) throw failure('ELOOP', path)
      if (kind === 'folder' && (inode.mode & 0o170000) !== 0o040000) throw failure('ENOTDIR', path)
      open.set((lastHandle += 1), inode)
      openedAt.set(lastHandle, path)
      return lastHandle
    },
    fstat: (handle) => status(handled(handle)),
    pathOf: (handle) => placeOf(handle) ?? '/gone (deleted)',
    read(handle, buffer, offset, length, position) {
      const { content } = handled(handle)
      // A kernel gives nothing behind the end, where `copy` throws.
      if (position >= content.length) return 0
      return content.copy(buffer, offset, position, Math.min(position + length, content.length))
    },
    entries(handle, _path, max) {
      const own = placeOf(handle) ?? ''
      hooks.beforeTouch?.(own)
      const prefix = own === '/' ? '/' : `${own}/`
      const entries: Entry[] = []
      for (const [path, inode] of inodes) {
        if (!path.startsWith(prefix) || path === '/' || path.slice(prefix.length).includes('/')) continue
        if (entries.length >= max) break
        entries.push({ name: path.slice(prefix.length), kind: kindOf(inode.mode) })
      }
      return entries
    },
    close(handle) {
      open.delete(handle)
      openedAt.delete(handle)
    },
  }

  /** Where what was opened is now: mostly where it was, which is looked at first, since there can be thousands. */
  function placeOf(handle: number): string | undefined {
    const { ino } = handled(handle)
    const before = openedAt.get(handle) ?? ''
    if (inodes.get(before)?.ino === ino) return before
    return [...inodes].find(([, inode]) => inode.ino === ino)?.[0]
  }

  function kindOf(mode: number): Entry['kind'] {
    const type = mode & 0o170000
    if (type === 0o100000) return 'file'
    if (type === 0o040000) return 'folder'
    return type === 0o120000 ? 'link' : 'other'
  }

  const mountinfo = (options.mounts ?? ['/ ext4', '/proc proc'])
    .map((mount, index) => {
      const [point, type, options = 'rw'] = mount.split(' ')
      return `${index} 1 8:${index} / ${point} ${options} - ${type} none rw\n`
    })
    .join('')
  put('/etc/passwd', passwd)
  put('/proc/self/mountinfo', mountinfo)
  for (const [home] of owners) if (home !== '/nonexistent') put(home, { folder: true })
  for (const [path, node] of Object.entries(options.files ?? {})) put(path, node)
  for (const inode of inodes.values()) if ((inode.mode & 0o170000) === 0o040000) inode.modifiedAt = longAgo

  const files = createFiles({ disk, os: 'linux', now: () => clock, mountTable: '/proc/self/mountinfo' })
  let names: ReadonlyMap<string, string> = new Map()
  const host: FakeHost = {
    os: 'linux',
    disk,
    files,
    put,
    get beforeTouch() {
      return hooks.beforeTouch
    },
    set beforeTouch(hook) {
      hooks.beforeTouch = hook
    },
    get beforeOpen() {
      return hooks.beforeOpen
    },
    set beforeOpen(hook) {
      hooks.beforeOpen = hook
    },
    advance(ms) {
      host.sleep(ms)
      awakeMs += ms
    },
    sleep(ms) {
      clock += ms
      sinceBootMs += ms
    },
    setClock: (byMs) => void (clock += byMs),
    restart(afterMs) {
      clock += afterMs
      sinceBootMs = 0
      boots += 1
    },
    sinceBootMs: () => sinceBootMs,
    awakeMs: () => awakeMs,
    touched,
    openFiles: () => open.size,
    now: () => clock,
    facts: (): HostFacts => ({
      hostname: 'laptop',
      os: 'linux',
      osVersion: 'Debian GNU/Linux 12 (bookworm)',
      arch: 'x64',
      serial: null,
      machine: { hardware: options.machine ?? 'machine-1', system: null },
      boot: `00000000-0000-4000-8000-00000000000${boots}`,
    }),
    prepare: async () => {},
    accounts() {
      const found = linuxAccounts(files, 0, clock)
      names = found.names
      return found
    },
    nameOf: (uid) => names.get(uid) ?? null,
    processes: () => ({ processes: (options.processes ?? []).map(processOf), gaps: [] }),
    listed: () => nothingListed,
    notedStarts: async () => null,
  }
  return host
}

function processOf(given: Partial<Process> & { readonly pid: number }): Process {
  return {
    parentPid: 1,
    uid: '1000',
    name: given.executable?.split('/').at(-1) ?? 'process',
    startedAt: aNow - 60_000,
    executable: null,
    argv: null,
    cwd: '/home/ann',
    contained: false,
    variables: () => null,
    ...given,
  }
}
