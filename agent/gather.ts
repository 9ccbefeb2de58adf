// Gathers changes that a watch tells until they pause, so that thousands of them lead to one look. Looks at nothing itself.
import type { TraceChange } from './watch.ts'

export interface Timers {
  /** Runs after a delay; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void
  /** Monotonic clock. */
  readonly monotonicMs: () => number
}

/** From so many files of one template on, one look at all of them is cheaper than one at each. */
const filesWorthOneLook = 50

/** Waits until changes have paused, but never longer than `mostMs` after the first, and hands them over once each. */
export function gatherChanges(
  timers: Timers,
  hand: (changes: readonly TraceChange[]) => void,
  quietMs = 300,
  mostMs = 2000,
): { readonly add: (change: TraceChange) => void; readonly close: () => void } {
  let waiting = new Map<string, ChangedTemplate>()
  let first = 0
  let cancel: (() => void) | null = null
  const flush = (): void => {
    cancel = null
    const changes = [...waiting.values()].flatMap(changesOf)
    waiting = new Map()
    hand(changes)
  }
  return {
    add(change) {
      const now = timers.monotonicMs()
      if (waiting.size === 0) first = now
      const key = `${change.account.name}\0${change.signal.place}`
      const known = waiting.get(key)
      if (known === undefined) waiting.set(key, { change, paths: pathsWith(new Set(), change.path) })
      else known.paths = pathsWith(known.paths, change.path)
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

/** What changed under one template of one account; `paths: null` stands for all of it. */
interface ChangedTemplate {
  readonly change: TraceChange
  paths: Set<string> | null
}

function pathsWith(paths: Set<string> | null, path: string | null): Set<string> | null {
  if (paths === null || path === null) return null
  paths.add(path)
  return paths.size > filesWorthOneLook ? null : paths
}

function changesOf({ change, paths }: ChangedTemplate): readonly TraceChange[] {
  if (paths === null) return [{ ...change, path: null }]
  return [...paths].map((path) => ({ ...change, path }))
}
