// Findings as stored: the verdict, what it rests on without its marks, and beside it the lifecycle that people give it.
import type { Insertable, Selectable, Updateable } from 'kysely'
import type { FindingTable } from './schema.ts'
import type { Queries } from './store.ts'

export type StoredFinding = Selectable<FindingTable>

export function findingsOfDevice(db: Queries, device: string): Promise<StoredFinding[]> {
  return db.selectFrom('findings').selectAll().where('device', '=', device).execute()
}

export function findingById(db: Queries, id: string): Promise<StoredFinding | undefined> {
  return db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function saveFinding(db: Queries, row: Insertable<FindingTable>): Promise<void> {
  await db.replaceInto('findings').values(row).execute()
}

export async function changeFinding(
  db: Queries,
  id: string,
  change: Updateable<FindingTable>,
): Promise<void> {
  await db.updateTable('findings').set(change).where('id', '=', id).execute()
}

export async function removeFinding(db: Queries, id: string): Promise<void> {
  await db.deleteFrom('findings').where('id', '=', id).execute()
}

export interface LifecycleNote {
  readonly finding: string
  readonly at: number
  readonly by: string
  readonly lifecycle: StoredFinding['lifecycle']
  readonly reason: string
}

export async function addLifecycle(db: Queries, note: LifecycleNote): Promise<void> {
  await db.insertInto('lifecycles').values(note).execute()
}

export function lifecyclesOf(db: Queries, finding: string) {
  return db.selectFrom('lifecycles').selectAll().where('finding', '=', finding).orderBy('id').execute()
}
