// Reads session records that a tool keeps in an SQLite database: when each session began and when a model answered.
// The database and its write-ahead log are read as bytes and opened in memory; see platform/sqlite-rows.ts.
import type { RecordShape } from '#shared/tool.ts'
import { sqliteImage } from '../parsers/sqlite-image.ts'
import { isHeld, readyShape, thinned, timeOf, valueAt } from '../parsers/session-records.ts'
import type { FileInfo, Found, Reach } from '../platform/files.ts'
import { found, refused } from '../platform/files.ts'
import { readRows } from '../platform/sqlite-rows.ts'

export interface SessionTimes {
  readonly heldAt: readonly number[]
  readonly beganAt: number | null
}

export interface DatabaseTimes {
  /** By the value of the session column; one entry `''` where the shape names no such column. */
  readonly sessions: ReadonlyMap<string, SessionTimes>
  /** False when there were more rows than are read. */
  readonly whole: boolean
}

const maxDatabaseBytes = 64 * 1024 * 1024
/** A year of heavy use of the tools seen stays below this. */
const maxRows = 100_000
const maxSessions = 2_000
const maxSessionName = 256

/** Bytes and time of a database with its log, which is where a tool writes first. */
export function withLog(reach: Reach, path: string, info: FileInfo): FileInfo {
  const log = reach.stat(`${path}-wal`)
  if (!log.ok || log.value.kind !== 'file') return info
  const { real, kind, accessedAt, createdAt, owner, executable, identity } = info
  return {
    ...{ real, kind, accessedAt, createdAt, owner, executable, identity },
    bytes: info.bytes + log.value.bytes,
    modifiedAt: Math.max(info.modifiedAt, log.value.modifiedAt),
    changedAt: Math.max(info.changedAt, log.value.changedAt),
    version: null,
  }
}

export function readDatabase(
  reach: Reach,
  path: string,
  shape: RecordShape,
  isOver: () => boolean,
): Found<DatabaseTimes> {
  const image = readImage(reach, path)
  if (!image.ok) return image
  const query = { table: shape.table ?? '', columns: columnsOf(shape), maxRows }
  const ready = readyShape(shape)
  const json = new Set(shape.json ?? [])
  const sessions = new Map<string, { heldAt: number[]; beganAt: number | null }>()
  let over = false
  const result = readRows(image.value, query, (row) => {
    if (isOver()) {
      over = true
      return false
    }
    const record = parsedColumns(row, json)
    const time = timeOf(valueAt(record, ready.time))
    if (time === null) return true
    const name = shape.session === undefined ? '' : String(row[shape.session] ?? '').slice(0, maxSessionName)
    let session = sessions.get(name)
    if (session === undefined) {
      if (sessions.size >= maxSessions) return false
      sessions.set(name, (session = { heldAt: [], beganAt: null }))
    }
    session.beganAt = session.beganAt === null ? time : Math.min(session.beganAt, time)
    if (isHeld(ready, record)) session.heldAt.push(time)
    return true
  })
  if (!result.ok) return refused('unparsable', path, result.why)
  if (over) return refused('over-budget', path)
  const times = [...sessions].map(
    ([name, { heldAt, beganAt }]) => [name, { heldAt: thinned(heldAt), beganAt }] as const,
  )
  return found({ sessions: new Map(times), whole: result.whole })
}

/**
 * The log first: what a checkpoint moves to the file between the two reads is then in both. A log that began anew in
 * between is told by its time, and both are read once more.
 */
function readImage(reach: Reach, path: string): Found<Buffer> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const log = reach.read(`${path}-wal`, maxDatabaseBytes)
    if (!log.ok && log.gap !== null) return log
    const file = reach.read(path, maxDatabaseBytes)
    if (!file.ok) return file
    // Opened anew: what was found at a path is remembered for the length of a look.
    const after = reach.open(`${path}-wal`, ({ info }) => info)
    const before = log.ok ? log.value.info : null
    if (stampOf(before) !== stampOf(after.ok ? after.value : null)) continue
    const image = sqliteImage(file.value.bytes, log.ok ? log.value.bytes : null)
    return image === null ? refused('unparsable', path, 'no-database') : found(image)
  }
  return refused('changed-while-read', path)
}

function stampOf(info: FileInfo | null): string {
  return info === null ? '' : `${info.identity} ${info.bytes} ${info.changedAt}`
}

function columnsOf(shape: RecordShape): readonly string[] {
  const first = (key: string): string => key.split('.')[0] ?? ''
  const names = [first(shape.time), ...shape.held.map((test) => first(test.key)), ...(shape.json ?? [])]
  if (shape.session !== undefined) names.push(shape.session)
  return [...new Set(names)]
}

function parsedColumns(row: Readonly<Record<string, unknown>>, json: ReadonlySet<string>): unknown {
  const record: Record<string, unknown> = { ...row }
  for (const column of json) {
    const text = row[column]
    if (typeof text !== 'string') continue
    try {
      record[column] = JSON.parse(text)
    } catch {
      record[column] = null
    }
  }
  return record
}
