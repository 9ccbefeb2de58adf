// Turns changes in the folders that hold session traces into looks at just those traces. Follows the catalogue's templates
// folder by folder through the gateway, so that a folder that comes later is watched from then on. Names no tool.
import type { Account, Gap } from '#shared/observation.ts'
import { segmentFits } from '#shared/place.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { Base } from './collectors/moved-homes.ts'
import type { FileInfo, Files, Reach } from './platform/files.ts'
import type { WatchFolder } from './platform/folder-watch.ts'
import { isWild, stepsBelow, stepsOf, type Step } from './watch-steps.ts'
import { WatchedFolders } from './watched-folders.ts'

/** A trace that changed; `path: null` when it is not known which file. */
export interface TraceChange {
  readonly account: Account
  readonly signal: TraceSignal
  readonly path: string | null
}

export interface WatchParts {
  readonly files: Files
  readonly watchFolder: WatchFolder
  /** Where an account's templates lie: the home, and folders that stand for a part of it. */
  readonly bases: (account: Account) => readonly Base[]
  readonly changed: (change: TraceChange) => void
}

export interface TraceWatch {
  /**
   * Chooses anew which folders of these accounts to watch; begins a look of its own at where they are. Files in a folder that
   * was not watched before are told as changed.
   * @param lookComes not so where a look at all of them follows
   */
  readonly follow: (
    accounts: readonly Account[],
    signals: readonly TraceSignal[],
    lookComes?: boolean,
  ) => void
  /** What lies in folders that cannot be watched: to be looked at from time to time. */
  readonly unwatched: () => readonly TraceChange[]
  /** One per account with such folders and reason. */
  readonly gaps: (at: number) => readonly Gap[]
  readonly folders: () => number
  readonly close: () => void
}

/**
 * Linux keeps some thousand events (16,384 unless set otherwise) and drops, untold, what comes on top. Whenever it did, that
 * many are told afterwards, so that one of these looks at everything comes after the last one that was dropped.
 */
const eventsBetweenChecks = 1000

export function watchTraces(parts: WatchParts): TraceWatch {
  const accounts = new Map<string, AccountWatch>()
  let events = 0
  const counted: WatchParts['watchFolder'] = (path, { changed, lost }) =>
    parts.watchFolder(path, {
      changed(name) {
        events += 1
        if (events % eventsBetweenChecks === 0) for (const watch of accounts.values()) watch.check()
        changed(name)
      },
      lost,
    })
  const all = (): readonly AccountWatch[] => [...accounts.values()]
  return {
    follow(wanted, signals, lookComes = false) {
      parts.files.refresh()
      const readable = wanted.filter((account) => account.readable)
      for (const [name, watch] of accounts) {
        if (readable.some((account) => watch.isOf(account))) continue
        watch.close()
        accounts.delete(name)
      }
      for (const account of readable) {
        const known = accounts.get(account.name)
        const watch = known ?? new AccountWatch({ ...parts, watchFolder: counted }, account, stepsOf(signals))
        accounts.set(account.name, watch)
        watch.refresh(lookComes)
      }
    },
    unwatched: () => all().flatMap((watch) => watch.unwatched()),
    gaps: (at) => all().flatMap((watch) => watch.gaps(at)),
    folders: () => all().reduce((sum, watch) => sum + watch.size(), 0),
    close() {
      for (const watch of accounts.values()) watch.close()
      accounts.clear()
    },
  }
}

interface Opening {
  readonly reach: Reach
  /** A look at the files that are there already follows. */
  readonly quiet: boolean
}

class AccountWatch {
  readonly #parts: WatchParts
  readonly #account: Account
  readonly #steps: readonly Step[]
  /** With what may lie in each: several templates can lead to one folder. */
  readonly #folders: WatchedFolders<Step>

  constructor(parts: WatchParts, account: Account, steps: readonly Step[]) {
    this.#parts = parts
    this.#account = account
    this.#steps = steps
    this.#folders = new WatchedFolders(parts.watchFolder)
  }

  isOf({ name, uid, home }: Account): boolean {
    return this.#account.name === name && this.#account.uid === uid && this.#account.home === home
  }

  size(): number {
    return this.#folders.watched()
  }

  /** Looks again which folders there are. The gateway has begun a new look. */
  refresh(quiet: boolean): void {
    const bases = this.#parts.bases(this.#account)
    for (const { path, identity } of this.#folders.all()) {
      const reach = baseOf(bases, path)?.reach
      const info = reach === undefined ? null : folderAt(reach, path)
      if (info?.identity !== identity) this.#folders.forget(path)
    }
    for (const { place, folder, reach } of bases)
      this.#open({ reach, quiet }, folder, stepsBelow(this.#steps, place), false)
  }

