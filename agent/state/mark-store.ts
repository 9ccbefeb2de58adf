// Every mark that was seen, on disk, and whether it has left the device. The first sight counts: a mark witnessed once stays so.
// Decides nothing about leaving; report.ts does.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { Doubt, Evidence, MarkBasis, MarkKind } from '#shared/detection.ts'
import { Disagreement } from '#shared/disagreement.ts'
import { Strength } from '#shared/tool.ts'
import { markKey, type DatedMark } from '../marks.ts'

/** A mark as it is kept: for what comes from a damaged file, or from one beside the state. */
export const StoredDatedMark = z.object({
  tool: z.string(),
  account: z.string().nullable(),
  kind: MarkKind,
  at: z.number(),
  resolutionMs: z.number(),
  boot: z.string().nullable(),
  basis: MarkBasis,
  strength: Strength,
  session: z.string().nullable(),
  doubts: z.array(Doubt).readonly(),
  disagreement: Disagreement.optional(),
  withoutRecord: z.boolean(),
  evidence: Evidence,
})

/**
 * `new`: not yet decided · `shut`: seen while a known policy had no window for it · `released`: has left the device.
 */
export type MarkState = 'new' | 'shut' | 'released'

export interface StoredMark {
  readonly key: string
  readonly state: MarkState
  readonly mark: DatedMark
}

export interface MarkStore {
  readonly has: (key: string) => boolean
  readonly newest: (tool: string, account: string | null, kind: MarkKind, until: number) => number | null
  /** Adds marks that are not known; returns how many were. Call inside a transaction. */
  readonly add: (marks: readonly DatedMark[], state: MarkState) => number
  /** Those that have not left; the shut ones only if asked for, since only another policy makes a difference to them. */
  readonly kept: (withShut: boolean) => StoredMark[]
  /** Times of a session's marks, oldest first. */
  readonly session: (
    mark: DatedMark,
  ) => readonly { readonly key: string; readonly at: number; readonly state: MarkState }[]
  readonly of: (tool: string, account: string | null) => DatedMark[]
  /** The newest marks of an account, oldest first. */
  readonly ofAccount: (account: string, most: number) => DatedMark[]
  readonly set: (key: string, state: MarkState) => void
  readonly drop: (key: string) => void
  /** Puts the times of all marks of a start of the machine in doubt; answers those that have left without it. */
  readonly doubtTimes: (boot: string, disagreement: Disagreement) => DatedMark[]
  /** Lets all that have left be told again, as what they were. Call inside a transaction. */
  readonly tellAgain: () => void
  /** Forgets the oldest of more than so many, but none that has not been decided on. */
  readonly prune: (most: number) => void
}

export function openMarkStore(database: DatabaseSync): MarkStore {
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    const known = statements.get(text)
    if (known !== undefined) return known
    const made = database.prepare(text)
    statements.set(text, made)
    return made
  }
  const has = (key: string): boolean => sql('SELECT 1 FROM marks WHERE key = ?').get(key) !== undefined
  return {
    has,
    newest(tool, account, kind, until) {
      const row = sql(
        'SELECT max(at) AS at FROM marks WHERE tool = ? AND account = ? AND kind = ? AND at <= ?',
      ).get(tool, account ?? '', kind, until)
      return row?.['at'] == null ? null : Number(row['at'])
    },
    add(marks, state) {
      const insert = sql('INSERT OR IGNORE INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      let added = 0
      for (const mark of marks) {
        const key = markKey(mark)
        const { tool, account, kind, at, session, evidence } = mark
        const name = session ?? evidence.path
        const text = JSON.stringify(mark)
        added += Number(insert.run(key, tool, account ?? '', kind, name, at, state, text).changes)
      }
      return added
    },
    kept: (withShut) =>
      sql('SELECT key, state, mark FROM marks WHERE state IN (?, ?) ORDER BY at')
        .all('new', withShut ? 'shut' : 'new')
        .map(read),
    session(mark) {
      const name = mark.session ?? mark.evidence.path
      return sql(
        'SELECT key, at, state FROM marks WHERE tool = ? AND account = ? AND session IS ? AND kind = ? ORDER BY at',
      )
        .all(mark.tool, mark.account ?? '', name, mark.kind)
        .map((row) => ({ key: String(row['key']), at: Number(row['at']), state: stateOf(row['state']) }))
    },
    of: (tool, account) =>
      sql('SELECT key, state, mark FROM marks WHERE tool = ? AND account = ? ORDER BY at')
        .all(tool, account ?? '')
        .map(read)
        .map(({ mark }) => mark),
    ofAccount: (account, most) =>
      sql('SELECT key, state, mark FROM marks WHERE account = ? ORDER BY at DESC LIMIT ?')
        .all(account, most)
        .map(read)
        .map(({ mark }) => mark)
        .toReversed(),
    set: (key, state) => void sql('UPDATE marks SET state = ? WHERE key = ?').run(state, key),
    drop: (key) => void sql('DELETE FROM marks WHERE key = ?').run(key),
    doubtTimes(boot, disagreement) {
      const rows = sql("SELECT key, state, mark FROM marks WHERE json_extract(mark, '$.boot') = ?").all(boot)
      const doubted = rows.map(read).flatMap(({ key, state, mark }) => {
        if (mark.doubts.includes('times-disagree')) return []
        const changed: DatedMark = { ...mark, doubts: [...mark.doubts, 'times-disagree'], disagreement }
        sql('UPDATE marks SET mark = ? WHERE key = ?').run(JSON.stringify(changed), key)
        return [{ state, mark: changed }]
      })
      return doubted.flatMap(({ state, mark }) => (state === 'released' ? [mark] : []))
    },
    tellAgain: () => void sql("UPDATE marks SET state = 'new' WHERE state = 'released'").run(),
    prune: (most) =>
      void sql(
        "DELETE FROM marks WHERE state <> 'new' AND at < (SELECT at FROM marks ORDER BY at DESC LIMIT 1 OFFSET ?)",
      ).run(most),
  }
}

function stateOf(value: unknown): MarkState {
  return value === 'released' || value === 'shut' ? value : 'new'
}

/** Rows fit their checksums, so that they are what was written: a schema for each of thousands would be most of a scan's cost. */
function read(row: Record<string, unknown>): StoredMark {
  const mark = JSON.parse(String(row['mark'])) as DatedMark
  return { key: String(row['key']), state: stateOf(row['state']), mark }
}
