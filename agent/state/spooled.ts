// Compaction of the records that wait, on disk: what a plan gives up goes, what stays gets later numbers, and a tombstone says so.
// Numbers are never used again, so that one hole before what waits stands for all that was given up, and a lost record still shows.
import type { DatabaseSync } from 'node:sqlite'
import { foldInto, type Compaction, type Spooled } from '../compaction.ts'
import type { WireRecord } from '#shared/protocol.ts'
import { joinTombstones, Tombstone, type SequenceRange } from '#shared/tombstone.ts'
import { readMeta, writeMeta } from './meta.ts'

/** What a row takes beside its text: salt, checksum, number, SQLite's own. */
const rowBytes = 64

/** Bytes that a record takes in the spool, about. */
export function spooledBytes(textLength: number): number {
  return textLength + rowBytes
}

/** Bytes of all records after a number. Reads every one of them. */
export function bytesAfter(database: DatabaseSync, sequence: number): number {
  const row = database
    .prepare(`SELECT coalesce(sum(length(text) + ${rowBytes}), 0) AS n FROM records WHERE sequence > ?`)
    .get(sequence)
  return Number(row?.['n'] ?? 0)
}

/** Records after a number, in order, one at a time. */
export function* spooledAfter(database: DatabaseSync, sequence: number): Generator<Spooled> {
  const rows = database.prepare('SELECT sequence, text FROM records WHERE sequence > ? ORDER BY sequence')
  for (const row of rows.iterate(sequence)) {
    const text = String(row['text'])
    yield { sequence: Number(row['sequence']), bytes: spooledBytes(text.length), record: recordOf(text) }
  }
}

/**
 * Carries a plan out over all records after `sequence`; answers the number of the last one. Call inside a transaction.
 * @param last number of the last record that was ever written
 * @param days of the last report before, and now: first moments (UTC)
 */
export function carryOut(
  database: DatabaseSync,
  plan: Compaction,
  after: { readonly sequence: number; readonly last: number },
  days: { readonly since: number; readonly until: number },
): number {
  const numbers = numbersAfter(database, after.sequence)
  const remove = database.prepare('DELETE FROM records WHERE sequence = ?')
  const move = database.prepare('UPDATE records SET sequence = ? WHERE sequence = ?')
  const find = database.prepare('SELECT text FROM records WHERE sequence = ?')
  const change = database.prepare('UPDATE records SET text = ? WHERE sequence = ?')
  // Room first: what is kept then goes where something was, and the file does not grow.
  for (const sequence of plan.drop) remove.run(sequence)
  let last = after.last
  for (const sequence of numbers) {
    if (plan.drop.has(sequence)) continue
    const folded = plan.fold.get(sequence)
    if (folded !== undefined) {
      const record = recordOf(String(find.get(sequence)?.['text']))
      change.run(JSON.stringify(foldInto(record, folded)), sequence)
    }
    move.run(++last, sequence)
  }
  const tombstone: Tombstone = {
    reason: 'spool-full',
    ranges: rangesOf(numbers),
    records: plan.drop.size,
    kinds: plan.kinds,
    ...days,
  }
  keepTombstone(database, joinTombstones(readTombstone(database), tombstone))
  return last
}

/** What was given up and is in no envelope yet. */
export function readTombstone(database: DatabaseSync): Tombstone | null {
  return readMeta(database, 'tombstone', Tombstone)
}

export function keepTombstone(database: DatabaseSync, tombstone: Tombstone | null): void {
  if (tombstone === null) database.prepare("DELETE FROM meta WHERE key = 'tombstone'").run()
  else writeMeta(database, 'tombstone', tombstone)
}

function numbersAfter(database: DatabaseSync, sequence: number): number[] {
  const rows = database.prepare('SELECT sequence FROM records WHERE sequence > ? ORDER BY sequence')
  return rows.all(sequence).map((row) => Number(row['sequence']))
}

/** Only numbers that are there: one that vanished from the disk is given up by nobody. */
function rangesOf(numbers: readonly number[]): SequenceRange[] {
  const ranges: SequenceRange[] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to + 1 === number) last.to = number
    else ranges.push({ from: number, to: number })
  }
  return ranges
}

/** It was written by this agent, and its row fits its checksum. */
function recordOf(text: string): WireRecord {
  return JSON.parse(text) as WireRecord
}
