// Folders whose trace files are all as they were: a busy home has a hundred of them, with thousands of files that nobody will
// write to again. Each file is still asked for, and nothing else is made of it.
import type { Account } from '#shared/observation.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { Memory } from '../memory.ts'
import type { Entry, Listing, Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { type UnchangedFile, isStillSo, unchangedFile } from './trace-look.ts'

/** Which files of an account one look has dealt with, by their real paths. */
export class SeenFiles {
  readonly #files = new Set<string>()
  readonly #folders = new Map<string, readonly UnchangedFile[]>()

  has(real: string): boolean {
    if (this.#files.has(real)) return true
    const folder = this.#folders.get(real.slice(0, real.lastIndexOf('/')))
    return folder !== undefined && folder.some((file) => file.real === real)
  }

  add(real: string): void {
    this.#files.add(real)
  }

  /** All that one template takes from a folder, without a word for each. */
  addFolder(real: string, files: readonly UnchangedFile[]): void {
    this.#folders.set(real, files)
  }
}

export interface FolderLook {
  readonly context: ScanContext
  readonly account: Account
  readonly signal: TraceSignal
  readonly reach: Reach
  readonly listing: Listing
  /** Whether the template takes a name in this folder. */
  readonly fits: (name: string) => boolean
}

/** By the listing, which is the same array for as long as its folder is unchanged. The file that was written to last comes first. */
type Folders = WeakMap<readonly Entry[], readonly UnchangedFile[]>

const foldersOf = new WeakMap<Memory, Folders>()

/**
 * The files that a template takes from a folder, if each is as it was and what was made of it still holds; null if one is not,
 * or was never looked into.
 */
export function unchangedFolder(look: FolderLook): readonly UnchangedFile[] | null {
  const { listing, reach, context } = look
  let folders = foldersOf.get(context.memory)
  if (folders === undefined) foldersOf.set(context.memory, (folders = new WeakMap()))
  const files = folders.get(listing.entries) ?? filesOf(look)
  const first = files?.[0]
  if (files == null || first === undefined || !isStillSo(first, look)) return null
  if (!reach.areUnchanged(listing, files)) {
    folders.delete(listing.entries)
    return null
  }
  folders.set(listing.entries, files)
  return files
}

function filesOf(look: FolderLook): readonly UnchangedFile[] | null {
  const { context, listing, fits } = look
  const files: UnchangedFile[] = []
  const isWhole = listing.entries.every(({ name, kind }) => {
    if (kind === 'folder' || !fits(name)) return true
    const real = `${listing.real}/${name}`
    const known = kind === 'file' ? context.memory.trace(real) : null
    const file = known === null ? null : unchangedFile(known)
    // What was known by this name may have been a link to another file.
    if (file === null || file.real !== real || !isStillSo(file, look)) return false
    files.push(file)
    return true
  })
  // What changes at all is mostly the newest: it is asked for first.
  return isWhole ? files.sort((a, b) => b.version.mtimeMs - a.version.mtimeMs) : null
}
