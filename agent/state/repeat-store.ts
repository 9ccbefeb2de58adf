// What collectors gave and the disk then answered, kept for another process of the same program. Losing it costs one look.
import type { DatabaseSync } from 'node:sqlite'
import type { Gap, Observation, ObservationKind } from '#shared/observation.ts'
import type { Answer } from '../platform/answers.ts'
import type { Given, Repeat } from '../repeats.ts'

export interface RepeatStore {
  /** Null where there is none, or another program left it. */
  readonly of: (kind: ObservationKind) => Repeat | null
  readonly keep: (kind: ObservationKind, repeat: Repeat) => void
}

/** A home can be made to give as much as somebody likes: more is collected anew by each process. */
const maxBytes = 2 * 1024 * 1024

/** As it is written: a path, and the version of what is there. */
type Row = readonly [path: string, dev: number, ino: number, size: number, mtimeMs: number, ctimeMs: number]

interface Written {
  readonly program: string
  readonly given: Given
  readonly asked: readonly (Row | string)[]
  readonly remote: readonly (readonly [point: string, type: string])[]
  readonly observations: readonly Observation[]
  readonly gaps: readonly Gap[]
}

/** @param program what tells programs apart that may not give the same; null: this one is changed in place, and keeps nothing */
export function openRepeatStore(database: DatabaseSync, program: string | null): RepeatStore {
  const keyOf = (kind: ObservationKind): string => `repeat:${kind}`
  return {
    of(kind) {
      if (program === null) return null
      const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(keyOf(kind))
      // Rows fit their checksums, so that they are what was written.
      const written = row === undefined ? null : (JSON.parse(String(row['value'])) as Written)
      return written === null || written.program !== program ? null : read(written)
    },
    keep(kind, { collected, given, answers }) {
      if (program === null) return
      const { observations, gaps } = collected
      const asked = answers.asked.map(rowOf)
      const written: Written = { program, given, asked, remote: [...answers.remote], observations, gaps }
      const text = JSON.stringify(written)
      if (text.length > maxBytes) database.prepare('DELETE FROM meta WHERE key = ?').run(keyOf(kind))
      else database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(keyOf(kind), text)
    },
  }
}

function rowOf({ path, version }: Answer): Row | string {
  if (version === null) return path
  const { dev, ino, size, mtimeMs, ctimeMs } = version
  return [path, dev, ino, size, mtimeMs, ctimeMs]
}

function answerOf(row: Row | string): Answer {
  if (typeof row === 'string') return { path: row, version: null }
  const [path, dev, ino, size, mtimeMs, ctimeMs] = row
  return { path, version: { dev, ino, size, mtimeMs, ctimeMs } }
}

function read({ given, asked, remote, observations, gaps }: Written): Repeat {
  return {
    given,
    collected: { observations, gaps },
    answers: { asked: asked.map(answerOf), remote: new Map(remote) },
  }
}
