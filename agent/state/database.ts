// The agent's database: one SQLite file with a numbered schema. Opens it, or says that it is unusable; no meaning in here.
import { DatabaseSync } from 'node:sqlite'

export const databaseName = 'state.sqlite'
/** The file and what SQLite keeps beside it. */
export const databaseFiles = [databaseName, `${databaseName}-wal`, `${databaseName}-shm`] as const

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
]

export type OpenedDatabase =
  | { readonly ok: true; readonly database: DatabaseSync }
  | { readonly ok: false; readonly fault: 'corrupt' | 'newer' | 'unusable'; readonly detail: string }

/**
 * Opens the file and brings its schema up to date. `corrupt`: not a database, or damaged; `newer`: written by a later
 * version; `unusable`: the system refused (disk full, read-only, locked by another agent).
 */
export function openDatabase(path: string, options: { readonly readOnly: boolean }): OpenedDatabase {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 2000 })
    if (!options.readOnly) {
      // FULL: a state that the power cut rolls back behind what the server has seen would look like a copy.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;')
      database.exec('PRAGMA cache_size = -1024; PRAGMA journal_size_limit = 4194304;')
    }
    const fault = checkIntegrity(database) ?? bringUp(database, options.readOnly)
    if (fault === null) return { ok: true, database }
    database.close()
    return fault
  } catch (error) {
    close(database)
    return failureOf(error)
  }
}

type Fault = Extract<OpenedDatabase, { ok: false }>

function checkIntegrity(database: DatabaseSync): Fault | null {
  const row = database.prepare('PRAGMA quick_check(1)').get()
  const said = row === undefined ? 'nothing' : String(Object.values(row)[0])
  return said === 'ok' ? null : { ok: false, fault: 'corrupt', detail: said.slice(0, 200) }
}

function bringUp(database: DatabaseSync, readOnly: boolean): Fault | null {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (version > steps.length) return { ok: false, fault: 'newer', detail: `schema ${version}` }
  if (version === steps.length) return null
  if (readOnly) return { ok: false, fault: 'unusable', detail: `schema ${version}` }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT;`)
  }
  return null
}

/** SQLite's primary codes for a damaged file and for a file that is none. */
const corruptCodes: ReadonlySet<number> = new Set([11, 26])

function failureOf(error: unknown): Fault {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : -1
  const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
  return { ok: false, fault: corruptCodes.has(code) ? 'corrupt' : 'unusable', detail }
}

function close(database: DatabaseSync | null): void {
  try {
    database?.close()
  } catch {
    // It was not open: there is nothing to let go.
  }
}
