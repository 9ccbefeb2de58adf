// Lists: every one is walked page by page without losing or doubling a row; filters and orders do what they say.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AccountRow,
  AuditRow,
  CoverageRow,
  DetectionRow,
  DeviceRow,
  EventRow,
  FindingRow,
  GapRow,
  InventoryRow,
  Overview,
  pageOf,
  ToolRow,
} from '#shared/api.ts'
import type { WireRecord } from '#shared/protocol.ts'
import { day, noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import {
  detectionRecord,
  examplePolicy,
  gapRecord,
  inventoryRecord,
  markRecord,
} from '../../helpers/wire-records.ts'

const devices = 7
const accounts = ['alice', 'bob', 'carol']
let server: TestServer
let browser: Browser
let first: string

beforeAll(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  for (let d = 0; d < devices; d++) {
    const device = await server.enrolled({ hostname: `host-${d}`, os: d % 2 === 0 ? 'linux' : 'darwin' })
    first ??= device.id
    device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 1 }
    const records = accounts.flatMap((account, a): WireRecord[] => [
      { type: 'account', account, readable: true, gone: false },
      detectionRecord({ account, state: 'used' }),
      ...(a === 0 ? [markRecord(noon - d * 1000, { account, session: `session-of-device-${d}-x` })] : []),
      ...(a === 1
        ? [markRecord(noon - day, { account, basis: 'found', session: `found-on-device-${d}-xx` })]
        : []),
      gapRecord({ account, from: noon - d * 1000 }),
      inventoryRecord({ account, name: `package-${a}` }),
      { type: 'coverage', account, state: 'attested', at: noon, catalogue: 'c', gaps: 0 },
    ])
    await device.checkIn(records)
    server.clock.now += 1000
  }
  browser = await server.signIn()
})
afterAll(async () => {
  await server.close()
})

type Items = { items: Record<string, unknown>[]; total: number; next: string | null }

async function walk(url: string): Promise<{ items: Record<string, unknown>[]; total: number }> {
  const items: Record<string, unknown>[] = []
  let cursor: string | null = ''
  let total = 0
  while (cursor !== null) {
    const page = (await browser.get(`/api/v1/${url}${url.includes('?') ? '&' : '?'}limit=4&cursor=${cursor}`))
      .body as Items
    items.push(...page.items)
    total = page.total
    cursor = page.next
  }
  return { items, total }
}

const all = devices * accounts.length
test.each([
  ['findings', FindingRow, all],
  ['devices', DeviceRow, devices],
  ['accounts', AccountRow, all],
  ['detections', DetectionRow, all],
  ['inventory', InventoryRow, all],
  ['gaps', GapRow, all],
  ['coverage', CoverageRow, all],
  ['findings?sort=last', FindingRow, all],
  ['findings?sort=-since', FindingRow, all],
  ['findings?sort=-changed', FindingRow, all],
  ['findings?sort=tool', FindingRow, all],
  ['findings?sort=lifecycle', FindingRow, all],
  ['findings?status=violation,suspected', FindingRow, devices * 2],
  ['devices?sort=seen', DeviceRow, devices],
  ['devices?sort=-enrolled', DeviceRow, devices],
  ['devices?sort=host', DeviceRow, devices],
  ['devices?q=darwin', DeviceRow, 3],
  ['inventory?q=package-1', InventoryRow, devices],
  ['gaps?q=trace', GapRow, all],
])('%s is walked page by page, whole and without doubles', async (url, schema, expected) => {
  const { items, total } = await walk(url)
  expect(total).toBe(expected)
  expect(items).toHaveLength(expected)
  expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(expected)
  expect(() => pageOf(schema).parse({ items, total, next: null })).not.toThrow()
})

test.each([
  ['events', EventRow],
  ['audit', AuditRow],
])('%s come newest first', async (url, schema) => {
  const { items, total } = await walk(url)
  expect(items).toHaveLength(total)
  expect(total).toBeGreaterThan(5)
  const ids = items.map((item) => Number(item['id']))
  expect(ids).toEqual(ids.toSorted((a, b) => b - a))
  expect(() => pageOf(schema).parse({ items, total, next: null })).not.toThrow()
})

