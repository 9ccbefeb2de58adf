// Devices and accounts in pages.
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { ContactState } from '#shared/contact.ts'
import { replacedAfter, reportingMs } from '../../habit.ts'
import type { Queries } from '../store.ts'
import { likeText } from './like.ts'

const sortColumns = {
  worst: sql<number>`devices.severity`,
  seen: sql<number>`coalesce(devices.last_seen_at, 0)`,
  /** By when each is out of its habit. */
  quiet: sql<number>`devices.quiet_after`,
  enrolled: sql<number>`devices.enrolled_at`,
  host: sql<string>`devices.label`,
  os: sql<string>`devices.os`,
} as const
export type DeviceSort = keyof typeof sortColumns

export interface DeviceQuery {
  readonly text?: string | undefined
  readonly status?: string | undefined
  readonly id?: string | undefined
  /** Of those that are not revoked. */
  readonly contact?: readonly ContactState[] | undefined
  /** As of when silence is told. */
  readonly asOf: number
  readonly sort: DeviceSort
  readonly descending: boolean
  readonly after: { readonly value: string | number; readonly id: string } | null
  readonly limit: number
}

export async function listDevices(db: Queries, query: DeviceQuery) {
  const value: RawBuilder<string | number> = sortColumns[query.sort]
  const direction = query.descending ? 'desc' : 'asc'
  let base = db.selectFrom('devices')
  if (query.id !== undefined) base = base.where('devices.id', '=', query.id)
  if (query.status !== undefined) base = base.where(sql<SqlBool>`devices.status = ${query.status}`)
  if (query.contact !== undefined && query.contact.length > 0) {
    const states = contactStates(query.asOf)
    base = base.where('devices.status', '=', 'active').where(
      sql<SqlBool>`(${sql.join(
        query.contact.map((one) => states[one]),
        sql` or `,
      )})`,
    )
  }
  if (query.text !== undefined) {
    const like = likeText(query.text)
    base = base.where((e) =>
      e.or([
        sql<SqlBool>`devices.label like ${like} escape '\\'`,
        sql<SqlBool>`devices.os like ${like} escape '\\'`,
        sql<SqlBool>`devices.os_version like ${like} escape '\\'`,
        sql<SqlBool>`devices.agent_version like ${like} escape '\\'`,
        e('devices.id', '=', query.text ?? ''),
      ]),
    )
  }
  let keys = base
    .select(['devices.id', value.as('sort_value')])
    .orderBy(value, direction)
    .orderBy('devices.id', direction)
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    const sign = query.descending ? sql`<` : sql`>`
    keys = keys.where(sql<SqlBool>`(${value}, devices.id) ${sign} (${after.value}, ${after.id})`)
  }
  // The page by its keys first: sorting whole rows would work out what none but the shown ones need.
  const page = await keys.execute()
  const found = new Map((await deviceRows(db, page)).map((row) => [row.id, row]))
  const rows = page.flatMap(({ id, sort_value }) => {
    const row = found.get(id)
    return row === undefined ? [] : [{ ...row, sort_value }]
  })
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows, total: counted.n }
}

async function deviceRows(db: Queries, page: readonly { readonly id: string }[]) {
  if (page.length === 0) return []
  const openGaps = sql<number>`(select count(*) from gaps where gaps.device = devices.id and gaps.until_at is null)`
  const accounts = sql<number>`(select count(*) from accounts where accounts.device = devices.id and accounts.gone = 0)`
  return db
    .selectFrom('devices')
    .leftJoin('coverage', (join) =>
      join.onRef('coverage.device', '=', 'devices.id').on('coverage.account', '=', ''),
    )
    .selectAll('devices')
    .select(['coverage.state as coverage_state', openGaps.as('open_gaps'), accounts.as('account_count')])
    .where(
      'devices.id',
      'in',
      page.map(({ id }) => id),
    )
    .execute()
}

export interface AccountQuery {
  readonly device?: string | undefined
  readonly text?: string | undefined
  readonly after: { readonly device: string; readonly key: string } | null
  readonly limit: number
}

/** By device and key: an order by names would tell them apart. */
export async function listAccounts(db: Queries, query: AccountQuery) {
  let base = db
    .selectFrom('accounts')
    .innerJoin('devices', 'devices.id', 'accounts.device')
    .where('accounts.gone', '=', 0)
  if (query.device !== undefined) base = base.where('accounts.device', '=', query.device)
  if (query.text !== undefined) {
    const like = likeText(query.text)
    base = base.where(
      sql<SqlBool>`(accounts.label like ${like} escape '\\' or devices.label like ${like} escape '\\')`,
    )
  }
  let rows = base
    .leftJoin('coverage', (join) =>
      join
        .onRef('coverage.device', '=', 'accounts.device')
        .onRef('coverage.account', '=', 'accounts.account'),
    )
    .selectAll('accounts')
    .select(['devices.label as device_label', 'devices.hostname', 'coverage.state as coverage_state'])
    .select(
      sql<string | null>`(select status from findings where findings.device = accounts.device
        and findings.account = accounts.account and lifecycle <> 'closed' order by severity desc limit 1)`.as(
        'worst',
      ),
    )
    .orderBy('accounts.device')
    .orderBy('accounts.key')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    rows = rows.where(sql<SqlBool>`(accounts.device, accounts.key) > (${after.device}, ${after.key})`)
  }
  const counted = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return { rows: await rows.execute(), total: counted.n }
}

/** An account by the key that stands for its name. */
export function accountByKey(db: Queries, device: string, key: string) {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('key', '=', key)
    .where('device', '=', device)
    .executeTakeFirst()
}

/** Active devices in whose place no other reports, and how many of them are told as what of server/habit.ts. */
export async function countDevices(db: Queries, asOf: number) {
  const active = db
    .selectFrom('devices')
    .where('status', '=', 'active')
    .where('quiet_after', '<', replacedAfter)
  const count = active.select((e) => e.fn.countAll<number>().as('n'))
  const states = contactStates(asOf)
  const total = await count.executeTakeFirstOrThrow()
  const reporting = await count.where(states.reporting).executeTakeFirstOrThrow()
  const quiet = await count.where(states.quiet).executeTakeFirstOrThrow()
  return {
    total: total.n,
    reporting: reporting.n,
    asleep: total.n - reporting.n - quiet.n,
    quiet: quiet.n,
  }
}

/** The conditions of `contactOf`, in the words of the indexes; no device fits two. */
function contactStates(asOf: number): Readonly<Record<ContactState, RawBuilder<SqlBool>>> {
  const seen = sql<number>`coalesce(devices.last_seen_at, 0)`
  const since = asOf - reportingMs
  const inHabit = sql<SqlBool>`devices.quiet_after > ${asOf} and devices.quiet_after < ${replacedAfter}`
  return {
    quiet: sql<SqlBool>`devices.quiet_after <= ${asOf}`,
    reporting: sql<SqlBool>`(${seen} >= ${since} and ${inHabit})`,
    asleep: sql<SqlBool>`(${seen} < ${since} and ${inHabit})`,
  }
}

/** How many of the same devices are covered how well; those that never told are not among them. */
export function countCoverage(db: Queries) {
  return db
    .selectFrom('coverage')
    .select(['state', (e) => e.fn.countAll<number>().as('n')])
    .where('account', '=', '')
    .where('device', 'not in', (e) =>
      e
        .selectFrom('devices')
        .select('id')
        .where((of) => of.or([of('status', '=', 'revoked'), of('quiet_after', '=', replacedAfter)])),
    )
    .groupBy('state')
    .execute()
}
