// What holds of a device by its own reports, as the records that would tell it: to be compared with what the device says it
// told, and to be ended where it is told no more. Times are the server's.
import type { DetectionRecord, GapRecord, InventoryRecord, UnlistedRecord } from '#shared/protocol.ts'
import type { LastingRecord, ToldKind } from '#shared/told.ts'
import type { Queries } from './store.ts'

const readers = {
  detection: detections,
  gap: gaps,
  inventory,
  unlisted,
} as const satisfies Record<ToldKind, (db: Queries, device: string) => Promise<LastingRecord[]>>

/** Of these kinds, everything that is there as far as is known. */
export async function lastingRecords(
  db: Queries,
  device: string,
  kinds: readonly ToldKind[],
): Promise<LastingRecord[]> {
  const records: LastingRecord[] = []
  for (const kind of new Set(kinds)) {
    for (const record of await readers[kind](db, device)) records.push(record)
  }
  return records
}

/** Accounts that are there as far as is known. */
export function accountsThere(
  db: Queries,
  device: string,
): Promise<{ readonly account: string; readonly readable: number }[]> {
  return db
    .selectFrom('accounts')
    .select(['account', 'readable'])
    .where('device', '=', device)
    .where('gone', '=', 0)
    .execute()
}

async function detections(db: Queries, device: string): Promise<DetectionRecord[]> {
  const rows = await db
    .selectFrom('detections')
    .selectAll()
    .where('device', '=', device)
    .where('gone', '=', 0)
    .execute()
  return rows.map((row) => ({
    type: 'detection',
    tool: row.tool,
    account: accountOf(row),
    state: row.state,
    gone: false,
    running: row.running === null ? null : row.running === 1,
    strength: row.strength,
    version: row.version,
    installedOn: row.installed_on,
    installedBeforeCutoff: row.installed_before_cutoff === null ? null : row.installed_before_cutoff === 1,
    usedBeforeCutoff: row.used_before_cutoff === 1,
    ableToRun: row.able_to_run === 1,
    evidence: JSON.parse(row.evidence) as DetectionRecord['evidence'],
  }))
}

async function gaps(db: Queries, device: string): Promise<GapRecord[]> {
  const rows = await db
    .selectFrom('gaps')
    .selectAll()
    .where('device', '=', device)
    .where('until_at', 'is', null)
    .execute()
  return rows.map((row) => ({
    type: 'gap',
    collector: row.collector,
    account: accountOf(row),
    place: row.place === '' ? null : row.place,
    hash: row.hash === '' ? null : row.hash,
    reason: row.reason as GapRecord['reason'], // the column holds nothing else
    detail: row.detail,
    from: row.from_at,
    until: null,
  }))
}

async function inventory(db: Queries, device: string): Promise<InventoryRecord[]> {
  const rows = await db
    .selectFrom('inventory')
    .innerJoin('items', 'items.id', 'inventory.item')
    .select(['items.item', 'items.source', 'items.name', 'inventory.account', 'inventory.version'])
    .where('inventory.device', '=', device)
    .where('inventory.last_day', 'is', null)
    .execute()
  return rows.map((row) => ({ ...row, type: 'inventory', account: accountOf(row), gone: false }))
}

async function unlisted(db: Queries, device: string): Promise<UnlistedRecord[]> {
  const rows = await db
    .selectFrom('unlisted')
    .selectAll()
    .where('device', '=', device)
    .where('gone', '=', 0)
    .execute()
  return rows.map((row) => ({
    type: 'unlisted',
    account: accountOf(row),
    source: row.source,
    name: row.name,
    behaviours: JSON.parse(row.behaviours) as UnlistedRecord['behaviours'],
    gone: false,
  }))
}

function accountOf({ account }: { readonly account: string }): string | null {
  return account === '' ? null : account
}
