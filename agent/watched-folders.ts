// The folders of one account that are wanted, and the handles of those that are watched: no more than a bound, of many alike
// those that changed last. Knows nothing of what lies in them.
import type { FileInfo } from './platform/files.ts'
import type { FolderEvents, FolderWatch, WatchFolder } from './platform/folder-watch.ts'

export interface Wanted<Step> {
  readonly path: string
  /** Of the folder that is watched: another one may come to lie at its path. */
  readonly identity: string
  /** When it last got or lost an entry. */
  changedAt: number
  /** One of many that fit a template. */
  readonly ofMany: boolean
  readonly steps: Set<Step>
  watch: FolderWatch
}

/** Each costs a handle of the system and some memory. */
const mostWatched = 1000
/** A home that was filled on purpose costs no more; what lies in further ones is found by looks at all of them. */
const mostWanted = 10_000

const tooMany: FolderWatch = { ok: false, code: `more than ${mostWatched}` }

export class WatchedFolders<Step> {
  readonly #watchFolder: WatchFolder
  readonly #folders = new Map<string, Wanted<Step>>()
  #watched = 0
  /** The least recently changed of many alike; null until it is searched for. */
  #oldest: Wanted<Step> | null = null

  constructor(watchFolder: WatchFolder) {
    this.#watchFolder = watchFolder
  }

  get(path: string): Wanted<Step> | undefined {
    return this.#folders.get(path)
  }

  all(): readonly Wanted<Step>[] {
    return [...this.#folders.values()]
  }

  watched(): number {
    return this.#watched
  }

  /**
   * Watches the folder at a path, unless it is watched already; another one that lay there before is let go. Null where there
   * are too many to remember.
   */
  want(path: string, info: FileInfo, ofMany: boolean, events: FolderEvents): Wanted<Step> | null {
    const known = this.#folders.get(path)
    if (known !== undefined && known.identity !== info.identity) this.forget(path)
    else if (known !== undefined) {
      known.changedAt = info.modifiedAt
      if (!known.watch.ok) this.#watch(known, events)
      return known
    }
    if (this.#folders.size >= mostWanted) return null
    const { identity, modifiedAt: changedAt } = info
    const wanted: Wanted<Step> = { path, identity, changedAt, ofMany, steps: new Set(), watch: tooMany }
    this.#folders.set(path, wanted)
    this.#watch(wanted, events)
    return wanted
  }

  /** Lets go of a folder and of all below it. */
  forget(path: string): void {
    for (const [known, wanted] of this.#folders) {
      if (known !== path && !known.startsWith(`${path}/`)) continue
      this.#folders.delete(known)
      this.#end(wanted, tooMany)
    }
  }

  close(): void {
    for (const wanted of this.#folders.values()) this.#end(wanted, tooMany)
    this.#folders.clear()
  }

  #watch(wanted: Wanted<Step>, { changed, lost }: FolderEvents): void {
    if (this.#watched >= mostWatched && !this.#makeRoom(wanted.changedAt)) {
      wanted.watch = tooMany
      return
    }
    wanted.watch = this.#watchFolder(wanted.path, {
      changed,
      lost: (code) => {
        this.#end(wanted, { ok: false, code })
        lost(code)
      },
    })
    if (!wanted.watch.ok) return
    this.#watched += 1
    this.#oldest = null
  }

  #makeRoom(changedAt: number): boolean {
    this.#oldest ??= [...this.#folders.values()]
      .filter(({ watch, ofMany }) => watch.ok && ofMany)
      .reduce<Wanted<Step> | null>((a, b) => (a !== null && a.changedAt <= b.changedAt ? a : b), null)
    if (this.#oldest === null || this.#oldest.changedAt >= changedAt) return false
    this.#end(this.#oldest, tooMany)
    return true
  }

  #end(wanted: Wanted<Step>, why: FolderWatch): void {
    if (!wanted.watch.ok) return
    wanted.watch.close()
    wanted.watch = why
    this.#watched -= 1
    this.#oldest = null
  }
}
