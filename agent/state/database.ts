// The agent's database: one SQLite file with a numbered schema. Opens it, or says that it is unusable; no meaning in here.
// Every row carries a checksum of itself, so that one flipped bit on the disk is found at the next start and never believed.
import { DatabaseSync } from 'node:sqlite'
import { late } from '../late.ts'

export const databaseName = 'state.sqlite'
export const databaseLog = `${databaseName}-wal`
/** The file and what SQLite keeps beside it. */
export const databaseFiles = [databaseName, databaseLog, `${databaseName}-shm`] as const

/** One step per schema version; a step is never changed once released. */
const steps: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE looks (account TEXT NOT NULL, template TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (account, template)) WITHOUT ROWID;
  CREATE TABLE traces (path TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE roots (account TEXT NOT NULL, root TEXT NOT NULL, PRIMARY KEY (account, root)) WITHOUT ROWID;
  CREATE TABLE moved_homes (account TEXT NOT NULL, place TEXT NOT NULL, folder TEXT NOT NULL,
    PRIMARY KEY (account, place, folder)) WITHOUT ROWID;
  CREATE TABLE tools (tool TEXT NOT NULL, account TEXT NOT NULL, known TEXT NOT NULL,
    PRIMARY KEY (tool, account)) WITHOUT ROWID;
  CREATE TABLE marks (key TEXT PRIMARY KEY, tool TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
    session TEXT, at INTEGER NOT NULL, state TEXT NOT NULL, mark TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX marks_by_tool ON marks (tool, account, session, at);
  CREATE INDEX marks_by_state ON marks (state, at);
  CREATE TABLE reported (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE records (sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, salt TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE sealed (counter INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
    head TEXT NOT NULL, body BLOB NOT NULL);
  CREATE TABLE sent (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, request TEXT NOT NULL, body BLOB NOT NULL,
    answer TEXT);
  `,
  // By kind too: a session's marks are asked for mark by mark, and the newest of a kind at every look.
  `
  DROP INDEX marks_by_tool;
  CREATE INDEX marks_by_tool ON marks (tool, account, kind, session, at);
  `,
  // Every table anew, with a checksum of each row.
  [
    checkedTable('meta', 'key TEXT PRIMARY KEY, value TEXT NOT NULL', 'WITHOUT ROWID'),
    checkedTable(
      'looks',
      'account TEXT NOT NULL, template TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, template)',
      'WITHOUT ROWID',
    ),
    checkedTable('traces', 'path TEXT PRIMARY KEY, known TEXT NOT NULL', 'WITHOUT ROWID'),
    checkedTable(
      'roots',
      'account TEXT NOT NULL, root TEXT NOT NULL, PRIMARY KEY (account, root)',
      'WITHOUT ROWID',
    ),
    checkedTable(
      'moved_homes',
      'account TEXT NOT NULL, place TEXT NOT NULL, folder TEXT NOT NULL, PRIMARY KEY (account, place, folder)',
      'WITHOUT ROWID',
    ),
    checkedTable(
      'tools',
      'tool TEXT NOT NULL, account TEXT NOT NULL, known TEXT NOT NULL, PRIMARY KEY (tool, account)',
      'WITHOUT ROWID',
    ),
    checkedTable(
      'marks',
      'key TEXT PRIMARY KEY, tool TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, session TEXT, at INTEGER NOT NULL, state TEXT NOT NULL, mark TEXT NOT NULL',
      'WITHOUT ROWID',
    ),
    'CREATE INDEX marks_by_tool ON marks (tool, account, kind, session, at)',
    'CREATE INDEX marks_by_state ON marks (state, at)',
    checkedTable('reported', 'key TEXT PRIMARY KEY, record TEXT NOT NULL', 'WITHOUT ROWID'),
    checkedTable(
      'records',
      'sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, salt TEXT NOT NULL, text TEXT NOT NULL',
    ),
    checkedTable(
      'sealed',
      'counter INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, head TEXT NOT NULL, body BLOB NOT NULL',
    ),
    checkedTable(
      'sent',
      'id INTEGER PRIMARY KEY, at INTEGER NOT NULL, request TEXT NOT NULL, body BLOB NOT NULL, answer TEXT',
    ),
  ].join(';\n'),
  // A look tells of hundreds of templates at once: a row for each was most of what an unchanged look wrote.
  `
  ALTER TABLE looks RENAME TO old_looks;
  CREATE TABLE looks (account TEXT NOT NULL, at INTEGER NOT NULL, templates TEXT NOT NULL,
    checked INTEGER AS (row_check(account, at, templates)) STORED, PRIMARY KEY (account, at)) WITHOUT ROWID;
  INSERT INTO looks SELECT account, at, json_group_array(template) FROM old_looks GROUP BY account, at;
  DROP TABLE old_looks;
  `,
]

/** The one that this version makes. */
export const schemaVersion = steps.length

/** Columns of a table by their names, as `checkedTable` declares them. */
function columnsOf(declared: string): string {
  const names = [...declared.matchAll(/([a-z]+) (?:TEXT|INTEGER|BLOB)/g)].map(([, name]) => name)
  return names.join(', ')
}

/** Makes a table anew with what is in it, each row with its checksum. */
function checkedTable(name: string, declared: string, options = ''): string {
  const columns = columnsOf(declared)
  const table = declared.replace(
    /(, PRIMARY KEY \(.*)?$/,
    (key) => `, checked INTEGER AS (row_check(${columns})) STORED${key}`,
  )
  return [
    `ALTER TABLE ${name} RENAME TO old_${name}`,
    `CREATE TABLE ${name} (${table}) ${options}`,
    `INSERT INTO ${name} SELECT ${columns} FROM old_${name}`,
    `DROP TABLE old_${name}`,
  ].join(';\n')
}

/** Since this version of the schema the file holds its version twice: one flipped bit makes no other version of it. */
const twiceSince = 3
/** "Cuto", less its low half: the schema's version is added. */
const applicationId = 0x43750000

export type OpenedDatabase =
  | { readonly ok: true; readonly database: DatabaseSync }
  | { readonly ok: false; readonly fault: 'corrupt' | 'unusable' | 'empty'; readonly detail: string }

/**
 * Opens the file and brings its schema up to date. `corrupt`: not a database, or damaged; `unusable`: the system
 * refused (disk full, read-only, locked by another agent), or it is of another version; `empty`, to who reads alone: its owner is
 * about to make it.
 */
export function openDatabase(path: string, options: { readonly readOnly: boolean }): OpenedDatabase {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 2000 })
    database.function('row_check', { deterministic: true, varargs: true }, rowCheck)
    if (!options.readOnly) {
      // Before anything is written: later it would have no effect.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL')
      // FULL: a state that the power cut rolls back behind what the server has seen would look like a copy.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;')
      database.exec('PRAGMA cache_size = -1024; PRAGMA journal_size_limit = 4194304;')
      // Else a large transaction writes pages into the log before it ends, and again over them: what a kill then leaves cannot be
      // told from a damaged log.
      database.exec('PRAGMA cache_spill = OFF')
    }
    const fault =
      checkIntegrity(database, options.readOnly) ??
      bringUp(database, options.readOnly) ??
      (options.readOnly ? null : checkRows(database))
    if (fault === null) {
      // Else what an earlier run was killed over stays behind what this one writes, and looks like damage of it.
      if (!options.readOnly) emptyLog(database)
      return { ok: true, database }
    }
    database.close()
    return fault
  } catch (error) {
    close(database)
    return failureOf(error)
  }
}

/**
 * The schema of a file that a later version of the agent made; null for any other. Asked before anything is touched: what that
 * version changed beside the database may look damaged to this one.
 */
export function newerSchema(path: string): number | null {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const version = pragma(database, 'user_version')
    const again = pragma(database, 'application_id')
    return version > schemaVersion && again === applicationId + version ? version : null
  } catch {
    return null // not there, or what opens it next says what is wrong
  } finally {
    close(database)
  }
}

/** Bytes of the file that nothing is in, and a way to make it so much shorter, a little at a time. */
export function freeBytesOf(database: DatabaseSync): number {
  return pragma(database, 'freelist_count') * pragma(database, 'page_size')
}

/** Writes the log into the file and makes it empty: what is to be written next would come on top of it. Outside a transaction. */
export function emptyLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** Outside a transaction. */
export function shorten(database: DatabaseSync, bytes: number): void {
  database.exec(`PRAGMA incremental_vacuum(${Math.ceil(bytes / pragma(database, 'page_size'))})`)
}

/**
 * Rows of a damaged file that fit their checksums, as far as they can be reached; values in the order of `columns`. Opens it
 * for reading alone.
 */
export function readableRows(
  path: string,
  table: string,
  columns: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  const rows: Record<string, unknown>[] = []
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { readOnly: true })
    database.function('row_check', { deterministic: true, varargs: true }, rowCheck)
    const list = columns.join(', ')
    const found = database.prepare(`SELECT ${list} FROM ${table} WHERE checked IS row_check(${list})`)
    for (const row of found.iterate()) rows.push(row)
  } catch {
    // As far as it went: what cannot be read is why the file was set aside.
  }
  close(database)
  return rows
}

type Fault = Extract<OpenedDatabase, { ok: false }>

/** Of values and their types; the same in every version, since it stands in the files. */
function rowCheck(...values: readonly unknown[]): number {
  const { crc32 } = late.zlib()
  let sum = 0
  for (const value of values) {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value))
    sum = crc32(bytes, crc32(`${value === null ? 'null' : typeof value} ${bytes.length} `, sum))
  }
  return sum
}

function corrupt(detail: string): Fault {
  return { ok: false, fault: 'corrupt', detail: detail.slice(0, 200) }
}

/** The whole of the structure for its owner; a reader beside it has no time for that. */
function checkIntegrity(database: DatabaseSync, readOnly: boolean): Fault | null {
  const row = database.prepare(`PRAGMA ${readOnly ? 'quick_check' : 'integrity_check'}(1)`).get()
  const said = row === undefined ? 'nothing' : String(Object.values(row)[0])
  return said === 'ok' ? null : corrupt(said)
}

function bringUp(database: DatabaseSync, readOnly: boolean): Fault | null {
  const version = pragma(database, 'user_version')
  const again = pragma(database, 'application_id')
  if (again !== (version < twiceSince ? 0 : applicationId + version))
    return corrupt(`the schema's version is ${version} and ${again - applicationId}`)
  if (version === steps.length) return null
  if (version > steps.length) return { ok: false, fault: 'unusable', detail: `schema ${version}` }
  if (readOnly) {
    const detail = `an earlier version of the agent made it (schema ${version}), and this one brings it up to date at its next start`
    return { ok: false, fault: version === 0 ? 'empty' : 'unusable', detail }
  }
  takeSteps(database, version)
  return null
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}

function takeSteps(database: DatabaseSync, from: number): void {
  const taken = steps.slice(from).map((step, index) => {
    const version = from + index + 1
    const id = version < twiceSince ? 0 : applicationId + version
    return `${step}; PRAGMA user_version = ${version}; PRAGMA application_id = ${id};`
  })
  // A new file at once: who reads it beside meets none of the steps. One with much in it a step at a time, for the memory.
  const transactions = from === 0 ? [taken.join('\n')] : taken
  for (const transaction of transactions) database.exec(`BEGIN IMMEDIATE; ${transaction} COMMIT;`)
}

/** Whether the schema is the one that the steps make, and every row fits its checksum. */
function checkRows(database: DatabaseSync): Fault | null {
  const made = new DatabaseSync(':memory:')
  try {
    made.function('row_check', { deterministic: true, varargs: true }, rowCheck)
    takeSteps(made, 0)
    if (schemaOf(database) !== schemaOf(made)) return corrupt('the schema is another')
    for (const { name } of tablesOf(made)) {
      const columns = made
        .prepare(`PRAGMA table_info(${name})`)
        .all()
        .map((column) => String(column['name']))
      const wrong = database
        .prepare(`SELECT 1 FROM ${name} WHERE checked IS NOT row_check(${columns.join(', ')}) LIMIT 1`)
        .get()
      if (wrong !== undefined) return corrupt(`a row of ${name} does not fit its checksum`)
    }
    return null
  } finally {
    made.close()
  }
}

function tablesOf(database: DatabaseSync): { readonly name: string }[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .all()
    .map((row) => ({ name: String(row['name']) }))
}

function schemaOf(database: DatabaseSync): string {
  const rows = database
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
    .all()
  return JSON.stringify(rows)
}

/**
 * SQLite's primary codes for what the system refuses: no permission, busy, locked, no memory, read-only, input or output failed,
 * full, cannot be opened. Any other failure to open is the file's own.
 */
const systemCodes: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 13, 14, 22, 23])

function failureOf(error: unknown): Fault {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
  return { ok: false, fault: code === null || systemCodes.has(code) ? 'unusable' : 'corrupt', detail }
}

function close(database: DatabaseSync | null): void {
  try {
    database?.close()
  } catch {
    // It was not open: there is nothing to let go.
  }
}
