// Opens the database file: refuses what is not ours or newer than we are before touching it, then migrates.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '../folder.ts'
import { migrations } from './migrations.ts'

/** "CUTO" in the file's header: tells our databases from other programs'. */
const applicationId = 0x4355544f
const magic = 'SQLite format 3\0'
const busyTimeoutMs = 5000

export type DatabaseErrorCode =
  | 'database-not-sqlite'
  | 'database-foreign'
  | 'database-newer'
  | 'database-unwritable'
  | 'database-broken'

/** A database that cannot be used, in one sentence that says what to do. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode
  constructor(code: DatabaseErrorCode, message: string) {
    super(message)
    this.name = 'DatabaseError'
    this.code = code
  }
}

/**
 * Opens (or makes) the database at a path, or in memory for `:memory:`.
 * @throws {DatabaseError} having changed nothing
 */
export function openDatabase(path: string): DatabaseSync {
  try {
    if (path !== ':memory:') {
      refuseForeign(path)
      makeFolder(dirname(path))
      // Made by us before SQLite does, so that nobody else can read it; its side files take its rights.
      closeSync(openSync(path, 'a', 0o600))
    }
    const database = connect(path, false)
    try {
      migrate(database)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  } catch (error) {
    throw explain(error, path)
  }
}

/** A second connection that only reads, so that reading waits for no transaction. Not for `:memory:`. */
export function openReader(path: string): DatabaseSync {
  return connect(path, true)
}

function connect(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, {
    readOnly,
    timeout: busyTimeoutMs,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    allowExtension: false,
  })
  database.exec('pragma cache_size = -32000; pragma temp_store = memory')
  if (!readOnly) {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off')
  }
  return database
}

/** Looks at the header's bytes, then asks SQLite read-only: a file that is not ours is left as it was. */
function refuseForeign(path: string): void {
  if (!existsSync(path)) return
  const stat = statSync(path)
  if (!stat.isFile()) {
    throw new DatabaseError('database-not-sqlite', `${path} is not a file: name the database's own file.`)
  }
  if (stat.size === 0) return
  const header = Buffer.alloc(72)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  if (header.toString('latin1', 0, 16) !== magic) {
    throw new DatabaseError(
      'database-not-sqlite',
      `${path} is not an SQLite database: name another file, or move this one away.`,
    )
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw new DatabaseError(
      'database-foreign',
      `${path} is another program's database: name another file in CUTOFF_DATABASE_URL.`,
    )
  }
  const reader = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })
  try {
    refuseNewer(versionOf(reader), path)
  } finally {
    reader.close()
  }
}

function refuseNewer(version: number, path: string): void {
  if (version <= migrations.length) return
  throw new DatabaseError(
    'database-newer',
    `${path} was written by a newer Cutoff (schema ${version}, this one knows ${migrations.length}): start that version.`,
  )
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare('pragma user_version').get()
  return Number(row?.['user_version'] ?? 0)
}

function migrate(database: DatabaseSync): void {
  for (;;) {
    database.exec('begin immediate')
    try {
      const version = versionOf(database)
      const next = migrations[version]
      if (next === undefined) {
        database.exec('rollback')
        return
      }
      database.exec(next)
      database.exec(`pragma user_version = ${version + 1}; pragma application_id = ${applicationId}`)
      database.exec('commit')
    } catch (error) {
      database.exec('rollback')
      throw error
    }
    // The header's identity must be in the file itself, where the next start looks for it.
    database.exec('pragma wal_checkpoint(truncate)')
  }
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const sqlite = 'errcode' in error ? Number(error.errcode) & 0xff : 0
  if (
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC'].includes(code) ||
    [8, 14].includes(sqlite)
  ) {
    return new DatabaseError(
      'database-unwritable',
      `The database ${path} cannot be written (${code === '' ? error.message : code}): check the folder's owner and rights.`,
    )
  }
  if ([11, 26].includes(sqlite)) {
    return new DatabaseError(
      'database-broken',
      `The database ${path} is damaged (${error.message}): restore it from a backup.`,
    )
  }
  return error
}
