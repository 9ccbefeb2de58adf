// The agent's own files: its state folder, and the few files named on its command line. Never another person's files
// (files.ts is for those): here links are followed as usual, because the caller owns or chose the place.
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/**
 * Why a file or folder of the agent's own could not be used: the system's code, such as `EACCES`; `FOREIGN` where it belongs to
 * another account, `OPEN` where others can write it (of a secret: read it).
 */
export interface FileFault {
  readonly ok: false
  readonly code: string
  readonly path: string
}
export type FileText = { readonly ok: true; readonly text: string } | FileFault

/** A folder that only its owner may enter, with small files that are replaced as a whole. */
export interface OwnFolder {
  readonly path: string
  readonly pathOf: (name: string) => string
  readonly read: (name: string) => FileText
  /** A file's bytes; null where there are none to be had. */
  readonly bytes: (name: string) => Buffer | null
  /** Replaces the file so that a crash leaves the old text or the new one, never half; readable by the owner only. */
  readonly write: (name: string, text: string) => { readonly ok: true } | FileFault
  /**
   * The same for a file that belongs to an account: it alone can read it. `given`: false where this process has no right to
   * give files away; it is then closed to everybody else, and a program with that right is to hand it out.
   */
  readonly writeFor: (
    uid: number,
    name: string,
    text: string,
  ) => { readonly ok: true; readonly given: boolean } | FileFault
  /** The same for a file that everybody may read. */
  readonly writeForAll: (name: string, text: string) => { readonly ok: true } | FileFault
  /** Names of the files in it; none where it cannot be listed. */
  readonly names: () => readonly string[]
  /** Removes a file, if it is there and may be removed. */
  readonly remove: (name: string) => void
  /** Makes an empty file that only its owner may read, where there is none; what SQLite puts beside it follows it. */
  readonly reserve: (name: string) => void
  /** Renames files out of the way; those that are not there are passed over. Returns the new names. */
  readonly setAside: (names: readonly string[], suffix: string) => readonly string[]
}

export interface OpenOptions {
  /** False: a missing folder is a fault. */
  readonly create?: boolean
  /** Anyone may enter it and see the names in it, as for files that each belong to another account. */
  readonly open?: boolean
}

/** Opens the folder; makes it where it is missing, for its owner alone unless it is said to be open. */
export function openOwnFolder(
  path: string,
  options: OpenOptions = {},
): { readonly ok: true; readonly folder: OwnFolder } | FileFault {
  try {
    if (options.create !== false) makeFolder(path, options.open === true ? 0o755 : 0o700)
    const info = statSync(path)
    if (!info.isDirectory()) return { ok: false, code: 'ENOTDIR', path }
    const fault = options.create === false ? null : distrusted(path, info)
    if (fault !== null) return { ok: false, code: fault, path }
  } catch (error) {
    return { ok: false, code: codeOf(error), path }
  }
  return { ok: true, folder: folderAt(path) }
}

/** What is as it should be is left alone: of two folders whose names begin alike Node's permission model knows only one. */
function makeFolder(path: string, mode: 0o755 | 0o700): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true, mode })
  // The process's own mask may have taken something off, and others' rights to a folder of copies are as they are meant.
  if (mode === 0o755 && (statSync(path).mode & 0o777) !== mode) chmodSync(path, mode)
}

/**
 * Why nothing may be kept in a folder: whoever owns it, can write it or made the link to it could put something else there.
 * Windows keeps rights in lists that Node does not show.
 */
function distrusted(path: string, info: Stats): 'FOREIGN' | 'OPEN' | null {
  const self = process.geteuid?.()
  if (self === undefined) return null
  if (info.uid !== self) return 'FOREIGN'
  const { uid } = lstatSync(path)
  if (uid !== self && uid !== 0) return 'FOREIGN'
  return (info.mode & 0o022) === 0 ? null : 'OPEN'
}

