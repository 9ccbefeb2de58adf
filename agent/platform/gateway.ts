// The rules of files.ts over a disk: who may be read, what is opened, what is checked after opening, what is bounded.
import type { Mount } from '../parsers/mountinfo.ts'
import { accessTimesAt, parseMountinfo } from '../parsers/mountinfo.ts'
import { type Answers, type NotingDisk, noting, wouldAnswerTheSame } from './answers.ts'
import type { Disk, Status } from './disk.ts'
import { kindOf } from './disk.ts'
import type { FileInfo, Files, Found, Listing, OpenFile, Reach, ReachOptions, Root } from './files.ts'
import { found, isUnchanged, missing, refused, versionOf } from './files.ts'
import type { Folder, Folders, Located } from './folders.ts'
import { foldersWithin, fromError, mountTable } from './folders.ts'
import { type Kept, nothingKept, rememberListing } from './kept.ts'
import { plainNamesOf } from './listing-names.ts'
import { StatusInfo } from './status-info.ts'

const maxEntriesUsual = 10_000
const maxSystemBytes = 16 * 1024 * 1024
/** A folder changed so shortly before it was listed may change again within one tick of its clock. */
const racyMs = 3_000
const maxRememberedFiles = 4_000

/** Whether a change from now on would show in its times. */
function isSettled({ mtimeMs, ctimeMs }: Status, now: number): boolean {
  return now - mtimeMs > racyMs && now - ctimeMs > racyMs
}

export interface GatewayOptions {
  readonly disk: Disk
  readonly os: Files['os']
  /** Device clock, ms since 1970. */
  readonly now: () => number
  /** `/proc/self/mountinfo`, or what stands for it where the system tells its mounts in another way. */
  readonly mountTable: string | (() => readonly Mount[])
}

export function createFiles({ disk, os, now, mountTable: table }: GatewayOptions): Files {
  const kept = nothingKept()
  let notes: NotingDisk | null = null
  let reaches = new Map<string, Reach>()
  // The same list of roots is asked for thousands of times in a look.
  let byRoots = new WeakMap<readonly Root[], Reach>()
  /** Nothing is mounted from one look to the next, mostly. */
  let lastMounts: { readonly text: string; readonly mounts: readonly Mount[] } = { text: '', mounts: [] }
  let mounts = readMounts('')
  function forget(): void {
    reaches = new Map()
    byRoots = new WeakMap()
    scratchpad = null
  }

  function readMounts(base: string): ReadonlyMap<string, string> {
    return mountTable(mountsNow(base === '' ? table : base.replace(/\/root$/, '/mountinfo')))
  }

  function mountsNow(from: GatewayOptions['mountTable']): readonly Mount[] {
    if (typeof from !== 'string') return from()
    const text = system(from, maxSystemBytes)?.toString('utf8') ?? ''
    if (text !== lastMounts.text) lastMounts = { text, mounts: parseMountinfo(text) }
    return lastMounts.mounts
  }

  function system(path: string, maxBytes: number): Buffer | null {
    notes?.spoil()
    let handle: number
    try {
      handle = disk.open(path, 'file')
    } catch (error) {
      fromError(error, path)
      return null
    }
    try {
      return readWhole(disk, handle, maxBytes)
    } catch (error) {
      fromError(error, path)
      return null
    } finally {
      disk.close(handle)
    }
  }

  function reach(options: ReachOptions): Reach {
    if (options.base !== undefined) return reachAt(options.base, options.roots)
    const known = byRoots.get(options.roots)
    if (known !== undefined) return known
    const made = reachAt('', options.roots)
    byRoots.set(options.roots, made)
    return made
  }

  function reachAt(base: string, roots: readonly Root[]): Reach {
    const key = JSON.stringify([base, roots])
    const known = reaches.get(key)
    if (known !== undefined) return known
    // Paths in another mount namespace are over once the process is.
    if (base !== '') notes?.spoil()
    const made = reachOver({
      disk: notes ?? disk,
      now,
      kept,
      base,
      mounts: base === '' ? mounts : readMounts(base),
      roots,
    })
    reaches.set(key, made)
    return made
  }

  function noteAnswers(): () => Answers | null {
    // What was learnt before is not to be told as if it had been asked for.
    forget()
    const own = noting(disk, (status) => isSettled(status, now()))
    notes = own
    return () => {
      if (notes === own) {
        forget()
        notes = null
      }
      return own.answered(mounts)
    }
  }

  return {
    os,
    refresh() {
      forget()
      mounts = readMounts('')
    },
    endLook: forget,
    noteAnswers,
    wouldAnswerTheSame: (answers, isOver) => wouldAnswerTheSame(disk, answers, mounts, isOver),
    reach,
    mounts() {
      notes?.spoil()
      return mounts
    },
    accessTimes: (path) => accessTimesAt(mountsNow(table), path),
    system,
  }
}

