// Turns changes in the folders that hold session traces into looks at just those traces. Follows the catalogue's templates
// folder by folder through the gateway, so that a folder that comes later is watched from then on. Names no tool.
import type { Account } from '#shared/observation.ts'
import { segmentFits, segmentsOf } from '#shared/place.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { Base } from './collectors/moved-homes.ts'
import type { Files, Reach } from './platform/files.ts'
import type { FolderWatch, WatchFolder } from './platform/folder-watch.ts'

/** A trace that changed; `path: null` when the system did not say which file. */
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
  /** Watches these accounts' folders; those that are watched already stay as they are. */
  readonly follow: (accounts: readonly Account[], signals: readonly TraceSignal[]) => void
  readonly folders: () => number
  readonly close: () => void
}

/** A step of the templates: what may lie in a folder. */
interface Step {
  readonly segment: string
  readonly next: Step[]
  readonly signals: TraceSignal[]
}

/** Folders watched per account: each costs a handle of the system. What is beyond is found by the hourly look. */
const foldersPerAccount = 1000

export function watchTraces(parts: WatchParts): TraceWatch {
  const accounts = new Map<string, AccountWatch>()
  return {
    follow(wanted, signals) {
      const steps = stepsOf(signals)
      for (const account of wanted) {
        if (!account.readable) continue
        const known = accounts.get(account.name)
        if (known !== undefined) {
          known.refresh()
          continue
        }
        const watch = new AccountWatch(parts, account, steps)
        accounts.set(account.name, watch)
        watch.refresh()
      }
      for (const [name, watch] of accounts) {
        if (wanted.some((account) => account.name === name && account.readable)) continue
        watch.close()
        accounts.delete(name)
      }
    },
    folders: () => [...accounts.values()].reduce((sum, watch) => sum + watch.size(), 0),
    close() {
      for (const watch of accounts.values()) watch.close()
      accounts.clear()
    },
  }
}

/** Templates below a home as a tree of steps; only what tells of sessions. */
function stepsOf(signals: readonly TraceSignal[]): readonly Step[] {
  const root: Step = { segment: '~', next: [], signals: [] }
  for (const signal of signals) {
    if (signal.means !== 'session' || !signal.place.startsWith('~/')) continue
    let step = root
    for (const segment of segmentsOf(signal.place).slice(1)) {
      const known = step.next.find((next) => next.segment === segment)
      const next = known ?? { segment, next: [], signals: [] }
      if (known === undefined) step.next.push(next)
      step = next
    }
    step.signals.push(signal)
  }
  return root.next
}

class AccountWatch {
  readonly #parts: WatchParts
  readonly #account: Account
  readonly #steps: readonly Step[]
  /** With what may lie in each: several templates can lead to one folder. */
  readonly #folders = new Map<string, { readonly watch: FolderWatch; readonly steps: Set<Step> }>()

  constructor(parts: WatchParts, account: Account, steps: readonly Step[]) {
    this.#parts = parts
    this.#account = account
    this.#steps = steps
  }

  size(): number {
    return this.#folders.size
  }

