// The store's lifetime: a connection that writes, one that reads, and group commit, so that many small writes share one
// flush to the disk. The queries are in the files beside it.
import { Kysely, type ControlledTransaction } from 'kysely'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase, openReader } from './database.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'

/** Runs queries: a reader, or a transaction. */
export type Queries = Kysely<Tables>

/** Writes that share one commit; more would make the first one wait too long. */
const maxGroup = 64

interface Pending {
  readonly run: (tx: Queries) => Promise<unknown>
  readonly settle: (value: unknown) => void
  readonly fail: (error: unknown) => void
}

export class Store {
  /** Sees what has been committed. */
  readonly read: Queries
  readonly #writer: Queries
  readonly #databases: readonly DatabaseSync[]
  readonly #pending: Pending[] = []
  #writing: Promise<void> | null = null

  private constructor(writer: DatabaseSync, reader: DatabaseSync | null) {
    this.#databases = reader === null ? [writer] : [reader, writer]
    this.#writer = new Kysely<Tables>({ dialect: sqliteDialect(writer) })
    this.read = reader === null ? this.#writer : new Kysely<Tables>({ dialect: sqliteDialect(reader) })
  }

  /** Opens the database file (or `:memory:`) and brings it up to date. Throws {@link DatabaseError}. */
  static open(path: string): Store {
    return new Store(openDatabase(path), path === ':memory:' ? null : openReader(path))
  }

  /**
   * Runs a change and answers once it is on the disk. Changes that arrive together are committed together; one that
   * throws is undone alone. `run` must await nothing but its own queries.
   */
  write<T>(run: (tx: Queries) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ run, settle: (value) => resolve(value as T), fail: reject })
      this.#writing ??= this.#drain()
    })
  }

  /** Waits for what is being written, then closes both connections. */
  async close(): Promise<void> {
    while (this.#writing !== null) await this.#writing
    // The writer last: it takes what is in the write-ahead log over into the file.
    for (const database of this.#databases) database.close()
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      // Lets the requests that have arrived with this one join its group.
      await new Promise((resolve) => setImmediate(resolve))
      await this.#commit(this.#pending.splice(0, maxGroup))
    }
    // In the same breath as the last look at the queue, so that no change falls between.
    this.#writing = null
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    const settled: (() => void)[] = []
    try {
      const tx = await this.#writer.startTransaction().execute()
      try {
        for (const change of group) settled.push(await this.#runAlone(tx, change, group.length > 1))
        await tx.commit().execute()
      } catch (error) {
        if (!tx.isCommitted && !tx.isRolledBack) await tx.rollback().execute()
        throw error
      }
    } catch (error) {
      for (const change of group) change.fail(error)
      return
    }
    for (const tell of settled) tell()
  }

  /** Runs one change of a group behind a savepoint; what it answers is told only after the commit. */
  async #runAlone(tx: ControlledTransaction<Tables>, change: Pending, shared: boolean): Promise<() => void> {
    if (!shared) {
      const value = await change.run(tx)
      return () => change.settle(value)
    }
    const point = await tx.savepoint('one').execute()
    try {
      const value = await change.run(tx)
      await point.releaseSavepoint('one').execute()
      return () => change.settle(value)
    } catch (error) {
      await point.rollbackToSavepoint('one').execute()
      return () => change.fail(error)
    }
  }
}