interface ReachParts {
  readonly disk: Disk
  readonly now: () => number
  readonly kept: Kept
  readonly base: string
  readonly mounts: ReadonlyMap<string, string>
  readonly roots: readonly Root[]
}

function reachOver({ disk, now, kept, base, mounts, roots }: ReachParts): Reach {
  const folders: Folders = foldersWithin({ disk, base, mounts, roots, namesIn })

  /** Of a folder that is as it was when it was listed. Other mount namespaces are looked at once, too seldom to be worth it. */
  function namesIn({ real, status }: Folder, worthListing: boolean): ReadonlySet<string> | null {
    if (base !== '' || status === null) return null
    let known = kept.listings.get(real)
    if (known === undefined || !isUnchanged(status, known.version)) {
      const crowded = kept.crowded.get(real)
      if (!worthListing || (crowded !== undefined && isUnchanged(status, crowded))) return null
      const listing = list({ real, status })
      if (listing.ok && listing.value.gap?.reason === 'too-many') kept.crowded.set(real, versionOf(status))
      known = kept.listings.get(real)
      if (known === undefined || !isUnchanged(status, known.version)) return null
    }
    return plainNamesOf(known.entries)
  }

  /** Opens what was located, makes sure that it is the same thing, and closes it again. */
  function opened<T>(
    at: Pick<Located, 'real' | 'status'>,
    kind: 'file' | 'folder',
    then: (handle: number, status: Status) => Found<T>,
  ): Found<T> {
    let handle: number
    try {
      handle = disk.open(base + at.real, kind)
    } catch (error) {
      const failure = fromError(error, at.real)
      // Not followed: somebody put a link where the file was a moment ago.
      return !failure.ok && failure.gap?.detail === 'ELOOP'
        ? refused('changed-while-read', at.real, 'ELOOP')
        : failure
    }
    try {
      const status = disk.fstat(handle)
      if (kindOf(status.mode) !== kind || status.dev !== at.status.dev || status.ino !== at.status.ino) {
        return refused('changed-while-read', at.real, 'other-file')
      }
      const path = disk.pathOf(handle)
      if (path !== null && path !== at.real && path !== base + at.real)
        return refused('changed-while-read', at.real, 'moved')
      return then(handle, status)
    } catch (error) {
      return fromError(error, at.real)
    } finally {
      disk.close(handle)
    }
  }

  function readable(path: string): Found<Located> {
    const located = folders.locate(path)
    if (!located.ok) return located
    const { status, root, real } = located.value
    if (kindOf(status.mode) !== 'file') return refused('not-regular', real)
    if (root.owners !== null && !root.owners.includes(status.uid))
      return refused('foreign-owner', real, `uid:${status.uid}`)
    if (disk.isPlaceholder?.(real, status) === true) return refused('remote-mount', real, 'not-on-disk')
    return located
  }

  function open<T>(path: string, use: (file: OpenFile) => Found<T>): Found<T> {
    const located = readable(path)
    if (!located.ok) return located
    return opened(located.value, 'file', (handle, status) =>
      use({
        info: new StatusInfo(located.value.real, status),
        readAt: (position, length) => readRange(disk, handle, position, Buffer.allocUnsafe(length)),
        glimpse: (position, length) => readRange(disk, handle, position, scratch(length)),
      }),
    )
  }

  function read(path: string, maxBytes: number): Found<{ info: FileInfo; bytes: Buffer }> {
    return open(path, (file) => {
      if (file.info.bytes > maxBytes) return refused('too-large', file.info.real, `${file.info.bytes} bytes`)
      // Of a file that grows meanwhile: what it was when it was opened.
      const bytes = file.readAt(0, file.info.bytes)
      return found({ info: file.info, bytes })
    })
  }

  function whole(path: string, maxBytes: number): Found<Buffer> {
    const content = read(path, maxBytes)
    return content.ok ? found(content.value.bytes) : content
  }

  /** What a parser made of a file, as long as the file stays the same. The parser is part of the key. */
  function remembered<T>(path: string, parser: object, make: () => Found<T>): Found<T> {
    const located = readable(path)
    if (!located.ok) return located
    const { status, real } = located.value
    let known = kept.files.get(parser)
    if (known === undefined) kept.files.set(parser, (known = new Map()))
    const hit = known.get(base + real)
    // Stored under this very parser, so it is what this parser made.
    if (hit !== undefined && isUnchanged(status, hit.version)) return found(hit.value as T)
    const made = make()
    if (!made.ok) return made
    if (known.size >= maxRememberedFiles) known.clear()
    if (now() - status.ctimeMs > racyMs)
      known.set(base + real, { version: versionOf(status), value: made.value })
    else known.delete(base + real)
    return made
  }

  function parsedFrom<T>(bytes: Found<Buffer>, parse: (bytes: Uint8Array) => T): Found<T> {
    return bytes.ok ? found(parse(bytes.value)) : bytes
  }

  function list(at: Pick<Located, 'real' | 'status'>, maxEntries = maxEntriesUsual): Found<Listing> {
    const { real, status } = at
    if (kindOf(status.mode) !== 'folder') return missing
    const known = kept.listings.get(base + real)
    if (known !== undefined && isUnchanged(status, known.version))
      return found({ real, entries: known.entries, gap: null })
    return opened(at, 'folder', (handle): Found<Listing> => {
      const all = disk.entries(handle, base + real, maxEntries + 1)
      const entries = all.slice(0, maxEntries).filter((entry) => !entry.name.includes('\uFFFD'))
      if (all.length > maxEntries) {
        return found({
          real,
          entries,
          gap: { reason: 'too-many', path: real, detail: `more than ${maxEntries}` },
        })
      }
      if (entries.length < all.length) {
        return found({ real, entries, gap: { reason: 'failed', path: real, detail: 'name-not-utf8' } })
      }
      rememberListing(kept, base + real, { version: versionOf(status), entries }, isSettled(status, now()))
      return found({ real, entries, gap: null })
    })
  }

  return {
    stat(path) {
      const located = folders.locate(path)
      return located.ok ? found(new StatusInfo(located.value.real, located.value.status)) : located
    },

    list(path, maxEntries) {
      const located = folders.locate(path)
      return located.ok ? list(located.value, maxEntries) : located
    },

    statIn({ real }, entry) {
      const located = folders.listed(real, entry)
      return located.ok ? found(new StatusInfo(located.value.real, located.value.status)) : located
    },

    areUnchanged: ({ real }, files) => folders.areUnchanged(real, files),

    read,

    open: (path, use) => open(path, (file) => found(use(file))),

    parsed: (path, maxBytes, parse) =>
      remembered(path, parse, () => parsedFrom(whole(path, maxBytes), parse)),

    peeked: (path, bytes, parse) =>
      remembered(path, parse, () =>
        parsedFrom(
          open(path, (file) => found(file.readAt(0, bytes))),
          parse,
        ),
      ),

    examined: (path, examine) => remembered(path, examine, () => open(path, (file) => found(examine(file)))),
  }
}

/** More is rare enough to be allocated when it is needed. */
const scratchBytes = 512 * 1024
let scratchpad: Buffer | null = null

function scratch(length: number): Buffer {
  if (length > scratchBytes) return Buffer.allocUnsafe(length)
  scratchpad ??= Buffer.allocUnsafeSlow(scratchBytes)
  return scratchpad.subarray(0, length)
}

function readRange(disk: Disk, handle: number, position: number, buffer: Buffer): Buffer {
  const { length } = buffer
  let filled = 0
  while (filled < length) {
    const count = disk.read(handle, buffer, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}

/** For files of /proc, whose size is said to be 0: reads until the end or the bound. */
function readWhole(disk: Disk, handle: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = []
  let total = 0
  while (total < maxBytes) {
    const chunk = readRange(disk, handle, total, Buffer.allocUnsafe(Math.min(64 * 1024, maxBytes - total)))
    if (chunk.length === 0) break
    chunks.push(chunk)
    total += chunk.length
  }
  return Buffer.concat(chunks)
}
