// Work that is done beside requests, kept in the database so that a killed server goes on with it.
import type { Selectable } from 'kysely'
import type { JobTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

export type Job = Selectable<JobTable>

/** Adds a job; one that has not begun yet already does the same. */
export async function addJob(db: Queries, kind: Job['kind'], at: number): Promise<void> {
  const waiting = await db
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', kind)
    .where('cursor', '=', '')
    .executeTakeFirst()
  if (waiting) {
    // It may be about to be worked on under the rules as they were.
    await db.updateTable('jobs').set({ created_at: at }).where('id', '=', waiting.id).execute()
    return
  }
  await db.insertInto('jobs').values({ kind, cursor: '', created_at: at, leased_until: 0 }).execute()
}

/** Takes the oldest job that nobody works on. */
export async function leaseJob(db: Queries, now: number, leaseMs: number): Promise<Job | undefined> {
  const job = await db
    .selectFrom('jobs')
    .selectAll()
    .where('leased_until', '<', now)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (job === undefined) return undefined
  await db
    .updateTable('jobs')
    .set({ leased_until: now + leaseMs })
    .where('id', '=', job.id)
    .execute()
  return job
}

export async function moveJob(db: Queries, id: number, cursor: string, leasedUntil: number): Promise<void> {
  await db.updateTable('jobs').set({ cursor, leased_until: leasedUntil }).where('id', '=', id).execute()
}

export async function endJob(db: Queries, id: number): Promise<void> {
  await db.deleteFrom('jobs').where('id', '=', id).execute()
}

/** Until when passing dates have been looked for. */
export async function datesLookedAt(db: Queries): Promise<number> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', 'dates')
    .executeTakeFirstOrThrow()
  return row.value
}

export async function noteDatesLookedAt(db: Queries, at: number): Promise<void> {
  await db.updateTable('meta').set({ value: at }).where('name', '=', 'dates').execute()
}

/** The next devices in order of id. */
export async function deviceIdsAfter(db: Queries, cursor: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('devices')
    .select('id')
    .where('id', '>', cursor)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
