// Quiet by its own habit, through real requests and a real database: what the API tells of devices that sleep, rest and stop.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeviceRow, Overview, pageOf } from '#shared/api.ts'
import type { Contact } from '#shared/contact.ts'
import type { WireRecord } from '#shared/protocol.ts'
import { buildApp } from '../../../server/app.ts'
import { contactOf } from '../../../server/habit.ts'
import { noteDatesLookedAt } from '../../../server/store/jobs.ts'
import { migrations } from '../../../server/store/migrations.ts'
import { Store } from '../../../server/store/store.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'

const hour = day / 24
const monday = Date.UTC(2026, 10, 23)
const week = 7 * day

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
  server.clock.now = monday
})
afterEach(() => server.close())

async function report(device: TestDevice, at: number, ...records: WireRecord[]): Promise<void> {
  server.clock.now = at
  expect((await device.checkIn(records)).statusCode).toBe(200)
}

/** From Monday to Friday, at the beginning and the end of work. */
async function work(device: TestDevice, weeks: number): Promise<void> {
  for (let n = 0; n < weeks * 7; n++) {
    if (n % 7 > 4) continue
    for (const at of [9, 17]) await report(device, monday + n * day + at * hour)
  }
}

async function alwaysOn(device: TestDevice, weeks: number): Promise<void> {
  for (let at = monday; at < monday + weeks * week; at += 5 * hour) await report(device, at)
}

/** Sessions of the dashboard end while the clock goes on: each look signs in. */
async function get(path: string): Promise<unknown> {
  return (await (await server.signIn()).get(`/api/v1/${path}`)).body
}
const contact = async (device: TestDevice): Promise<Contact | null> =>
  DeviceRow.parse(await get(`devices/${device.id}`)).contact
const counts = async () => Overview.parse(await get('overview')).devices
const listed = async (query: string): Promise<string[]> =>
  pageOf(DeviceRow)
    .parse(await get(`devices?${query}`))
    .items.map(({ id }) => id)

const stopping = (at: number): WireRecord => ({ type: 'agent', event: 'stopping', detail: null, at })

test('a laptop is not quiet on a Sunday, nor after three days in the third week of its life; after eight it is', async () => {
  const laptop = await server.enrolled()
  await work(laptop, 3)
  const friday = server.clock.now
  const at = async (now: number) => {
    server.clock.now = now
    return (await contact(laptop))?.state
  }
  expect(await at(friday + hour)).toBe('reporting')
  expect(await at(friday + 2 * day)).toBe('asleep')
  expect(await at(friday + 4 * day)).toBe('asleep')
  expect(await at(friday + 8 * day)).toBe('quiet')
  await report(laptop, friday + 8 * day)
  expect(await at(friday + 8 * day)).toBe('reporting')
})

test('a machine that is always on is missed within hours, beside a laptop that sleeps', async () => {
  const laptop = await server.enrolled()
  const machine = await server.enrolled()
  await alwaysOn(machine, 9)
  const last = server.clock.now
  await report(laptop, last)
  server.clock.now = last + 7 * hour
  expect(await contact(machine)).toEqual({ state: 'quiet', habitMs: 6 * hour, stopped: false })
  expect(await contact(laptop)).toEqual({ state: 'asleep', habitMs: week, stopped: false })
  expect(await counts()).toEqual({ total: 2, reporting: 0, asleep: 1, quiet: 1 })
  expect(await listed('contact=quiet')).toEqual([machine.id])
  expect(await listed('contact=asleep')).toEqual([laptop.id])
  expect(await listed('contact=reporting')).toEqual([])
  expect((await listed('contact=quiet,asleep')).toSorted()).toEqual([laptop.id, machine.id].toSorted())
  expect(await listed('sort=quiet')).toEqual([machine.id, laptop.id])
  expect(await listed('sort=-quiet')).toEqual([laptop.id, machine.id])
  expect(await get('devices?contact=guilty')).toMatchObject({ code: 'bad-request' })
})

test('the server’s clock, set forward and back, teaches no device a longer silence', async () => {
  const machine = await server.enrolled()
  await alwaysOn(machine, 9)
  const last = server.clock.now
  const before = await server.context.store.read
    .selectFrom('devices')
    .select('silences')
    .executeTakeFirstOrThrow()
  // As the agent has measured it: its own clock is right.
  machine.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 5 }
  for (const at of [last + 900 * day, last + hour]) {
    server.clock.now = at
    const answer = await machine.checkIn([], { now: last + hour })
    expect(answer.statusCode).toBe(200)
    expect(await contact(machine)).toMatchObject({ state: 'reporting', habitMs: 6 * hour })
  }
  expect(
    await server.context.store.read.selectFrom('devices').select('silences').executeTakeFirstOrThrow(),
  ).toEqual(before)
})

describe('a device whose last word was that it is stopped', () => {
  test('is told as that once it is quiet, uninstalled or switched off alike', async () => {
    const removed = await server.enrolled()
    const lost = await server.enrolled()
    await report(removed, monday + 17 * hour, stopping(monday))
    await report(lost, monday + 17 * hour)
    server.clock.now = monday + 9 * day
    expect(await contact(removed)).toEqual({ state: 'quiet', habitMs: week, stopped: true })
    expect(await contact(lost)).toEqual({ state: 'quiet', habitMs: week, stopped: false })
  })

  test('is told as stopped also where it was started and stopped again that day, which is told once', async () => {
    const device = await server.enrolled()
    await report(device, monday + 9 * hour, stopping(monday))
    await report(device, monday + 17 * hour)
    expect(await contact(device)).toMatchObject({ stopped: true })
  })

  test.each([
    ['reports on a later day', monday + day + 9 * hour, []],
    ['tells late of a stop on an earlier one', monday + 2 * day, [stopping(monday)]],
  ])('is not told as stopped once it %s', async (_, at, records) => {
    const device = await server.enrolled()
    if (records.length === 0) await report(device, monday + 17 * hour, stopping(monday))
    await report(device, at, ...records)
    expect(await contact(device)).toMatchObject({ state: 'reporting', stopped: false })
  })
})

