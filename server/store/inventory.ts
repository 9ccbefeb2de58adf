// What is installed where, by day. Names are kept once for the whole fleet, as it has few of them and many copies.
import { sql, type Selectable } from 'kysely'
import type { InventoryTable, ItemTable } from './schema.ts'
import type { Queries } from './store.ts'

export interface ReportedItem {
  readonly account: string
  readonly item: Selectable<ItemTable>['item']
  readonly source: string
  readonly name: string
  readonly version: string | null
  readonly gone: boolean
}

/** SQLite takes at most 32,766 values in a statement. */
const rowsPerStatement = 4000

/**
 * Stores what one report tells of a device's inventory: a thousand items at a first look, in a handful of statements.
 * @param day UTC day of receipt, `2026-11-22`: never a time
 */
export async function saveInventory(
  db: Queries,
  device: string,
  reported: readonly ReportedItem[],
  day: string,
): Promise<void> {
  // A statement may not touch a row twice; what was told last holds.
  const newest = new Map(reported.map((one) => [`${one.account}\0${nameKey(one)}`, one]))
  const items = [...newest.values()]
  for (let at = 0; at < items.length; at += rowsPerStatement) {
    await saveSome(db, device, items.slice(at, at + rowsPerStatement), day)
  }
}

async function saveSome(
  db: Queries,
  device: string,
  items: readonly ReportedItem[],
  day: string,
): Promise<void> {
  const ids = await idsOf(db, items)
  const rows = items.flatMap((one): Selectable<InventoryTable>[] => {
    const item = ids.get(nameKey(one))
    if (item === undefined) return []
    const { account, version, gone } = one
    return [{ device, item, account, version, first_day: day, last_day: gone ? day : null }]
  })
  await db
    .insertInto('inventory')
    .values(rows)
    .onConflict((c) =>
      c.columns(['device', 'item', 'account']).doUpdateSet({
        // What is gone keeps the version that it had.
        version: sql<
          string | null
        >`case when excluded.last_day is null then excluded.version else inventory.version end`,
        last_day: sql<string | null>`excluded.last_day`,
      }),
    )
    .execute()
}

async function idsOf(db: Queries, items: readonly ReportedItem[]): Promise<Map<string, number>> {
  const named = [...new Map(items.map((one) => [nameKey(one), one])).values()]
  const find = async (): Promise<Map<string, number>> => {
    const names = [...new Set(named.map((one) => one.name))]
    const rows = await db.selectFrom('items').selectAll().where('name', 'in', names).execute()
    return new Map(rows.map((row) => [nameKey(row), row.id]))
  }
  const known = await find()
  const unknown = named.filter((one) => !known.has(nameKey(one)))
  if (unknown.length === 0) return known
  await db
    .insertInto('items')
    .values(unknown.map(({ item, source, name }) => ({ item, source, name })))
    .onConflict((c) => c.doNothing())
    .execute()
  return find()
}

function nameKey({ item, source, name }: Pick<ReportedItem, 'item' | 'source' | 'name'>): string {
  return `${item}\0${source}\0${name}`
}