function folderAt(path: string): OwnFolder {
  return {
    path,
    pathOf: (name) => join(path, name),
    read: (name) => readChosenFile(join(path, name), 1024 * 1024),
    bytes(name) {
      try {
        return readFileSync(join(path, name))
      } catch {
        return null
      }
    },
    write: (name, text) => replaceFile(join(path, name), text, 0o600),
    writeFor(uid, name, text) {
      let given = false
      const written = replaceFile(join(path, name), text, 0o400, (file) => void (given = give(file, uid)))
      return written.ok ? { ok: true, given } : written
    },
    // Whatever the process's own mask takes off.
    writeForAll: (name, text) => replaceFile(join(path, name), text, 0o644, (file) => chmodSync(file, 0o644)),
    names() {
      try {
        return readdirSync(path)
      } catch {
        return [] // as if it were empty: nothing can be done about what is in it
      }
    },
    remove: (name) => removeFile(join(path, name)),
    reserve(name) {
      try {
        closeSync(openSync(join(path, name), 'a', 0o600))
      } catch {
        // Who opens it next will say what is wrong with it.
      }
    },
    setAside(names, suffix) {
      return names.flatMap((name) => {
        try {
          renameSync(join(path, name), join(path, `${name}.${suffix}`))
          return [`${name}.${suffix}`]
        } catch {
          return [] // not there, or not ours to move: the caller goes on with what it has
        }
      })
    },
  }
}

/** Which file there is under a name, told from any other on this machine; null where there is none. */
export function fileNumber(path: string): string | null {
  const info = statSync(path, { throwIfNoEntry: false })
  return info === undefined ? null : `${info.dev}:${info.ino}`
}

/** Reads a file that the person running the command named, or that the agent wrote. */
export function readChosenFile(path: string, maxBytes: number): FileText {
  try {
    const size = statSync(path).size
    if (size > maxBytes) return { ok: false, code: 'EFBIG', path }
    return { ok: true, text: readFileSync(path, 'utf8') }
  } catch (error) {
    return { ok: false, code: codeOf(error), path }
  }
}

/**
 * Reads a file that holds a secret of the agent's. Refused where another account owns it or can read it: a secret that others
 * have read, or that others have put there, is none.
 */
export function readSecretFile(path: string, maxBytes: number): FileText {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const fault = secretFault(fstatSync(file), maxBytes)
      return fault === null
        ? { ok: true, text: readFileSync(file, 'utf8') }
        : { ok: false, code: fault, path }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return { ok: false, code: codeOf(error), path }
  }
}

function secretFault(info: Stats, maxBytes: number): string | null {
  if (!info.isFile()) return 'EINVAL'
  if (info.size > maxBytes) return 'EFBIG'
  const self = process.geteuid?.()
  if (self === undefined) return null
  if (info.uid !== self && info.uid !== 0) return 'FOREIGN'
  return (info.mode & 0o077) === 0 ? null : 'OPEN'
}

// What is written goes to the disk as it is written: Node's permission model, with which the packaged agent runs, has no fsync.
// Windows' number for it is libuv's (FILE_FLAG_WRITE_THROUGH), which Node passes on and does not name. On macOS it is what SQLite
// relies on, too: it leaves out the drive's own cache, which is why a key has two copies.
const synchronous = process.platform === 'win32' ? 0x0800_0000 : constants.O_SYNC

/** @param prepare called before the file takes its place */
function replaceFile(
  path: string,
  text: string,
  mode: 0o600 | 0o400 | 0o644,
  prepare: (file: string) => void = () => {},
): { readonly ok: true } | FileFault {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  const { O_WRONLY, O_CREAT, O_EXCL } = constants
  try {
    const file = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | synchronous, mode)
    try {
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
    prepare(fresh)
    renameSync(fresh, path)
    return { ok: true }
  } catch (error) {
    removeFile(fresh)
    return { ok: false, code: codeOf(error), path }
  }
}

/** False where this process may not give files away. */
function give(file: string, uid: number): boolean {
  try {
    lchownSync(file, uid, -1)
    return true
  } catch (error) {
    if (codeOf(error) === 'EPERM') return false
    throw error
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Not there, or not ours to remove.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
}