  /** Looks again which folders there are; after a look whose gateway was refreshed. */
  refresh(): void {
    const bases = this.#parts.bases(this.#account)
    for (const path of [...this.#folders.keys()]) {
      const base = baseOf(bases, path)
      if (base === null || !isFolder(base.reach, path)) this.#forget(path)
    }
    for (const { place, folder, reach } of bases)
      this.#open(reach, folder, stepsBelow(this.#steps, place), true)
  }

  close(): void {
    for (const { watch } of this.#folders.values()) watch.close()
    this.#folders.clear()
  }

  /** @param quiet the files that are there already have just been looked at */
  #open(reach: Reach, path: string, steps: readonly Step[], quiet: boolean): void {
    if (steps.length === 0 || !isFolder(reach, path)) return
    const known = this.#folders.get(path)
    if (known === undefined) {
      if (this.#folders.size >= foldersPerAccount) return
      const watch = this.#parts.watchFolder(path, (name) => this.#event(path, name))
      if (watch === null) return
      this.#folders.set(path, { watch, steps: new Set(steps) })
    } else for (const step of steps) known.steps.add(step)
    for (const step of steps) this.#openBelow(reach, path, step, quiet)
  }

  #openBelow(reach: Reach, path: string, step: Step, quiet: boolean): void {
    const report = (name: string): void => {
      if (!quiet) for (const signal of step.signals) this.#tell(signal, `${path}/${name}`)
    }
    if (!step.segment.includes('*')) {
      if (step.next.length > 0) this.#open(reach, `${path}/${step.segment}`, step.next, quiet)
      if (step.signals.length > 0 && !quiet && reach.stat(`${path}/${step.segment}`).ok) report(step.segment)
      return
    }
    if (step.next.length === 0 && quiet) return
    const listing = reach.list(path)
    if (!listing.ok) return
    for (const { name, kind } of listing.value.entries) {
      if (!segmentFits(step.segment, name)) continue
      if (step.next.length > 0 && kind !== 'file') this.#open(reach, `${path}/${name}`, step.next, quiet)
      if (kind === 'file') report(name)
    }
  }

  #event(folder: string, name: string | null): void {
    const steps = this.#folders.get(folder)?.steps
    if (steps === undefined) return
    if (name === null) {
      for (const step of steps) for (const signal of step.signals) this.#tell(signal, null)
      return
    }
    for (const step of steps) {
      const fits = [name, withoutWal(name)].find((n) => n !== null && segmentFits(step.segment, n))
      if (fits == null) continue
      for (const signal of step.signals) this.#tell(signal, `${folder}/${fits}`)
      if (step.next.length > 0) this.#changedFolder(`${folder}/${fits}`, step.next)
    }
  }

  #changedFolder(path: string, steps: readonly Step[]): void {
    this.#parts.files.refresh()
    const reach = baseOf(this.#parts.bases(this.#account), path)?.reach
    if (reach === undefined || !isFolder(reach, path)) this.#forget(path)
    // What came with a new folder came before anyone watched it.
    else if (steps.some((step) => this.#folders.get(path)?.steps.has(step) !== true))
      this.#open(reach, path, steps, false)
  }

  #forget(path: string): void {
    for (const [known, { watch }] of this.#folders) {
      if (known !== path && !known.startsWith(`${path}/`)) continue
      watch.close()
      this.#folders.delete(known)
    }
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

/** What of the templates lies below a place (`~`, `~/.claude`). */
function stepsBelow(steps: readonly Step[], place: string): readonly Step[] {
  return segmentsOf(place)
    .slice(1)
    .reduce<readonly Step[]>((at, segment) => at.find((step) => step.segment === segment)?.next ?? [], steps)
}

function isFolder(reach: Reach, path: string): boolean {
  const info = reach.stat(path)
  return info.ok && info.value.kind === 'folder'
}

/** SQLite writes beside its file: a change of `x.db-wal` is one of `x.db`. */
function withoutWal(name: string): string | null {
  return name.endsWith('-wal') ? name.slice(0, -4) : null
}

export interface Timers {
  /** Runs after a delay; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void
  /** Monotonic clock. */
  readonly monotonicMs: () => number
}

/** Waits until changes have paused, but never longer than `mostMs` after the first, and hands them over once each. */
export function gatherChanges(
  timers: Timers,
  hand: (changes: readonly TraceChange[]) => void,
  quietMs = 300,
  mostMs = 2000,
): { readonly add: (change: TraceChange) => void; readonly close: () => void } {
  let waiting = new Map<string, TraceChange>()
  let first = 0
  let cancel: (() => void) | null = null
  const flush = (): void => {
    cancel = null
    const changes = [...waiting.values()]
    waiting = new Map()
    hand(changes)
  }
  return {
    add(change) {
      const now = timers.monotonicMs()
      if (waiting.size === 0) first = now
      waiting.set(`${change.account.name}\0${change.signal.place}\0${change.path ?? ''}`, change)
      cancel?.()
      cancel = timers.after(Math.max(0, Math.min(quietMs, first + mostMs - now)), flush)
    },
    close() {
      cancel?.()
      cancel = null
      waiting.clear()
    },
  }
}
