// Reads rows of one table of somebody's SQLite database, in memory, from an image. Never opens, locks or writes their
// file, never runs what their schema says: no views, triggers, virtual tables or functions.
import { constants, DatabaseSync } from 'node:sqlite'

export interface RowQuery {
  readonly table: string
  readonly columns: readonly string[]
  /** The newest of them, as they were inserted. */
  readonly maxRows: number
}

export type RowResult =
  | { readonly ok: true; readonly whole: boolean }
  | { readonly ok: false; readonly why: 'no-table' | 'unreadable' }

export type Row = Readonly<Record<string, string | number | bigint | null>>

/** No record of a session is as long. */
const maxValueBytes = 32 * 1024 * 1024
const memoryPragmas =
  'PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA query_only=ON; PRAGMA temp_store=2;'

/** Calls `take` for each row, newest first, until it returns false. What the image holds cannot make this throw. */
export function readRows(image: Uint8Array, query: RowQuery, take: (row: Row) => boolean): RowResult {
  const db = new DatabaseSync(':memory:', {
    allowExtension: false,
    defensive: true,
    limits: { attach: 0, triggerDepth: 1, length: maxValueBytes },
  })
  try {
    db.deserialize(image)
    db.exec(memoryPragmas)
    return select(db, query, take)
  } catch (error) {
    if (isSqliteError(error)) return { ok: false, why: 'unreadable' }
    throw error
  } finally {
    db.close()
  }
}

function select(db: DatabaseSync, query: RowQuery, take: (row: Row) => boolean): RowResult {
  allowOnly(db, 'sqlite_master', ['type', 'name', 'sql', 'tbl_name', 'ROWID'])
  const entry = db.prepare("SELECT sql FROM sqlite_master WHERE type='table' AND name=?").get(query.table)
  const sql = entry?.['sql']
  // A virtual table would run its module's code; an ordinary one is only read.
  if (typeof sql !== 'string' || !/^CREATE\s+TABLE\b/i.test(sql)) return { ok: false, why: 'no-table' }

  // A computed column would run functions, whatever the authorizer says.
  db.setAuthorizer(null)
  const computed = new Set(
    db
      .prepare(`PRAGMA table_xinfo(${quoted(query.table)})`)
      .all()
      .flatMap((column) => (column['hidden'] === 0 ? [] : [column['name']])),
  )
  if (query.columns.some((column) => computed.has(column))) return { ok: false, why: 'no-table' }

  allowOnly(db, query.table, [...query.columns, 'ROWID'])
  const columns = query.columns.map(quoted).join(', ')
  const order = /\bWITHOUT\s+ROWID\b/i.test(sql) ? '' : ' ORDER BY rowid DESC'
  const statement = db.prepare(
    `SELECT ${columns} FROM ${quoted(query.table)}${order} LIMIT ${query.maxRows + 1}`,
  )
  let count = 0
  for (const row of statement.iterate()) {
    count += 1
    if (count > query.maxRows) return { ok: true, whole: false }
    if (!take(textAndNumbers(row))) return { ok: true, whole: false }
  }
  return { ok: true, whole: true }
}

/** Everything that is not reading these columns of this table is refused when a statement is prepared. */
function allowOnly(db: DatabaseSync, table: string, columns: readonly string[]): void {
  const allowed = new Set(columns.map((column) => column.toLowerCase()))
  db.setAuthorizer((action, first, second, _database, trigger) => {
    if (action === constants.SQLITE_SELECT) return constants.SQLITE_OK
    const isOwn =
      action === constants.SQLITE_READ &&
      trigger === null &&
      first?.toLowerCase() === table.toLowerCase() &&
      (second === '' || allowed.has((second ?? '').toLowerCase()))
    return isOwn ? constants.SQLITE_OK : constants.SQLITE_DENY
  })
}

function textAndNumbers(row: Record<string, unknown>): Row {
  const kept: Record<string, string | number | bigint | null> = {}
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      kept[name] = value
    else if (value instanceof Uint8Array) kept[name] = Buffer.from(value).toString('utf8')
    else kept[name] = null
  }
  return kept
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Errors of SQLite itself, and numbers too large for JavaScript: both are the image's doing. */
function isSqliteError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_SQLITE_ERROR' || error.code === 'ERR_OUT_OF_RANGE')
  )
}
