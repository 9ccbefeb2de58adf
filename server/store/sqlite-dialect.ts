// Kysely's SQLite dialect over node:sqlite: one connection, prepared statements kept. Knows no table.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'

/** Enough for every statement the server has; more would be a list of values spelt out in SQL. */
const keptStatements = 400

/** A dialect over an open database. Kysely's own mutex lets one caller at a time have the connection. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOf(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function driverOf(database: DatabaseSync): Driver {
  const connection = connectionOf(database)
  const run = async (text: string): Promise<void> => database.exec(text)
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    // Immediate: a transaction that begins by reading would fail, not wait, when another process wrote meanwhile.
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    savepoint: (_, name) => run(`savepoint ${name}`),
    rollbackToSavepoint: (_, name) => run(`rollback to ${name}`),
    releaseSavepoint: (_, name) => run(`release ${name}`),
    releaseConnection: () => Promise.resolve(),
    // Whoever opened the database closes it.
    destroy: () => Promise.resolve(),
  }
}

interface Prepared {
  readonly statement: StatementSync
  readonly returnsRows: boolean
}

function connectionOf(database: DatabaseSync): DatabaseConnection {
  const statements = new Map<string, Prepared>()

  function prepare(text: string): Prepared {
    const known = statements.get(text)
    if (known) return known
    const statement = database.prepare(text)
    const prepared = { statement, returnsRows: statement.columns().length > 0 }
    if (statements.size >= keptStatements) {
      const oldest = statements.keys().next()
      if (!oldest.done) statements.delete(oldest.value)
    }
    statements.set(text, prepared)
    return prepared
  }

  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { statement, returnsRows } = prepare(query.sql)
      const values = query.parameters.map(toSqlValue)
      // Kysely's types promise what the schema in schema.ts says of the rows; SQLite cannot check it.
      if (returnsRows) return { rows: statement.all(...values) as R[] }
      const { changes, lastInsertRowid } = statement.run(...values)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      const { statement } = prepare(query.sql)
      for (const row of statement.iterate(...query.parameters.map(toSqlValue))) yield { rows: [row as R] }
    },
  }
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite takes no ${typeof value}`)
}
