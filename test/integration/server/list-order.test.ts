// The order of lists tells no names apart: accounts come by their keys, page by page, and no list sorts a whole table for it.
import { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireRecord } from '#shared/protocol.ts'
import { openDatabase } from '../../../server/store/database.ts'
import { listAccounts } from '../../../server/store/lists/device-list.ts'
import {
  listCoverage,
  listDetections,
  listGaps,
  listInventory,
} from '../../../server/store/lists/fact-list.ts'
import type { Tables } from '../../../server/store/schema.ts'
import { sqliteDialect } from '../../../server/store/sqlite-dialect.ts'
import type { Queries } from '../../../server/store/store.ts'
import { noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, gapRecord, inventoryRecord } from '../../helpers/wire-records.ts'

describe('accounts come by their keys, not by their names', () => {
  const accounts = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal']
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startTestServer()
    for (let n = 0; n < 2; n++) {
      const device = await server.enrolled({ hostname: `host-${n}` })
      const records = accounts.flatMap((account): WireRecord[] => [
        { type: 'account', account, readable: true, gone: false },
        detectionRecord({ account }),
        detectionRecord({ account, tool: 'codex-cli' }),
        gapRecord({ account, from: noon }),
        gapRecord({ account, from: noon, collector: 'command' }),
        inventoryRecord({ account }),
        { type: 'coverage', account, state: 'attested', at: noon, catalogue: 'c', gaps: 0 },
      ])
      await device.checkIn([...records, detectionRecord({ account: null }), inventoryRecord()])
    }
    browser = await server.signIn()
  })
  afterAll(async () => {
    await server.close()
  })

  interface Row {
    readonly device: string
    readonly account: { readonly key: string } | null
  }

  async function walk(list: string, limit: number): Promise<Row[]> {
    const rows: Row[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer = await browser.get(`/api/v1/${list}?limit=${limit}&cursor=${cursor}`)
      const page = answer.body as { items: Row[]; next: string | null }
      rows.push(...page.items)
      cursor = page.next
    }
    return rows
  }

  const place = ({ device, account }: Row) => `${device} ${account?.key ?? ''}`
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

  test.each([
    ['accounts', 2 * 8, 1],
    ['detections', 2 * 17, 1],
    ['inventory', 2 * 9, 1],
    ['coverage', 2 * 8, 1],
    ['gaps', 2 * 16, -1],
  ])('in %s, whatever the size of a page', async (list, expected, sign) => {
    const places = (await walk(list, 200)).map(place)
    expect(places).toHaveLength(expected)
    expect(places).toEqual(places.toSorted((a, b) => sign * compare(a, b)))
    for (const limit of [1, 3]) expect((await walk(list, limit)).map(place)).toEqual(places)
  })

  test('in what a policy would change', async () => {
    const { body } = await browser.send('POST', '/api/v1/policies/plan', examplePolicy)
    const { subjects } = body as { subjects: { host: string; account: string | null; tool: string }[] }
    const first = subjects.filter(({ host, tool }) => host === subjects[0]?.host && tool === 'claude-code')
    const byKey = (await walk('accounts', 200)) as unknown as { host: Label; account: Label }[]
    expect(first).toHaveLength(9)
    const named = byKey.filter(({ host }) => host.label === first[0]?.host).map((row) => row.account.label)
    expect(first.map(({ account }) => account)).toEqual([null, ...named])
  })
  interface Label {
    readonly label: string
  }
})

describe('the plan of', () => {
  const page = { after: null, limit: 51 }
  const next = <T>(after: T) => ({ after, limit: 51 })
  const account = { device: 'd', key: 'k' }
  const item = { name: 'n', item: 'package', source: 'npm', device: 'd', key: 'k' } as const
  const gap = { from: 1, device: 'd', key: 'k' }

  test.each<[string, (db: Queries) => Promise<unknown>]>([
    ['accounts', (db) => listAccounts(db, page)],
    ['accounts, next page', (db) => listAccounts(db, next(account))],
    ['detections', (db) => listDetections(db, page)],
    ['detections, next page', (db) => listDetections(db, next({ ...account, tool: 't' }))],
    ['detections of a tool', (db) => listDetections(db, { ...page, tools: ['t'] })],
    ['inventory', (db) => listInventory(db, { ...page, gone: false })],
    ['inventory, next page', (db) => listInventory(db, { ...next(item), gone: false })],
    ['inventory by name', (db) => listInventory(db, { ...page, text: 'x', gone: true })],
    ['gaps', (db) => listGaps(db, { ...page, past: false })],
    ['gaps, next page', (db) => listGaps(db, { ...next(gap), past: false })],
    ['gaps of a kind', (db) => listGaps(db, { ...page, reason: ['denied'], past: false })],
    ['gaps, past ones too', (db) => listGaps(db, { ...next(gap), past: true })],
    ['coverage', (db) => listCoverage(db, page)],
    ['coverage, next page', (db) => listCoverage(db, next(account))],
  ])('%s across the fleet follows an index and sorts at most what is equal so far', async (_, list) => {
    const database = openDatabase(':memory:')
    const statements: string[] = []
    const prepare = database.prepare.bind(database)
    database.prepare = (text) => {
      statements.push(text)
      return prepare(text)
    }
    await list(new Kysely<Tables>({ dialect: sqliteDialect(database) }))
    const [ordered = ''] = statements.filter((text) => text.includes('limit'))
    const steps = prepare(`explain query plan ${ordered}`)
      .all()
      // A subquery for one row of the page has steps of its own, below it.
      .filter((step) => step['parent'] === 0)
      .map((step) => String(step['detail']))
    database.close()
    expect(steps[0]).toMatch(/^(SEARCH|SCAN) (accounts|detections|items|gaps|coverage)/)
    expect(steps.filter((step) => /TEMP B-TREE/.test(step) && !/LAST (\d+ )?TERMS?/.test(step))).toEqual([])
  })
})
