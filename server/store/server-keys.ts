// The keys that the server signs with, by their public halves: one after the other of each kind, kept for good, so that what a
// former one signed stays verifiable and none comes back unseen. The private halves lie in files, see ../key-files.ts.
import type { Selectable } from 'kysely'
import type { ServerKeyTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

/** `organisation` signs policies and vouches for the other, `receipt` signs receipts and the time. */
export type KeyKind = ServerKeyTable['kind']
export const keyKinds: readonly KeyKind[] = ['organisation', 'receipt']

export type ServerKey = Selectable<ServerKeyTable>
export type KeyInForce = ServerKey & { readonly since: number }

/** All of them, each kind's oldest first. */
export function serverKeys(db: Queries): Promise<ServerKey[]> {
  return db.selectFrom('server_keys').selectAll().orderBy('kind').orderBy('number').execute()
}

/** The one of each kind that counts; a kind of which there is none yet is left out. */
export async function keysInForce(db: Queries): Promise<readonly KeyInForce[]> {
  const rows = await db
    .selectFrom('server_keys')
    .selectAll()
    .where('since', 'is not', null)
    .where('until', 'is', null)
    .execute()
  return rows.flatMap((row) => (row.since === null ? [] : [{ ...row, since: row.since }]))
}

/** The one that is to follow; undefined while there is none. */
export function preparedKey(db: Queries, kind: KeyKind): Promise<ServerKey | undefined> {
  return db
    .selectFrom('server_keys')
    .selectAll()
    .where('kind', '=', kind)
    .where('since', 'is', null)
    .executeTakeFirst()
}

/** Notes the first key of a kind. */
export async function addFirstKey(db: Queries, kind: KeyKind, key: string, since: number): Promise<void> {
  await db
    .insertInto('server_keys')
    .values({ kind, number: 0, key, since, until: null, reason: null })
    .execute()
}

/** Notes a key that is to follow, in place of one that was to before. */
export async function prepareKeyRow(db: Queries, kind: KeyKind, key: string): Promise<void> {
  await db.deleteFrom('server_keys').where('kind', '=', kind).where('since', 'is', null).execute()
  const last = await db
    .selectFrom('server_keys')
    .select((e) => e.fn.max('number').as('number'))
    .where('kind', '=', kind)
    .executeTakeFirst()
  await db
    .insertInto('server_keys')
    .values({ kind, number: (last?.number ?? -1) + 1, key, since: null, until: null, reason: null })
    .execute()
}

/** Lets the prepared key of a kind count in place of the one before. @param reason why that one does no more */
export async function putPreparedInForce(
  db: Queries,
  kind: KeyKind,
  at: number,
  reason: string,
): Promise<void> {
  const ofKind = db.updateTable('server_keys').where('kind', '=', kind)
  await ofKind.set({ until: at, reason }).where('since', 'is not', null).where('until', 'is', null).execute()
  await ofKind.set({ since: at }).where('since', 'is', null).execute()
}
