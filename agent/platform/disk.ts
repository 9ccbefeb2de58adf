// The few system calls that the gateway is made of, so that tests can run it over a tree that exists nowhere.
// Nothing here decides anything; files.ts says what the rules are, folders.ts and gateway.ts keep them.
import fs from 'node:fs'
import type { Entry, EntryKind } from './files.ts'

export interface Status {
  readonly mode: number
  readonly size: number
  readonly atimeMs: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly birthtimeMs: number
  readonly uid: number
  readonly dev: number
  readonly ino: number
  /** Blocks of 512 bytes that it takes on the disk, where the system tells. */
  readonly blocks?: number
}

/** Throws errors with a `code`, as node:fs does, for everything but a missing file in `lstat`. */
export interface Disk {
  lstat(path: string): Status | undefined
  readlink(path: string): string
  open(path: string, kind: 'file' | 'folder'): number
  fstat(handle: number): Status
  /** The real path of an open file; null where the system does not tell. */
  pathOf(handle: number): string | null
  read(handle: number, buffer: Buffer, offset: number, length: number, position: number): number
  /** Up to `max` entries of an open folder. */
  entries(handle: number, path: string, max: number): readonly Entry[]
  close(handle: number): void
  /** Whether only the name of a file is here, and reading it would fetch it from somebody's cloud. Absent: nothing is so. */
  readonly isPlaceholder?: (path: string, status: Status) => boolean
}

const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = fs.constants
const quiet = { throwIfNoEntry: false } as const
// Not following, not blocking on a FIFO or a lease, not taking a terminal; absent on Windows, where they are 0.
const safe =
  fs.constants.O_RDONLY |
  (fs.constants.O_NOFOLLOW ?? 0) |
  (fs.constants.O_NONBLOCK ?? 0) |
  (fs.constants.O_NOCTTY ?? 0)
const safeFolder = safe | (fs.constants.O_DIRECTORY ?? 0)
/** Leaves the access time as it is; on Linux, for the owner of a file and for root. */
const unnoticed = fs.constants.O_NOATIME ?? 0

export function kindOf(mode: number): EntryKind {
  const type = mode & S_IFMT
  if (type === S_IFREG) return 'file'
  if (type === S_IFDIR) return 'folder'
  return type === S_IFLNK ? 'link' : 'other'
}

/** This machine's disk. `descriptors`: the folder of open files (`/proc/self/fd`), null where there is none. */
export function thisDisk(descriptors: string | null): Disk {
  return {
    lstat: (path) => fs.lstatSync(path, quiet),
    readlink: (path) => fs.readlinkSync(path),
    open: (path, kind) => openQuietly(path, kind === 'folder' ? safeFolder : safe),
    fstat: (handle) => fs.fstatSync(handle),
    pathOf: (handle) => (descriptors === null ? null : fs.readlinkSync(`${descriptors}/${handle}`)),
    read: (handle, buffer, offset, length, position) => fs.readSync(handle, buffer, offset, length, position),
    entries: (handle, path, max) => entriesOf(descriptors === null ? path : `${descriptors}/${handle}`, max),
    close: (handle) => fs.closeSync(handle),
  }
}

function openQuietly(path: string, flags: number): number {
  try {
    return fs.openSync(path, flags | unnoticed)
  } catch (error) {
    const isOthers = unnoticed !== 0 && error instanceof Error && 'code' in error && error.code === 'EPERM'
    if (isOthers) return fs.openSync(path, flags)
    throw error
  }
}

function entriesOf(path: string, max: number): readonly Entry[] {
  const folder = fs.opendirSync(path, { bufferSize: 256 })
  try {
    const entries: Entry[] = []
    for (let entry = folder.readSync(); entry !== null && entries.length < max; entry = folder.readSync()) {
      entries.push({ name: entry.name, kind: entryKind(entry) })
    }
    return entries
  } finally {
    folder.closeSync()
  }
}

function entryKind(entry: fs.Dirent): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}
