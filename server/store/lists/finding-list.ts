// Findings in pages, filtered and sorted, with what a row shows of its device and account.
import { sql, type Expression, type RawBuilder, type Selectable, type SqlBool } from 'kysely'
import type { CoverageTable, FindingTable } from '../schema.ts'
import type { Queries } from '../store.ts'
import { likeText } from './like.ts'

export interface FindingFilter {
  readonly status?: readonly string[] | undefined
  readonly lifecycle?: readonly string[] | undefined
  readonly tool?: readonly string[] | undefined
  readonly device?: string | undefined
  /** Only what is in no catalogue, or only what is. */
  readonly unlisted?: boolean | undefined
  readonly text?: { readonly text: string; readonly tools: readonly string[] } | undefined
}

const sortColumns = {
  worst: sql<number>`findings.severity`,
  last: sql<number>`coalesce(findings.last_mark_at, 0)`,
  since: sql<number>`coalesce(findings.since, 0)`,
  changed: sql<number>`findings.changed_at`,
  tool: sql<string>`findings.tool`,
  lifecycle: sql<string>`findings.lifecycle`,
} as const
export type FindingSort = keyof typeof sortColumns

export interface FindingCursor {
  readonly value: string | number
  readonly last: number
  readonly id: string
}

export interface FindingQuery {
  readonly filter: FindingFilter
  readonly sort: FindingSort
  readonly descending: boolean
  readonly after: FindingCursor | null
  /** One more than is shown, to know whether there is a next page. */
  readonly limit: number
}

/** What stands for something that is in no catalogue: `;` comes after `:`, so that an index answers. */
const isUnlisted = sql<SqlBool>`(findings.tool >= 'unlisted:' and findings.tool < 'unlisted;')`
const lastMark = sql<number>`coalesce(findings.last_mark_at, 0)`

/** Chooses the page by its keys alone, then reads what its rows show: sorting whole rows would carry all of them along. */
export async function listFindings(db: Queries, query: FindingQuery) {
  const value: RawBuilder<string | number> = sortColumns[query.sort]
  const direction = query.descending ? 'desc' : 'asc'
  let keys = filtered(db, query.filter)
    .select(['findings.id', value.as('sort_value')])
    .orderBy(value, direction)
    // Said twice, an order is no longer that of its index.
    .$if(query.sort !== 'last', (rows) => rows.orderBy(lastMark, direction))
    .orderBy('findings.id', direction)
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    const sign = query.descending ? sql`<` : sql`>`
    const columns =
      query.sort === 'last' ? sql`(${value}, findings.id)` : sql`(${value}, ${lastMark}, findings.id)`
    const ended =
      query.sort === 'last'
        ? sql`(${after.value}, ${after.id})`
        : sql`(${after.value}, ${after.last}, ${after.id})`
    keys = keys.where(sql<SqlBool>`${columns} ${sign} ${ended}`)
  }
  const page = await keys.execute()
  const found = await findingRows(
    db,
    page.map(({ id }) => id),
  )
  const rows = page.flatMap(({ id, sort_value }) => {
    const row = found.get(id)
    return row === undefined ? [] : [{ ...row, sort_value }]
  })
  const counted = await filtered(db, query.filter)
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return { rows, total: counted.n }
}

export type ListedFinding = Selectable<FindingTable> & {
  readonly label: string
  readonly hostname: string
  readonly coverage_state: CoverageTable['state'] | null
  readonly machine_state: CoverageTable['state'] | null
}

export async function findingRow(db: Queries, id: string): Promise<ListedFinding | undefined> {
  return (await findingRows(db, [id])).get(id)
}

async function findingRows(db: Queries, ids: readonly string[]): Promise<Map<string, ListedFinding>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('findings')
    .innerJoin('devices', 'devices.id', 'findings.device')
    .leftJoin('coverage', (join) =>
      join
        .onRef('coverage.device', '=', 'findings.device')
        .onRef('coverage.account', '=', 'findings.account'),
    )
    .leftJoin('coverage as machine', (join) =>
      join.onRef('machine.device', '=', 'findings.device').on('machine.account', '=', ''),
    )
    .selectAll('findings')
    .select([
      'devices.label',
      'devices.hostname',
      'coverage.state as coverage_state',
      'machine.state as machine_state',
    ])
    .where('findings.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** How many findings there are of each status that are not closed, by tool. */
export function countOpenByTool(db: Queries) {
  return db
    .selectFrom('findings')
    .select(['tool', 'status', (e) => e.fn.countAll<number>().as('n')])
    .where('lifecycle', '!=', 'closed')
    .groupBy(['tool', 'status'])
    .execute()
}

export function countByPolicy(db: Queries) {
  return db
    .selectFrom('findings')
    .select(['policy_version', 'status', (e) => e.fn.countAll<number>().as('n')])
    .groupBy(['policy_version', 'status'])
    .execute()
}

function filtered(db: Queries, filter: FindingFilter) {
  return db.selectFrom('findings').where((e) => {
    const all: Expression<SqlBool>[] = []
    if (filter.status?.length) all.push(e('findings.status', 'in', filter.status))
    if (filter.tool?.length) all.push(e('findings.tool', 'in', filter.tool))
    if (filter.lifecycle?.length) {
      all.push(sql<SqlBool>`findings.lifecycle in (${sql.join(filter.lifecycle)})`)
    }
    if (filter.device !== undefined) all.push(e('findings.device', '=', filter.device))
    if (filter.unlisted !== undefined) all.push(filter.unlisted ? isUnlisted : e.not(isUnlisted))
    if (filter.text !== undefined) {
      const like = likeText(filter.text.text)
      const either = [
        sql<SqlBool>`findings.device in (select id from devices where label like ${like} escape '\\')`,
        sql<SqlBool>`exists (select 1 from accounts where accounts.device = findings.device
          and accounts.account = findings.account and accounts.label like ${like} escape '\\')`,
        sql<SqlBool>`findings.rule like ${like} escape '\\'`,
        sql<SqlBool>`(${isUnlisted} and substr(findings.tool, 10) like ${like} escape '\\')`,
        e('findings.device', '=', filter.text.text),
      ]
      if (filter.text.tools.length > 0) either.push(e('findings.tool', 'in', filter.text.tools))
      all.push(e.or(either))
    }
    return e.and(all)
  })
}