  /** Something may have happened that nobody told: looks again at all there is. */
  check(): void {
    this.#parts.files.refresh()
    this.refresh(false)
    for (const { steps } of this.#folders.all()) this.#tellAll(steps)
  }

  unwatched(): readonly TraceChange[] {
    const signals = this.#folders
      .all()
      .flatMap(({ watch, steps }) => (watch.ok ? [] : [...steps].flatMap((step) => step.signals)))
    return [...new Set(signals)].map((signal) => ({ account: this.#account, signal, path: null }))
  }

  /** Of the account as a whole: which of its folders they are would tell of its work. */
  gaps(at: number): readonly Gap[] {
    const codes = this.#folders.all().flatMap(({ watch }) => (watch.ok ? [] : [watch.code]))
    const { name, home } = this.#account
    return [...new Set(codes)]
      .filter((code) => code !== 'ENOENT')
      .map((detail) => ({
        collector: 'watch',
        account: name,
        path: home,
        reason: 'blind-spot',
        detail,
        at,
      }))
  }

  close(): void {
    this.#folders.close()
  }

  #open(opening: Opening, path: string, steps: readonly Step[], ofMany: boolean): void {
    const info = steps.length === 0 ? null : folderAt(opening.reach, path)
    if (info === null) return
    const wasRefused = this.#folders.get(path)?.watch.ok === false
    // Watched before it is listed: what appears meanwhile is told twice rather than not at all.
    const wanted = this.#folders.want(path, info, ofMany, {
      changed: (name) => this.#event(path, name),
      lost: () => this.check(),
    })
    if (wanted === null) return
    // What changed since it was last looked at for want of a watch was told by none.
    if (wasRefused && wanted.watch.ok && !opening.quiet) this.#tellAll(wanted.steps)
    for (const step of steps) {
      const isNew = !wanted.steps.has(step)
      wanted.steps.add(step)
      this.#openBelow(opening, path, step, ofMany || isWild(step), isNew && !opening.quiet)
    }
  }

  #openBelow(opening: Opening, path: string, step: Step, ofMany: boolean, tells: boolean): void {
    const { reach } = opening
    const leads = step.next.length > 0
    const report = (name: string): void => {
      if (tells) for (const signal of step.signals) this.#tell(signal, `${path}/${name}`)
    }
    if (!isWild(step)) {
      const below = `${path}/${step.segment}`
      if (leads) this.#open(opening, below, step.next, ofMany)
      if (tells && step.signals.length > 0 && reach.stat(below).ok) report(step.segment)
      return
    }
    if (!leads && !tells) return
    const listing = reach.list(path)
    if (!listing.ok) return
    for (const { name, kind } of listing.value.entries) {
      if (!segmentFits(step.segment, name)) continue
      if (leads && kind !== 'file') this.#open(opening, `${path}/${name}`, step.next, ofMany)
      if (kind === 'file') report(name)
    }
  }

  #event(folder: string, name: string | null): void {
    const wanted = this.#folders.get(folder)
    if (wanted === undefined) return
    if (name === null) {
      this.check()
      return
    }
    // Its own name: it may be gone, and another one like it already lie at its path.
    if (folder.endsWith(`/${name}`)) {
      this.#folders.forget(folder)
      this.#parts.files.refresh()
      this.refresh(false)
    }
    for (const step of wanted.steps) {
      const fits = [name, withoutWal(name)].find((n) => n !== null && segmentFits(step.segment, n))
      if (fits == null) continue
      for (const signal of step.signals) this.#tell(signal, `${folder}/${fits}`)
      if (step.next.length > 0)
        this.#changedFolder(`${folder}/${fits}`, step.next, wanted.ofMany || isWild(step))
    }
  }

  #changedFolder(path: string, steps: readonly Step[], ofMany: boolean): void {
    this.#parts.files.refresh()
    const reach = baseOf(this.#parts.bases(this.#account), path)?.reach
    if (reach === undefined || folderAt(reach, path) === null) this.#folders.forget(path)
    // What came with a new folder came before anyone watched it.
    else this.#open({ reach, quiet: false }, path, steps, ofMany)
  }

  #tellAll(steps: Iterable<Step>): void {
    for (const { signals } of steps) for (const signal of signals) this.#tell(signal, null)
  }

  #tell(signal: TraceSignal, path: string | null): void {
    this.#parts.changed({ account: this.#account, signal, path })
  }
}

/** The innermost base that a path lies in: a moved folder may lie in the home. */
function baseOf(bases: readonly Base[], path: string): Base | null {
  const around = bases.filter(({ folder }) => path === folder || path.startsWith(`${folder}/`))
  return around.toSorted((a, b) => b.folder.length - a.folder.length)[0] ?? null
}

function folderAt(reach: Reach, path: string): FileInfo | null {
  const info = reach.stat(path)
  return info.ok && info.value.kind === 'folder' ? info.value : null
}

/** SQLite writes beside its file: a change of `x.db-wal` is one of `x.db`. */
function withoutWal(name: string): string | null {
  return name.endsWith('-wal') ? name.slice(0, -4) : null
}
