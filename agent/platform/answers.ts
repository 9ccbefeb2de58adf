// What was asked of a disk and what it answered, so that later one `lstat` for each tells whether all of it would be answered
// the same. The content of a file and the names in a folder are taken for the same while their version is.
import { isLocalType } from '../parsers/mountinfo.ts'
import type { Disk, Status } from './disk.ts'
import { type FileVersion, isUnchanged, versionOf } from './files.ts'
import { fromError } from './folders.ts'

export interface Answer {
  readonly path: string
  /** Null: there was nothing. */
  readonly version: FileVersion | null
}

export interface Answers {
  /** In the order in which they were asked for: a folder before what is in it. */
  readonly asked: readonly Answer[]
  /** Types of the mounts that are not looked into, by their points. What lies on one of this machine's own disks shows it itself. */
  readonly remote: ReadonlyMap<string, string>
}

export interface NotingDisk extends Disk {
  /** Null where a later `lstat` would not tell that an answer has changed. */
  answered(mounts: ReadonlyMap<string, string>): Answers | null
  /** Something was asked that is not in the answers. */
  spoil(): void
}

/** @param isSettled whether a later change of what has this status would show in its version */
export function noting(disk: Disk, isSettled: (status: Status) => boolean): NotingDisk {
  const asked = new Map<string, FileVersion | null>()
  let spoilt = false
  /** What the system refuses now it may grant the next time, and nothing would have changed. */
  const tried = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      spoilt = true
      throw error
    }
  }
  return {
    lstat(path) {
      const status = tried(() => disk.lstat(path))
      const before = asked.get(path)
      if (status !== undefined && !isSettled(status)) spoilt = true
      if (before === undefined) asked.set(path, status === undefined ? null : versionOf(status))
      else if (!isAsBefore(status, before)) spoilt = true
      return status
    },
    readlink: (path) => tried(() => disk.readlink(path)),
    open: (path, kind) => tried(() => disk.open(path, kind)),
    fstat: (handle) => tried(() => disk.fstat(handle)),
    pathOf: (handle) => tried(() => disk.pathOf(handle)),
    read: (handle, buffer, offset, length, position) =>
      tried(() => disk.read(handle, buffer, offset, length, position)),
    entries: (handle, path, max) => tried(() => disk.entries(handle, path, max)),
    close: (handle) => disk.close(handle),
    // A cloud fetches and removes a file's content, and may leave its times as they are.
    isPlaceholder(path, status) {
      const isOne = disk.isPlaceholder?.(path, status) === true
      spoilt ||= isOne
      return isOne
    },
    answered: (mounts) => (spoilt ? null : { asked: withoutFollowing(asked), remote: remoteOf(mounts) }),
    spoil() {
      spoilt = true
    },
  }
}

function isAsBefore(status: Status | undefined, version: FileVersion | null): boolean {
  return version === null ? status === undefined : status !== undefined && isUnchanged(status, version)
}

/** Without what was not there in a folder that was asked for itself: nothing comes to be in a folder that stays as it is. */
function withoutFollowing(asked: ReadonlyMap<string, FileVersion | null>): readonly Answer[] {
  return [...asked].flatMap(([path, version]) =>
    version === null && asked.get(folderOf(path)) != null ? [] : [{ path, version }],
  )
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1))
}

function remoteOf(mounts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...mounts].filter(([, type]) => !isLocalType(type)))
}

/** Whether the disk would answer all of it the same now; false where it was not asked to the end. */
export function wouldAnswerTheSame(
  disk: Pick<Disk, 'lstat'>,
  { asked, remote }: Answers,
  mounts: ReadonlyMap<string, string>,
  isOver: () => boolean,
): boolean {
  // First: what lies on another mount now is not to be touched.
  if (differingIn(remote, remoteOf(mounts)).some((point) => concerns(point, asked))) return false
  try {
    return asked.every(({ path, version }) => isAsBefore(disk.lstat(path), version) && !isOver())
  } catch (error) {
    fromError(error, '/')
    return false
  }
}

function differingIn(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((point) => a.get(point) !== b.get(point))
}

/**
 * Whether somebody asked for what is on a mount, or may have met it: that is told by the folder that it is in. Other processes
 * of this machine see mounts of their own, which concern nobody.
 */
function concerns(point: string, asked: readonly Answer[]): boolean {
  const folder = folderOf(point)
  return (
    folder === '/' ||
    asked.some(({ path }) => path === folder || path === point || path.startsWith(`${point}/`))
  )
}
