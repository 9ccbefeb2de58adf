// Facts about the agent's own folder and the disk that it is on, for `doctor`. Opens nothing.
import { statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

export interface FolderFacts {
  readonly isFolder: boolean
  readonly owner: number
  /** Permission bits; null where the system keeps rights in another way. */
  readonly mode: number | null
}

/** Null when there is nothing, or nothing that may be looked at; `code` then says which. */
export type FolderLook = ({ readonly ok: true } & FolderFacts) | { readonly ok: false; readonly code: string }

export function lookAtFolder(path: string): FolderLook {
  try {
    const info = statSync(path)
    const mode = process.platform === 'win32' ? null : info.mode & 0o7777
    return { ok: true, isFolder: info.isDirectory(), owner: info.uid, mode }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
    return { ok: false, code }
  }
}

/** What files of a folder take together; one that is not there takes nothing. Null: not known. */
export function bytesOfFiles(folder: string, names: readonly string[]): number | null {
  let bytes = 0
  for (const name of names) {
    try {
      bytes += statSync(join(folder, name)).size
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null
    }
  }
  return bytes
}

/** Bytes free for this account on the disk of a path, or of the nearest folder above that is there; null: not known. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return dirname(path) === path ? null : freeBytes(dirname(path))
  }
}
