// The memory between looks, on disk: agent/memory.ts over SQLite. Reads everything once, keeps changes until `flush`,
// so that what a look learnt and what it reported are written in one transaction, or neither.
import type { DatabaseSync } from 'node:sqlite'
import { emptyMemory, type KnownTrace, type Memory } from '../memory.ts'

export interface StoredMemory extends Memory {
  /** Writes what changed; call inside a transaction. */
  readonly flush: () => void
  /** The transaction was committed: nothing waits any more. */
  readonly flushed: () => void
  /** How many changes wait for a flush. */
  readonly pending: () => number
}

export function openMemory(database: DatabaseSync): StoredMemory {
  const inner = emptyMemory()
  const looks = new Map<string, Map<string, number>>()
  const looksOf = (account: string): Map<string, number> => {
    const known = looks.get(account) ?? new Map<string, number>()
    looks.set(account, known)
    return known
  }
  load(database, inner, looksOf)
  const lookedAt = new Set<string>()
  const traces = new Map<string, KnownTrace | null>()
  const roots = new Map<string, [account: string, root: string, there: boolean]>()
  const root = (account: string, path: string, there: boolean): void => {
    roots.set(`${account}\0${path}`, [account, path, there])
  }
  const moved = new Map<string, [account: string, place: string, folder: string, there: boolean]>()
  const isMoved = (account: string, place: string, folder: string): boolean =>
    inner.movedHomes(account).some((m) => m.place === place && m.folder === folder)
  const noteMoved = (account: string, place: string, folder: string, change: () => void): void => {
    const before = isMoved(account, place, folder)
    change()
    const there = isMoved(account, place, folder)
    if (there !== before) moved.set(`${account}\0${place}\0${folder}`, [account, place, folder, there])
  }
  return {
    ...inner,
    moveHome(account, place, folder) {
      noteMoved(account, place, folder, () => inner.moveHome(account, place, folder))
    },
    forgetHome(account, place, folder) {
      noteMoved(account, place, folder, () => inner.forgetHome(account, place, folder))
    },
    lastLookAt: (account, template) => looks.get(account)?.get(template) ?? null,
    looked(account, template, at) {
      looksOf(account).set(template, at)
      lookedAt.add(account)
    },
    rememberTrace(path, known) {
      if (same(inner.trace(path), known)) return
      inner.rememberTrace(path, known)
      traces.set(path, known)
    },
    forgetTrace(path) {
      if (inner.trace(path) === null) return
      inner.forgetTrace(path)
      traces.set(path, null)
    },
    rememberRoot(account, path) {
      if (inner.roots(account).includes(path)) return
      inner.rememberRoot(account, path)
      root(account, path, true)
    },
    forgetRoot(account, path) {
      if (!inner.roots(account).includes(path)) return
      inner.forgetRoot(account, path)
      root(account, path, false)
    },
    pending: () => lookedAt.size + traces.size + roots.size + moved.size,
    flush() {
      const dropLooks = database.prepare('DELETE FROM looks WHERE account = ?')
      const addLooks = database.prepare('INSERT INTO looks VALUES (?, ?, ?)')
      for (const account of lookedAt) {
        dropLooks.run(account)
        const byTime = Map.groupBy(looksOf(account), ([, at]) => at)
        for (const [at, group] of byTime)
          addLooks.run(account, at, JSON.stringify(group.map(([template]) => template)))
      }
      const setTrace = database.prepare('INSERT OR REPLACE INTO traces VALUES (?, ?)')
      const dropTrace = database.prepare('DELETE FROM traces WHERE path = ?')
      for (const [path, known] of traces) {
        if (known === null) dropTrace.run(path)
        else setTrace.run(path, JSON.stringify(known))
      }
      const setRoot = database.prepare('INSERT OR REPLACE INTO roots VALUES (?, ?)')
      const dropRoot = database.prepare('DELETE FROM roots WHERE account = ? AND root = ?')
      for (const [account, path, there] of roots.values()) (there ? setRoot : dropRoot).run(account, path)
      const setMoved = database.prepare('INSERT OR REPLACE INTO moved_homes VALUES (?, ?, ?)')
      const dropMoved = database.prepare(
        'DELETE FROM moved_homes WHERE account = ? AND place = ? AND folder = ?',
      )
      for (const [account, place, folder, there] of moved.values())
        (there ? setMoved : dropMoved).run(account, place, folder)
    },
    flushed() {
      lookedAt.clear()
      traces.clear()
      roots.clear()
      moved.clear()
    },
  }
}

function load(
  database: DatabaseSync,
  memory: Memory,
  looksOf: (account: string) => Map<string, number>,
): void {
  for (const row of database.prepare('SELECT account, at, templates FROM looks').iterate()) {
    const looks = looksOf(String(row['account']))
    for (const template of JSON.parse(String(row['templates'])) as string[])
      looks.set(template, Number(row['at']))
  }
  for (const row of database.prepare('SELECT path, known FROM traces').iterate()) {
    // It fits its checksum, so that it is what was written.
    memory.rememberTrace(String(row['path']), JSON.parse(String(row['known'])) as KnownTrace)
  }
  for (const row of database.prepare('SELECT account, root FROM roots').iterate()) {
    memory.rememberRoot(String(row['account']), String(row['root']))
  }
  for (const row of database.prepare('SELECT account, place, folder FROM moved_homes').iterate()) {
    memory.moveHome(String(row['account']), String(row['place']), String(row['folder']))
  }
}

function same(a: KnownTrace | null, b: KnownTrace): boolean {
  return (
    a !== null &&
    a.bytes === b.bytes &&
    a.modifiedAt === b.modifiedAt &&
    a.identity === b.identity &&
    a.readTo === b.readTo &&
    a.beganAt === b.beganAt &&
    a.whole === b.whole &&
    a.heldAt.length === b.heldAt.length &&
    a.heldAt.every((at, index) => at === b.heldAt[index])
  )
}
