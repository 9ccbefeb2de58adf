// The agent's own files: its state folder, and the few files named on its command line. Never another person's files
// (files.ts is for those): here links are followed as usual, because the caller owns or chose the place.
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** Why a file or folder of the agent's own could not be used: the system's code, such as `EACCES`. */
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
  /** The same for a file that belongs to an account: it alone can read it. Needs root. */
  readonly writeFor: (uid: number, name: string, text: string) => { readonly ok: true } | FileFault
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
    if (options.create !== false) {
      mkdirSync(path, { recursive: true, mode: options.open === true ? 0o755 : 0o700 })
      // The process's own mask may have taken something off.
      if (options.open === true) chmodSync(path, 0o755)
    }
    if (!statSync(path).isDirectory()) return { ok: false, code: 'ENOTDIR', path }
  } catch (error) {
    return { ok: false, code: codeOf(error), path }
  }
  return { ok: true, folder: folderAt(path) }
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
    write: (name, text) => replaceFile(join(path, name), text, null),
    writeFor: (uid, name, text) => replaceFile(join(path, name), text, uid),
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

function replaceFile(path: string, text: string, uid: number | null): { readonly ok: true } | FileFault {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      if (uid === null) fsyncSync(file)
      else {
        fchownSync(file, uid, -1)
        fchmodSync(file, 0o400)
      }
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
    return { ok: true }
  } catch (error) {
    removeFile(fresh)
    return { ok: false, code: codeOf(error), path }
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
