// What was told to the server last, by key: so that only what changed makes a record.
import type { DatabaseSync } from 'node:sqlite'
import { WireRecord } from '#shared/protocol.ts'
import { ToldKind, type LastingRecord } from '#shared/told.ts'

export interface Told {
  readonly get: (key: string) => WireRecord | null
  /** The exact text that was told. */
  readonly text: (key: string) => string | null
  /** Those that begin so; the prefix is not empty. */
  readonly keys: (prefix: string) => readonly string[]
  /** All of it, as far as this version can still tell it. */
  readonly all: () => readonly WireRecord[]
  /** The records of things that last, one after the other; rows fit their checksums and are not checked again. */
  readonly lasting: () => Iterable<LastingRecord>
  /** Writes down what was told; null forgets a key. Call in the transaction that adds the records to the outbox. */
  readonly keep: (told: readonly (readonly [key: string, record: WireRecord | null])[]) => void
  /** Forgets everything, so that all of it is told again. */
  readonly clear: () => void
  /** After a transaction that was taken back. */
  readonly reload: () => void
}

const mostKnown = 10_000

export function openTold(database: DatabaseSync): Told {
  const find = database.prepare('SELECT record FROM reported WHERE key = ?')
  /** What was asked for: nearly all of it, at each look again. Bounded, since names on a disk are anybody's to make up. */
  const known = new Map<string, string | null>()
  const note = (key: string, told: string | null): void => {
    if (known.size >= mostKnown) known.clear()
    known.set(key, told)
  }
  /** By prefix, as long as nothing new is told: few prefixes are asked for. */
  const keys = new Map<string, readonly string[]>()
  const forget = (): void => {
    known.clear()
    keys.clear()
  }
  const text = (key: string): string | null => {
    let told = known.get(key)
    if (told === undefined) {
      const row = find.get(key)
      note(key, (told = row === undefined ? null : String(row['record'])))
    }
    return told
  }
  return {
    text,
    get(key) {
      const told = text(key)
      if (told === null) return null
      const parsed = WireRecord.safeParse(JSON.parse(told))
      return parsed.success ? parsed.data : null
    },
    keys(prefix) {
      const before = keys.get(prefix)
      if (before !== undefined) return before
      // As a range: SQLite's functions on text end at the zeros between a key's parts, its comparisons do not.
      const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`
      const rows = database.prepare('SELECT key FROM reported WHERE key >= ? AND key < ?').all(prefix, end)
      const found = rows.map((row) => String(row['key']))
      keys.set(prefix, found)
      return found
    },
    all() {
      const rows = database.prepare('SELECT record FROM reported ORDER BY key').all()
      return rows.flatMap((row) => {
        const parsed = WireRecord.safeParse(JSON.parse(String(row['record'])))
        return parsed.success ? [parsed.data] : []
      })
    },
    *lasting() {
      const rows = database.prepare('SELECT record FROM reported WHERE key >= ? AND key < ?')
      for (const kind of ToldKind.options) {
        for (const row of rows.iterate(`${kind}\0`, `${kind}\u0001`))
          yield JSON.parse(String(row['record'])) as LastingRecord // the key says so
      }
    },
    keep(told) {
      if (told.length > 0) keys.clear()
      const set = database.prepare('INSERT OR REPLACE INTO reported VALUES (?, ?)')
      const drop = database.prepare('DELETE FROM reported WHERE key = ?')
      for (const [key, record] of told) {
        const told = record === null ? null : JSON.stringify(record)
        if (told === null) drop.run(key)
        else set.run(key, told)
        note(key, told)
      }
    },
    clear() {
      database.exec('DELETE FROM reported')
      forget()
    },
    reload: forget,
  }
}
