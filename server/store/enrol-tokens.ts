// Enrolment tokens: only their hashes are kept.
import { sql, type Insertable, type Selectable } from 'kysely'
import type { EnrolTokenTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

export type EnrolToken = Selectable<EnrolTokenTable>

export async function addEnrolToken(db: Queries, row: Insertable<EnrolTokenTable>): Promise<void> {
  await db.insertInto('enrol_tokens').values(row).execute()
}

/** Uses a token once; null when it is unknown, revoked, expired or used up. */
export async function takeEnrolToken(db: Queries, hash: string, now: number): Promise<string | null> {
  const row = await db
    .updateTable('enrol_tokens')
    .set({ uses: sql<number>`uses + 1` })
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where((e) => e.or([e('max_uses', 'is', null), e('uses', '<', e.ref('max_uses'))]))
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

export function enrolTokens(db: Queries): Promise<EnrolToken[]> {
  return db.selectFrom('enrol_tokens').selectAll().orderBy('created_at', 'desc').execute()
}

/** False when there is no such token, or it was revoked before. */
export async function revokeEnrolToken(db: Queries, id: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('enrol_tokens')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
