// A Windows machine's disk under the gateway: paths with drive letters, what may be executed, what lies in a cloud alone.
import type { Disk, Status } from './disk.ts'
import { nativePath, portablePath } from '../parsers/windows-paths.ts'

/** A link to a share or to a volume without a letter leads here, which lies in no root: it is never touched. */
export const elsewhere = '/elsewhere'

const runs = /\.(?:exe|com|cmd|bat)$/i
/** NTFS keeps a file of up to its record's size without a block of its own. */
const smallestWithBlocks = 4096
/** Folders that OneDrive keeps: there even a small file without blocks is only a name. */
const synced = /^\/[A-Z]:\/Users\/[^/]+\/OneDrive(?: - [^/]+)?\//i

/** @param disk of the system's own paths */
export function windowsDisk(disk: Disk): Disk {
  const asRun = (path: string, status: Status): Status =>
    // Node says of every file that nobody may execute it: the system goes by its name.
    runs.test(path) ? shown(status, status.mode | 0o111) : status
  return {
    ...disk,
    lstat(path) {
      const native = nativePath(path)
      const status = native === null ? undefined : disk.lstat(native)
      return status === undefined ? undefined : asRun(path, status)
    },
    readlink: (path) => portablePath(disk.readlink(native(path))) ?? elsewhere,
    open: (path, kind) => disk.open(native(path), kind),
    entries: (handle, path, max) => disk.entries(handle, native(path), max),
    isPlaceholder: (path, { size, blocks }) =>
      blocks === 0 &&
      /^\/[A-Z]:\/Users\//i.test(path) &&
      (size >= smallestWithBlocks || (size > 0 && synced.test(path))),
  }
}

function shown(status: Status, mode: number): Status {
  const { size, atimeMs, mtimeMs, ctimeMs, birthtimeMs, uid, dev, ino, blocks } = status
  return {
    mode,
    size,
    atimeMs,
    mtimeMs,
    ctimeMs,
    birthtimeMs,
    uid,
    dev,
    ino,
    ...(blocks === undefined ? {} : { blocks }),
  }
}

function native(path: string): string {
  const native = nativePath(path)
  // The gateway takes this for what it is: there can be no such file.
  if (native === null) throw Object.assign(new Error(`no path on a drive: ${path}`), { code: 'ENOENT' })
  return native
}
