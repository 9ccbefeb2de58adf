// The one gateway to other people's files: every path, listing and byte of them that the agent sees comes through here.
// Never follows a link out of the places it was given, never touches a remote mount, never blocks, never throws for
// anything that the owner of a file controls. Results are values; a missing file is no gap.
import type { GapReason } from '#shared/observation.ts'
import type { AccessTimes } from '../parsers/mountinfo.ts'
import type { Answers } from './answers.ts'

/** Why something that is there could not be seen; with a collector, an account and a time it becomes a gap. */
export interface Obstacle {
  readonly reason: GapReason
  readonly path: string
  readonly detail: string | null
}

/** `gap: null` means that there is nothing at that path. */
export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly gap: Obstacle | null }

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** What is at a path once its links are followed. Times in ms since 1970. */
export interface FileInfo {
  /** The path without any link in it. */
  readonly real: string
  readonly kind: EntryKind
  readonly bytes: number
  readonly modifiedAt: number
  readonly changedAt: number
  /** When it was last read, by whomever, as far as its mount keeps that (`Files.accessTimes`). */
  readonly accessedAt: number
  /** Birth time, null where the file system keeps none. */
  readonly createdAt: number | null
  readonly owner: number
  /** Whether anybody may execute it. */
  readonly executable: boolean
  /** `device:inode:birth`: the inode of a file that was removed is soon another's. */
  readonly identity: string
  /** What differs once it was written to, replaced or given away, exactly; null where several files are taken for one. */
  readonly version: FileVersion | null
}

/** What differs once a file or folder was changed, however it was put back: nobody sets `ctime` but through the clock. */
export interface FileVersion {
  readonly dev: number
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** To be kept: without what else the system told, which nobody asks for later. */
export function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: FileVersion): FileVersion {
  return { dev, ino, size, mtimeMs, ctimeMs }
}

export function isUnchanged(now: FileVersion, { dev, ino, size, mtimeMs, ctimeMs }: FileVersion): boolean {
  return (
    now.ctimeMs === ctimeMs &&
    now.ino === ino &&
    now.size === size &&
    now.mtimeMs === mtimeMs &&
    now.dev === dev
  )
}

export interface Entry {
  readonly name: string
  readonly kind: EntryKind
}

export interface Listing {
  /** The folder's path without any link in it. */
  readonly real: string
  readonly entries: readonly Entry[]
  /** Why the listing is not whole: too many entries, or names that are no UTF-8. */
  readonly gap: Obstacle | null
}

export interface SeenFile {
  /** The path without any link in it. */
  readonly real: string
  readonly version: FileVersion
}

/** A file while it is open; valid only inside the callback that it is given to. */
export interface OpenFile {
  readonly info: FileInfo
  /** At most `length` bytes from `position`; fewer at the end of the file. */
  readAt(position: number, length: number): Buffer
  /** The same into memory that the next `glimpse` at any file writes over: for thousands of files one after another. */
  glimpse(position: number, length: number): Buffer
}

/** A part of the file system that may be looked at. */
export interface Root {
  readonly path: string
  /** Numeric uids whose files are read; null: anybody's. Others are `foreign-owner` gaps. */
  readonly owners: readonly number[] | null
}

export interface ReachOptions {
  readonly roots: readonly Root[]
  /** `/proc/PID/root` for another mount namespace: paths are then as the processes in it see them. */
  readonly base?: string
}

/** The gateway, narrowed to some roots: what lies outside of them is not even touched. */
export interface Reach {
  /** What is there, links followed. Costs one `lstat` in a folder that was seen before, nothing in a missing one. */
  stat(path: string): Found<FileInfo>
  /** The names in a folder. Folders unchanged since an earlier look are not listed again. */
  list(path: string, maxEntries?: number): Found<Listing>
  /** The same as `stat` of an entry of a listing of this look, for less. */
  statIn(listing: Listing, entry: Entry): Found<FileInfo>
  /**
   * Whether each of some files in a folder of this look is as it was, for one `lstat` each and nothing more.
   * @param files seen in this folder before, by their real paths
   */
  areUnchanged(folder: Listing, files: readonly SeenFile[]): boolean
  /** The whole file, or a `too-large` gap. */
  read(path: string, maxBytes: number): Found<{ readonly info: FileInfo; readonly bytes: Buffer }>
  /** Opens, checks, calls, closes. `use` must not keep the file. */
  open<T>(path: string, use: (file: OpenFile) => T): Found<T>
  /**
   * The value of a parser over the whole file, kept between looks until the file changes. `parse` must be a
   * constant function: it is part of the key.
   */
  parsed<T>(path: string, maxBytes: number, parse: (bytes: Uint8Array) => T): Found<T>
  /** The same over the first bytes of a file of any size. */
  peeked<T>(path: string, bytes: number, parse: (bytes: Uint8Array) => T): Found<T>
  /** The same for what reads here and there in a file; `examine` must not keep the file. */
  examined<T>(path: string, examine: (file: OpenFile) => T): Found<T>
}

export interface Files {
  /** Whose layout the disk has: where programs and homes lie. */
  readonly os: 'linux' | 'darwin' | 'windows'
  /** Begins a new look: forgets resolved folders, reads the mount table again. */
  refresh(): void
  /** Gives back what only a look needs; the next one begins with `refresh`. */
  endLook(): void
  reach(options: ReachOptions): Reach
  /** Mount points of this look and the types of their file systems. */
  mounts(): ReadonlyMap<string, string>
  /** What the mount that a real path lies on keeps of accesses; null where that cannot be told. */
  accessTimes(path: string): AccessTimes | null
  /**
   * Notes what reaches are asked and answer from now on, until the returned function is called: that tells the answers, or null
   * where it could not be told later that they have changed. One at a time.
   */
  noteAnswers(): () => Answers | null
  /** Whether all of it would be answered the same in this look, for one `lstat` each; false once `isOver`. */
  wouldAnswerTheSame(answers: Answers, isOver: () => boolean): boolean
  /** Bytes of a system file that no user controls (`/proc`, `/etc/passwd`, …); null when missing or refused. */
  system(path: string, maxBytes: number): Buffer | null
}

export const missing = { ok: false, gap: null } as const

export function found<T>(value: T): Found<T> {
  return { ok: true, value }
}

export function refused(
  reason: GapReason,
  path: string,
  detail: string | null = null,
): { ok: false; gap: Obstacle } {
  return { ok: false, gap: { reason, path, detail } }
}
