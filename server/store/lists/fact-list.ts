// Detections, inventory, gaps, coverage and events in pages.
import { sql, type SqlBool } from 'kysely'
import type { Queries } from '../store.ts'
import { likeText } from './like.ts'

export interface PageOf<Cursor> {
  readonly after: Cursor | null
  readonly limit: number
}

interface DetectionCursor {
  readonly device: string
  readonly account: string
  readonly tool: string
}

export interface DetectionQuery extends PageOf<DetectionCursor> {
  readonly device?: string | undefined
  readonly tools?: readonly string[] | undefined
  readonly gone?: boolean | undefined
}

export async function listDetections(db: Queries, query: DetectionQuery) {
  let base = db.selectFrom('detections').innerJoin('devices', 'devices.id', 'detections.device')
  if (query.device !== undefined) base = base.where('detections.device', '=', query.device)
  if (query.tools !== undefined) base = base.where('detections.tool', 'in', query.tools)
  if (query.gone !== undefined) base = base.where('detections.gone', '=', query.gone ? 1 : 0)
  let rows = base
    .selectAll('detections')
    .select(['devices.label', 'devices.hostname'])
    .select(
      sql<number>`(select count(*) from marks where marks.device = detections.device
        and marks.account = detections.account and marks.tool = detections.tool)`.as('mark_count'),
    )
    .orderBy('detections.device')
    .orderBy('detections.account')
    .orderBy('detections.tool')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(
      sql<SqlBool>`(detections.device, detections.account, detections.tool) > (${after.device}, ${after.account}, ${after.tool})`,
    )
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

interface InventoryCursor {
  readonly name: string
  readonly item: number
  readonly device: string
  readonly account: string
}

export interface InventoryQuery extends PageOf<InventoryCursor> {
  readonly device?: string | undefined
  readonly text?: string | undefined
  readonly item?: string | undefined
  /** Also what is no longer there. */
  readonly gone: boolean
}

/** Who has it, or has had it: by name, across the fleet or on one device. */
export async function listInventory(db: Queries, query: InventoryQuery) {
  let base = db
    .selectFrom('items')
    .innerJoin('inventory', 'inventory.item', 'items.id')
    .innerJoin('devices', 'devices.id', 'inventory.device')
  if (query.device !== undefined) base = base.where('inventory.device', '=', query.device)
  if (query.item !== undefined) base = base.where(sql<SqlBool>`items.item = ${query.item}`)
  if (!query.gone) base = base.where('inventory.last_day', 'is', null)
  if (query.text !== undefined) {
    base = base.where(sql<SqlBool>`items.name like ${likeText(query.text)} escape '\\'`)
  }
  let rows = base
    .select([
      'items.id as item_id',
      'items.item',
      'items.source',
      'items.name',
      'inventory.device',
      'inventory.account',
      'inventory.version',
      'inventory.first_day',
      'inventory.last_day',
      'devices.label',
      'devices.hostname',
    ])
    .orderBy('items.name')
    .orderBy('items.id')
    .orderBy('inventory.device')
    .orderBy('inventory.account')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(
      sql<SqlBool>`(items.name, items.id, inventory.device, inventory.account) >
        (${after.name}, ${after.item}, ${after.device}, ${after.account})`,
    )
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

interface GapCursor {
  readonly from: number
  readonly device: string
  readonly key: string
}

export interface GapQuery extends PageOf<GapCursor> {
  readonly device?: string | undefined
  readonly reason?: readonly string[] | undefined
  readonly text?: string | undefined
  /** Also those that are over. */
  readonly past: boolean
}

const gapKey = sql<string>`gaps.account || char(10) || gaps.collector || char(10) || gaps.place || char(10) || gaps.hash || char(10) || gaps.reason`

/** Newest first. */
export async function listGaps(db: Queries, query: GapQuery) {
  let base = db.selectFrom('gaps').innerJoin('devices', 'devices.id', 'gaps.device')
  if (query.device !== undefined) base = base.where('gaps.device', '=', query.device)
  if (query.reason?.length) base = base.where('gaps.reason', 'in', query.reason)
  if (!query.past) base = base.where('gaps.until_at', 'is', null)
  if (query.text !== undefined) {
    const like = likeText(query.text)
    base = base.where(
      sql<SqlBool>`(gaps.place like ${like} escape '\\' or gaps.collector like ${like} escape '\\' or devices.label like ${like} escape '\\')`,
    )
  }
  let rows = base
    .selectAll('gaps')
    .select(['devices.label', 'devices.hostname', gapKey.as('key')])
    .orderBy('gaps.from_at', 'desc')
    .orderBy('gaps.device', 'desc')
    .orderBy(gapKey, 'desc')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(
      sql<SqlBool>`(gaps.from_at, gaps.device, ${gapKey}) < (${after.from}, ${after.device}, ${after.key})`,
    )
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

export function countOpenGaps(db: Queries) {
  return db
    .selectFrom('gaps')
    .select(['reason', (e) => e.fn.countAll<number>().as('n')])
    .where('until_at', 'is', null)
    .groupBy('reason')
    .orderBy('n', 'desc')
    .execute()
}

export interface CoverageQuery extends PageOf<{ readonly device: string; readonly account: string }> {
  readonly device?: string | undefined
  readonly state?: readonly string[] | undefined
}

export async function listCoverage(db: Queries, query: CoverageQuery) {
  let base = db.selectFrom('coverage').innerJoin('devices', 'devices.id', 'coverage.device')
  if (query.device !== undefined) base = base.where('coverage.device', '=', query.device)
  if (query.state?.length) base = base.where(sql<SqlBool>`coverage.state in (${sql.join(query.state)})`)
  let rows = base
    .selectAll('coverage')
    .select(['devices.label', 'devices.hostname'])
    .orderBy('coverage.device')
    .orderBy('coverage.account')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(sql<SqlBool>`(coverage.device, coverage.account) > (${after.device}, ${after.account})`)
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

export interface EventQuery extends PageOf<{ readonly id: number }> {
  readonly device?: string | undefined
  readonly account?: string | undefined
  readonly tool?: string | undefined
  readonly type?: readonly string[] | undefined
}

/** Newest first. */
export async function listEvents(db: Queries, query: EventQuery) {
  let base = db.selectFrom('events')
  if (query.device !== undefined) base = base.where('device', '=', query.device)
  if (query.account !== undefined) base = base.where('account', '=', query.account)
  if (query.tool !== undefined) base = base.where('tool', '=', query.tool)
  if (query.type?.length) base = base.where('type', 'in', query.type)
  let rows = base.selectAll().orderBy('id', 'desc').limit(query.limit)
  if (query.after !== null) rows = rows.where('id', '<', query.after.id)
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}
