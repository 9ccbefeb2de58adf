// What one scan remembers for the next: which places were looked at when, and what was known of each trace and file.
// An interface and its in-memory form; state.ts keeps it on disk. It is what turns "found" into "witnessed".

/** What was known of one trace file at the last look. */
export interface KnownTrace {
  readonly bytes: number
  readonly modifiedAt: number
  /** FileInfo’s, so that a file put in another's place is new. */
  readonly identity: string
  /** Where reading may go on: everything before it has been judged. */
  readonly readTo: number
  /** Held times already seen, thinned; what SessionFacts carries. */
  readonly heldAt: readonly number[]
  readonly beganAt: number | null
  readonly whole: boolean
  /** The session that the record says it belongs to; null or absent where it says none. */
  readonly session?: string | null
}

/** Memory between looks. Keys are absolute paths and account names; nothing in here leaves the device. */
export interface Memory {
  /** When every file under this template was last listed for this account without a gap; null: never. */
  lastLookAt(account: string, template: string): number | null
  looked(account: string, template: string, at: number): void
  trace(path: string): KnownTrace | null
  rememberTrace(path: string, known: KnownTrace): void
  forgetTrace(path: string): void
  /** Paths of the traces that were last written to before then. */
  tracesBefore(modifiedAt: number): readonly string[]
  /** Roots of packages that were once seen running or installed and lie in no usual place, to be looked at again. */
  roots(account: string): readonly string[]
  rememberRoot(account: string, root: string): void
  forgetRoot(account: string, root: string): void
  /** Folders that a variable of the account put in the place of one of the catalogue’s (`~/.claude`). */
  movedHomes(account: string): readonly MovedTo[]
  moveHome(account: string, place: string, folder: string): void
  forgetHome(account: string, place: string, folder: string): void
}

export interface MovedTo {
  readonly place: string
  readonly folder: string
}

/** A variable that changes all the time is no home: more folders than these in the place of one are not followed. */
export const mostMoved = 20

/** A memory that lives as long as the process; what `scan` uses where it may not read the daemon's state. */
export function emptyMemory(): Memory {
  const looks = new Map<string, number>()
  const traces = new Map<string, KnownTrace>()
  const roots = new Map<string, Set<string>>()
  const moved = new Map<string, readonly MovedTo[]>()
  return {
    lastLookAt: (account, template) => looks.get(`${account}\0${template}`) ?? null,
    looked: (account, template, at) => void looks.set(`${account}\0${template}`, at),
    trace: (path) => traces.get(path) ?? null,
    rememberTrace: (path, known) => void traces.set(path, known),
    forgetTrace: (path) => void traces.delete(path),
    tracesBefore: (modifiedAt) =>
      [...traces].flatMap(([path, known]) => (known.modifiedAt < modifiedAt ? [path] : [])),
    roots: (account) => [...(roots.get(account) ?? [])],
    rememberRoot(account, root) {
      const known = roots.get(account)
      if (known) known.add(root)
      else roots.set(account, new Set([root]))
    },
    forgetRoot: (account, root) => void roots.get(account)?.delete(root),
    movedHomes: (account) => moved.get(account) ?? [],
    moveHome(account, place, folder) {
      const known = moved.get(account) ?? []
      const there = known.filter((m) => m.place === place)
      if (there.length >= mostMoved || there.some((m) => m.folder === folder)) return
      moved.set(account, [...known, { place, folder }])
    },
    forgetHome(account, place, folder) {
      const known = moved.get(account) ?? []
      moved.set(
        account,
        known.filter((m) => m.place !== place || m.folder !== folder),
      )
    },
  }
}
