// What is installed where, by day. Names are kept once for the whole fleet, as it has few of them and many copies.
import type { Selectable } from 'kysely'
import type { InventoryTable, ItemTable } from './schema.ts'
import type { Queries } from './store.ts'

export interface ReportedItem {
  readonly device: string
  readonly account: string
  readonly item: Selectable<ItemTable>['item']
  readonly source: string
  readonly name: string
  readonly version: string | null
  readonly gone: boolean
  /** UTC day of receipt, `2026-11-22`: never a time. */
  readonly day: string
}

export async function saveItem(db: Queries, reported: ReportedItem): Promise<void> {
  const item = await itemId(db, reported)
  const { device, account, version, gone, day } = reported
  const row: Selectable<InventoryTable> = {
    device,
    item,
    account,
    version,
    first_day: day,
    last_day: gone ? day : null,
  }
  await db
    .insertInto('inventory')
    .values(row)
    .onConflict((c) =>
      c
        .columns(['device', 'item', 'account'])
        .doUpdateSet(gone ? { last_day: day } : { version, last_day: null }),
    )
    .execute()
}

async function itemId(db: Queries, { item, source, name }: ReportedItem): Promise<number> {
  const known = await db
    .selectFrom('items')
    .select('id')
    .where('name', '=', name)
    .where('item', '=', item)
    .where('source', '=', source)
    .executeTakeFirst()
  if (known) return known.id
  const made = await db
    .insertInto('items')
    .values({ item, source, name })
    .returning('id')
    .executeTakeFirstOrThrow()
  return made.id
}
