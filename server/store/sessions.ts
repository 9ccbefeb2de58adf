// Sessions, login links and open looks. Only hashes of what a browser or a link holds are kept.
import type { Insertable, Selectable } from 'kysely'
import type { LookTable, SessionTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

export type Session = Selectable<SessionTable>

export function sessionById(db: Queries, id: string): Promise<Session | undefined> {
  return db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function addSession(db: Queries, session: Insertable<SessionTable>): Promise<void> {
  await db.insertInto('sessions').values(session).execute()
}

export async function touchSession(db: Queries, id: string, at: number): Promise<void> {
  await db.updateTable('sessions').set({ used_at: at }).where('id', '=', id).execute()
}

export async function removeSession(db: Queries, id: string): Promise<void> {
  await db.deleteFrom('looks').where('session', '=', id).execute()
  await db.deleteFrom('sessions').where('id', '=', id).execute()
}

export async function removeOldSessions(db: Queries, usedBefore: number, madeBefore: number): Promise<void> {
  const old = db
    .selectFrom('sessions')
    .select('id')
    .where((e) => e.or([e('used_at', '<', usedBefore), e('created_at', '<', madeBefore)]))
  await db.deleteFrom('looks').where('session', 'in', old).execute()
  await db
    .deleteFrom('sessions')
    .where((e) => e.or([e('used_at', '<', usedBefore), e('created_at', '<', madeBefore)]))
    .execute()
}

/** Makes the one link that works: any earlier one stops working. */
export async function replaceLoginLink(
  db: Queries,
  hash: string,
  at: number,
  expiresAt: number,
): Promise<void> {
  await db.deleteFrom('login_links').execute()
  await db
    .insertInto('login_links')
    .values({ hash, created_at: at, expires_at: expiresAt, used_at: null })
    .execute()
}

/** Uses a link up; false when it is unknown, used or expired. */
export async function takeLoginLink(db: Queries, hash: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('login_links')
    .set({ used_at: at })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function openLook(db: Queries, look: Insertable<LookTable>): Promise<void> {
  await db.replaceInto('looks').values(look).execute()
}

export function openLooks(db: Queries, session: string, at: number): Promise<Selectable<LookTable>[]> {
  return db.selectFrom('looks').selectAll().where('session', '=', session).where('until', '>', at).execute()
}
