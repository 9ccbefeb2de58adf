// The audit log: who did what, to whom, why. Each line's hash covers the line before, so that none can be taken out unseen.
import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AuditTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

export interface AuditNote {
  readonly at: number
  readonly by: string
  readonly action: string
  /** Never a person's name: a key or an id, or {@link everything}. */
  readonly subject: string | null
  readonly reason: string | null
}

/** The subject of a look at all there is of something. */
export const everything = '*'

export type AuditLine = Selectable<AuditTable>

/** What the first line's hash stands on. */
export const auditStart = 'cutoff-audit'

export function auditHash(previous: string, line: Omit<AuditLine, 'hash'>): string {
  const { id, at, by, action, subject, reason } = line
  return createHash('sha256')
    .update(`${previous}\n${JSON.stringify([id, at, by, action, subject, reason])}`)
    .digest('base64url')
}

/** Adds a line; inside the transaction of what it tells of. */
export async function addAudit(db: Queries, note: AuditNote): Promise<void> {
  const last = await db
    .selectFrom('audit')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { at, by, action, subject, reason } = note
  const line = { id: (last?.id ?? 0) + 1, at, by, action, subject, reason }
  await db
    .insertInto('audit')
    .values({ ...line, hash: auditHash(last?.hash ?? auditStart, line) })
    .execute()
}

export async function auditPage(db: Queries, before: number | null, limit: number) {
  const query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
  const rows = await (before === null ? query : query.where('id', '<', before)).execute()
  const count = await db
    .selectFrom('audit')
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return { rows, total: count.n }
}

/** The id of the first line whose hash does not fit; null when all do. */
export async function brokenAuditLine(db: Queries): Promise<number | null> {
  let previous = auditStart
  const lines = db.selectFrom('audit').selectAll().orderBy('id').stream()
  for await (const line of lines) {
    if (auditHash(previous, line) !== line.hash) return line.id
    previous = line.hash
  }
  return null
}
