// Single values in the agent's database: JSON under a name, checked against a schema when read.
import type { DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'

/** The value under a name; null when there is none or it does not fit its schema any more. */
export function readMeta<T>(database: DatabaseSync, key: string, schema: z.ZodType<T>): T | null {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(key)
  if (row === undefined) return null
  const parsed = schema.safeParse(JSON.parse(String(row['value'])))
  return parsed.success ? parsed.data : null
}

export function writeMeta(database: DatabaseSync, key: string, value: unknown): void {
  database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, JSON.stringify(value))
}
