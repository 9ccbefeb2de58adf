// Candidates for the catalogue, as devices last told of them.
import type { Insertable, Selectable } from 'kysely'
import type { UnlistedTable } from './schema.ts'
import type { Queries } from './store.ts'

export type UnlistedFact = Selectable<UnlistedTable>

export function unlistedFact(db: Queries, device: string, account: string, id: string) {
  return db
    .selectFrom('unlisted')
    .selectAll()
    .where('device', '=', device)
    .where('account', '=', account)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function unlistedOf(db: Queries, device: string): Promise<UnlistedFact[]> {
  return db.selectFrom('unlisted').selectAll().where('device', '=', device).execute()
}

export async function saveUnlisted(db: Queries, row: Insertable<UnlistedTable>): Promise<void> {
  await db.replaceInto('unlisted').values(row).execute()
}
