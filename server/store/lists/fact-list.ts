// Detections, inventory, gaps, coverage and events in pages. Accounts come by their keys: an order by names would tell names
// apart.
import { sql, type SqlBool } from 'kysely'
import type { Queries } from '../store.ts'
import { likeText } from './like.ts'

export interface PageOf<Cursor> {
  readonly after: Cursor | null
  readonly limit: number
}

/** '' for the machine as a whole, which has no key. */
const accountKey = sql<string>`coalesce(accounts.key, '')`

interface DetectionCursor {
  readonly device: string
  readonly key: string
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
    .leftJoin('accounts', (join) =>
      join
        .onRef('accounts.device', '=', 'detections.device')
        .onRef('accounts.account', '=', 'detections.account'),
    )
    .selectAll('detections')
    .select(['devices.label', 'devices.hostname', accountKey.as('account_key')])
    .select(
      sql<number>`(select count(*) from marks where marks.device = detections.device
        and marks.account = detections.account and marks.tool = detections.tool)`.as('mark_count'),
    )
    .orderBy('detections.device')
    .orderBy(accountKey)
    .orderBy('detections.tool')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(
      sql<SqlBool>`(detections.device, ${accountKey}, detections.tool) > (${after.device}, ${after.key}, ${after.tool})`,
    )
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

interface InventoryCursor {
  readonly name: string
  readonly item: string
  readonly source: string
  readonly device: string
  readonly key: string
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
  const joined = db.selectFrom('items').innerJoin('inventory', 'inventory.item', 'items.id')
  const filtered = (from: typeof joined) => {
    let base = from.innerJoin('devices', 'devices.id', 'inventory.device')
    if (query.device !== undefined) base = base.where('inventory.device', '=', query.device)
    if (query.item !== undefined) base = base.where(sql<SqlBool>`items.item = ${query.item}`)
    if (!query.gone) base = base.where('inventory.last_day', 'is', null)
    if (query.text !== undefined) {
      base = base.where(sql<SqlBool>`items.name like ${likeText(query.text)} escape '\\'`)
    }
    return base
  }
  // Across the fleet the items come first, in their order: SQLite would rather read and sort the whole inventory.
  const base =
    query.device === undefined
      ? filtered(db.selectFrom('items').crossJoin('inventory').whereRef('inventory.item', '=', 'items.id'))
      : filtered(joined)
  let rows = base
    .leftJoin('accounts', (join) =>
      join
        .onRef('accounts.device', '=', 'inventory.device')
        .onRef('accounts.account', '=', 'inventory.account'),
    )
    .select([
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
      accountKey.as('account_key'),
    ])
    .orderBy('items.name')
    .orderBy('items.item')
    .orderBy('items.source')
    .orderBy('inventory.device')
    .orderBy(accountKey)
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(
      sql<SqlBool>`(items.name, items.item, items.source, inventory.device, ${accountKey}) >
        (${after.name}, ${after.item}, ${after.source}, ${after.device}, ${after.key})`,
    )
  }
  const counted = await filtered(joined)
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
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

const gapKey = sql<string>`${accountKey} || char(10) || gaps.collector || char(10) || gaps.place || char(10) || gaps.hash || char(10) || gaps.reason`

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
    .leftJoin('accounts', (join) =>
      join.onRef('accounts.device', '=', 'gaps.device').onRef('accounts.account', '=', 'gaps.account'),
    )
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

export interface CoverageQuery extends PageOf<{ readonly device: string; readonly key: string }> {
  readonly device?: string | undefined
  readonly state?: readonly string[] | undefined
}

export async function listCoverage(db: Queries, query: CoverageQuery) {
  let base = db.selectFrom('coverage').innerJoin('devices', 'devices.id', 'coverage.device')
  if (query.device !== undefined) base = base.where('coverage.device', '=', query.device)
  if (query.state?.length) base = base.where(sql<SqlBool>`coverage.state in (${sql.join(query.state)})`)
  let rows = base
    .leftJoin('accounts', (join) =>
      join
        .onRef('accounts.device', '=', 'coverage.device')
        .onRef('accounts.account', '=', 'coverage.account'),
    )
    .selectAll('coverage')
    .select(['devices.label', 'devices.hostname', accountKey.as('account_key')])
    .orderBy('coverage.device')
    .orderBy(accountKey)
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(sql<SqlBool>`(coverage.device, ${accountKey}) > (${after.device}, ${after.key})`)
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
