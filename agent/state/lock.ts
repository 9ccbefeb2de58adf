// One daemon per state: a lock that the system lets go of when its holder dies, however it dies.
import { DatabaseSync } from 'node:sqlite'

/** Takes the lock; null when another process holds it. The answer lets it go. */
export function takeLock(path: string): (() => void) | null {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    // SQLite's own file lock, held as long as the transaction is open.
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    const held = database
    return () => held.close()
  } catch {
    database?.close()
    return null
  }
}
