// The agent's own files: its state folder, and the few files named on its command line. Never another person's files
// (files.ts is for those): here links are followed as usual, because the caller owns or chose the place.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
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
  /** Replaces the file so that a crash leaves the old text or the new one, never half; readable by the owner only. */
  readonly write: (name: string, text: string) => { readonly ok: true } | FileFault
  /** Makes an empty file that only its owner may read, where there is none; what SQLite puts beside it follows it. */
  readonly reserve: (name: string) => void
  /** Renames files out of the way; those that are not there are passed over. Returns the new names. */
  readonly setAside: (names: readonly string[], suffix: string) => readonly string[]
}

/** Opens the folder; makes it (mode 0700) where it is missing, unless `create` is false. */
export function openOwnFolder(
  path: string,
  create = true,
): { readonly ok: true; readonly folder: OwnFolder } | FileFault {
  try {
    if (create) mkdirSync(path, { recursive: true, mode: 0o700 })
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
    write: (name, text) => replaceFile(join(path, name), text),
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

function replaceFile(path: string, text: string): { readonly ok: true } | FileFault {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
    return { ok: true }
  } catch (error) {
    return { ok: false, code: codeOf(error), path }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
}
