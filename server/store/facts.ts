// What devices report of themselves: accounts, detections, marks, clocks, gaps, coverage, scans. Each as its newest state.
import type { Insertable, Selectable } from 'kysely'
import type {
  AccountTable,
  ClockTable,
  CoverageTable,
  DetectionTable,
  GapTable,
  MarkTable,
  ScanTable,
} from './schema.ts'
import type { Queries } from './store.ts'

export type AccountFact = Selectable<AccountTable>
export type DetectionFact = Selectable<DetectionTable>
export type MarkFact = Selectable<MarkTable>
export type ClockFact = Selectable<ClockTable>
export type CoverageFact = Selectable<CoverageTable>

export function accountFact(db: Queries, device: string, account: string): Promise<AccountFact | undefined> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('device', '=', device)
    .where('account', '=', account)
    .executeTakeFirst()
}

export async function saveAccount(db: Queries, row: Insertable<AccountTable>): Promise<void> {
  await db
    .insertInto('accounts')
    .values(row)
    .onConflict((c) =>
      c.columns(['device', 'account']).doUpdateSet({ readable: row.readable, gone: row.gone }),
    )
    .execute()
}

/** An account that is only named by another record: known from now on, nothing said of it. */
export async function noteAccount(db: Queries, row: Insertable<AccountTable>): Promise<void> {
  await db
    .insertInto('accounts')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}

export function detectionFact(db: Queries, device: string, account: string, tool: string) {
  return db
    .selectFrom('detections')
    .selectAll()
    .where('device', '=', device)
    .where('account', '=', account)
    .where('tool', '=', tool)
    .executeTakeFirst()
}

export async function saveDetection(db: Queries, row: Insertable<DetectionTable>): Promise<void> {
  await db.replaceInto('detections').values(row).execute()
}

/** Adds a detection where there is none yet. */
export async function addDetection(db: Queries, row: Insertable<DetectionTable>): Promise<void> {
  await db
    .insertInto('detections')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}

export function detectionsOf(db: Queries, device: string): Promise<DetectionFact[]> {
  return db.selectFrom('detections').selectAll().where('device', '=', device).execute()
}

export function markFact(
  db: Queries,
  key: Pick<MarkFact, 'device' | 'account' | 'tool' | 'kind' | 'session' | 'device_at'>,
): Promise<MarkFact | undefined> {
  return db
    .selectFrom('marks')
    .selectAll()
    .where('device', '=', key.device)
    .where('account', '=', key.account)
    .where('tool', '=', key.tool)
    .where('kind', '=', key.kind)
    .where('session', '=', key.session)
    .where('device_at', '=', key.device_at)
    .executeTakeFirst()
}

export async function saveMark(db: Queries, row: Insertable<MarkTable>): Promise<void> {
  await db.replaceInto('marks').values(row).execute()
}

export function marksOf(db: Queries, device: string, account: string, tool: string): Promise<MarkFact[]> {
  return db
    .selectFrom('marks')
    .selectAll()
    .where('device', '=', device)
    .where('account', '=', account)
    .where('tool', '=', tool)
    .execute()
}

export function clocksOf(db: Queries, device: string): Promise<ClockFact[]> {
  return db.selectFrom('clocks').selectAll().where('device', '=', device).execute()
}

export async function saveClock(db: Queries, row: Insertable<ClockTable>): Promise<void> {
  await db.replaceInto('clocks').values(row).execute()
}

export function gapFact(
  db: Queries,
  key: Pick<Selectable<GapTable>, 'device' | 'account' | 'collector' | 'place' | 'hash' | 'reason'>,
) {
  return db
    .selectFrom('gaps')
    .selectAll()
    .where('device', '=', key.device)
    .where('account', '=', key.account)
    .where('collector', '=', key.collector)
    .where('place', '=', key.place)
    .where('hash', '=', key.hash)
    .where('reason', '=', key.reason)
    .executeTakeFirst()
}

export async function saveGap(db: Queries, row: Insertable<GapTable>): Promise<void> {
  await db.replaceInto('gaps').values(row).execute()
}

export function coverageOf(db: Queries, device: string): Promise<CoverageFact[]> {
  return db.selectFrom('coverage').selectAll().where('device', '=', device).execute()
}

export function coverageFact(db: Queries, device: string, account: string) {
  return db
    .selectFrom('coverage')
    .selectAll()
    .where('device', '=', device)
    .where('account', '=', account)
    .executeTakeFirst()
}

export async function saveCoverage(db: Queries, row: Insertable<CoverageTable>): Promise<void> {
  await db.replaceInto('coverage').values(row).execute()
}

export function scanFact(db: Queries, device: string) {
  return db.selectFrom('scans').selectAll().where('device', '=', device).executeTakeFirst()
}

export async function saveScan(db: Queries, row: Insertable<ScanTable>): Promise<void> {
  await db.replaceInto('scans').values(row).execute()
}
