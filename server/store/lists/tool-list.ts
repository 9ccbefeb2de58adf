// How far one tool has spread: devices and accounts that have it, and its findings that are not closed.
import { sql } from 'kysely'
import type { Queries } from '../store.ts'

/** What is gone does not count. An installation for the whole machine is a device's and no account's. */
export function countHolders(db: Queries, tool: string) {
  return (
    db
      .selectFrom('detections')
      .select([
        sql<number>`count(distinct device)`.as('devices'),
        sql<number>`count(*) filter (where account <> '')`.as('accounts'),
      ])
      .where('tool', '=', tool)
      // As the index says it, which a bound value would not.
      .where(sql<boolean>`gone = 0`)
      .executeTakeFirstOrThrow()
  )
}

export function countOpenOf(db: Queries, tool: string) {
  return db
    .selectFrom('findings')
    .select(['status', (e) => e.fn.countAll<number>().as('n')])
    .where('tool', '=', tool)
    .where('lifecycle', '!=', 'closed')
    .groupBy('status')
    .execute()
}