describe('findings', () => {
  test('come worst first, then newest first', async () => {
    const { items } = await walk('findings')
    const statuses = items.map((item) => String(item['status']))
    expect(statuses).toEqual([
      ...Array.from({ length: devices }, () => 'violation'),
      ...Array.from({ length: devices }, () => 'suspected'),
      ...Array.from({ length: devices }, () => 'present'),
    ])
    const violations = items.slice(0, devices).map((item) => Number(item['lastMarkAt']))
    expect(violations).toEqual(violations.toSorted((a, b) => b - a))
  })

  test.each([
    ['status=violation&status=suspected', devices * 2],
    ['tool=claude-code', all],
    ['tool=aider', 0],
    ['lifecycle=open', all],
    ['lifecycle=closed,disputed', 0],
    ['q=claude', all],
    ['q=CLAUDE%20CODE', all],
    ['q=no-claude-code', all],
    ['q=%25', 0],
    ['q=nothing-is-called-so', 0],
  ])('with %s are so many', async (query, expected) => {
    expect((await browser.get(`/api/v1/findings?${query}`)).body).toMatchObject({ total: expected })
  })

  test('are found by a device and by the pseudonyms that are shown', async () => {
    expect((await browser.get(`/api/v1/findings?device=${first}`)).body).toMatchObject({
      total: accounts.length,
    })
    const { items } = await walk('findings')
    const { account, host } = items[0] as { account: { label: string }; host: { label: string } }
    expect((await browser.get(`/api/v1/findings?q=${account.label}`)).body).toMatchObject({ total: 1 })
    expect((await browser.get(`/api/v1/findings?q=${host.label}`)).body).toMatchObject({
      total: accounts.length,
    })
  })
})

test.each([
  'findings?sort=password',
  'findings?status=guilty',
  'findings?limit=9999',
  'findings?cursor=x',
  'devices?sort=key',
])('%s is refused', async (url) => {
  expect((await browser.get(`/api/v1/${url}`)).body).toMatchObject({ code: 'bad-request' })
})

test('one device’s lists are its own', async () => {
  for (const name of ['detections', 'inventory', 'gaps', 'coverage']) {
    expect((await browser.get(`/api/v1/devices/${first}/${name}`)).body).toMatchObject({
      total: accounts.length,
    })
  }
  expect((await browser.get(`/api/v1/devices/${first}`)).body).toMatchObject({
    id: first,
    gaps: 3,
    accounts: 3,
    worst: 'violation',
  })
  expect((await browser.get('/api/v1/devices/none')).status).toBe(404)
})

test('the overview adds up', async () => {
  const overview = Overview.parse((await browser.get('/api/v1/overview')).body)
  expect(overview).toMatchObject({
    devices: { total: devices, reporting: devices, asleep: 0, quiet: 0 },
    findings: { violation: devices, suspected: devices, present: devices, review: 0 },
    coverage: { attested: 0, blindSpots: 0, notAttested: devices },
    gaps: [{ reason: 'denied', count: all }],
    policy: { version: 1 },
  })
  expect(overview.newest).toHaveLength(8)
})

test('the catalogue is a list of tools', async () => {
  const { items } = pageOf(ToolRow).parse((await browser.get('/api/v1/tools')).body)
  expect(items).toContainEqual(expect.objectContaining({ id: 'claude-code', name: 'Claude Code' }))
})

test('new devices that have not reported for two days are asleep, after a week they are quiet', async () => {
  server.clock.now += 2 * day
  const again = await server.signIn()
  expect((await again.get('/api/v1/overview')).body).toMatchObject({
    devices: { reporting: 0, asleep: devices, quiet: 0 },
  })
  server.clock.now += 5 * day
  const later = await server.signIn()
  expect((await later.get('/api/v1/overview')).body).toMatchObject({
    devices: { reporting: 0, asleep: 0, quiet: devices },
  })
})