describe('a device whose agent said why it ends', () => {
  const says = (event: 'removing' | 'upgrading' | 'started'): WireRecord => ({
    type: 'agent',
    event,
    detail: null,
    at: monday,
  })
  const left = async (device: TestDevice) => DeviceRow.parse(await get(`devices/${device.id}`)).left
  const removed = { why: 'removing', on: monday } as const
  const replaced = { why: 'upgrading', on: monday } as const

  test.each([
    ['removed', [says('removing')], 0, removed],
    ['removed after a stop', [says('started'), says('removing')], 3 * day, removed],
    ['replaced, and its new version may be about to report', [says('upgrading')], hour, null],
    ['replaced, and nothing came since', [says('upgrading')], hour + 1, replaced],
    [
      'removed and installed again before anything could be sent',
      [says('removing'), says('started')],
      0,
      null,
    ],
  ])('is told as %s', async (_, records, later, expected) => {
    const device = await server.enrolled()
    await report(device, monday + 9 * hour, ...records)
    server.clock.now += later
    expect(await left(device)).toEqual(expected)
    const rows = pageOf(DeviceRow).parse(await get('devices')).items
    expect(rows.map((row) => row.left)).toEqual([expected])
  })

  test('is told as nothing once it reports again, with whatever', async () => {
    const device = await server.enrolled()
    await report(device, monday + 9 * hour, says('removing'))
    expect(await left(device)).toEqual(removed)
    await report(device, monday + 10 * hour)
    expect(await left(device)).toBeNull()
  })
})

test('after the server was down for two days nobody is quiet for it, and half an hour later who still is silent', async () => {
  const machine = await server.enrolled()
  await alwaysOn(machine, 9)
  const down = server.clock.now + hour
  const up = down + 2 * day
  await server.context.store.write((db) => noteDatesLookedAt(db, down))
  const { app, at } = await restarted(up)
  expect(await at(up + day / 1440)).toBe('reporting')
  expect(await at(up + hour)).toBe('quiet')
  await app.server.close()
})

/** A new run of the server over the same database, and what it tells of its one device at a time. */
async function restarted(from: number) {
  server.clock.now = from
  const app = await buildApp(server.context)
  const at = async (now: number) => {
    server.clock.now = now
    const { cookie } = await server.signIn()
    const answer = await app.server.inject({ url: '/api/v1/devices', headers: { cookie } })
    return pageOf(DeviceRow).parse(answer.json()).items[0]?.contact?.state
  }
  return { app, at }
}

test('one that never reported is asleep for a week, and a revoked one is told as nothing', async () => {
  const device = await server.enrolled()
  server.clock.now += 2 * hour
  expect(await contact(device)).toEqual({ state: 'asleep', habitMs: week, stopped: false })
  server.clock.now += week
  expect(await contact(device)).toMatchObject({ state: 'quiet' })
  const browser = await server.signIn()
  await browser.send('POST', `/api/v1/devices/${device.id}/revoke`, { reason: 'lost' })
  expect(await contact(device)).toBeNull()
  expect(await counts()).toEqual({ total: 0, reporting: 0, asleep: 0, quiet: 0 })
  expect(await listed('contact=quiet,asleep,reporting')).toEqual([])
})

test('a report writes the device’s row once, however long it has been known', async () => {
  const device = await server.enrolled()
  await report(device, monday + hour)
  const { store } = server.context
  await store.write(async (db) => {
    await sql`create table written (device text)`.execute(db)
    await sql`create trigger counting after update on devices begin insert into written values (new.id); end`.execute(
      db,
    )
  })
  await report(device, monday + 20 * hour, stopping(monday))
  const { rows } = await sql`select * from written`.execute(store.read)
  expect(rows).toEqual([{ device: device.id }])
})

test('the quiet ones are counted by an index', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec(migrations.join(''))
  const plan = database
    .prepare(
      `explain query plan select count(*) from devices where status = 'active' and devices.quiet_after <= ?`,
    )
    .all(monday)
    .map((step) => String(step['detail']))
  database.close()
  expect(plan).toEqual([expect.stringContaining('COVERING INDEX devices_quiet (quiet_after<?)')])
})

test('devices that an older server knew begin with a week', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-migration-'))
  const path = join(folder, 'cutoff.sqlite')
  const old = new DatabaseSync(path)
  old.exec(
    `${migrations.slice(0, 7).join('')}; pragma user_version = 7; pragma application_id = ${0x4355544f}`,
  )
  const insert =
    old.prepare(`insert into devices (id, key, status, enrolled_at, label, hostname, os, os_version,
    arch, agent_version, key_protection, last_seen_at)
    values (?, ?, 'active', ?, 'l', 'h', 'linux', '12', 'x64', '0.1.0', 'file', ?)`)
  insert.run('seen', 'a', monday - 90 * day, monday)
  insert.run('never', 'b', monday - day, null)
  old.close()
  const store = Store.open(path)
  const rows = await store.read.selectFrom('devices').selectAll().orderBy('id').execute()
  expect(rows.map((row) => [row.id, contactOf(row, monday + 3 * day)])).toEqual([
    ['never', { state: 'asleep', habitMs: week, stopped: false }],
    ['seen', { state: 'asleep', habitMs: week, stopped: false }],
  ])
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
