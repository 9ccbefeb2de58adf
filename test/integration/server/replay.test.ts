// No signed request is accepted twice, and nothing that was accepted is lost or doubled.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CheckInResponse } from '#shared/protocol.ts'
import { listEvents } from '../../../server/store/lists/fact-list.ts'
import { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, gapRecord, markRecord } from '../../helpers/wire-records.ts'

let folder: string
let server: TestServer
let device: TestDevice
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-replay-'))
  server = await startTestServer({ folder })
  await server.apply(examplePolicy)
  device = await server.enrolled()
  device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const nonce = 'captured-nonce-0001'

async function summaries(): Promise<string[]> {
  const rows = await server.context.store.read
    .selectFrom('events')
    .select('summary')
    .where('device', '=', device.id)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.summary)
}

async function markCount(): Promise<number> {
  return (await server.context.store.read.selectFrom('marks').select('device_at').execute()).length
}

describe('a captured request', () => {
  test('is refused at once, after later reports, years later and after a restart', async () => {
    const first = device.seal([detectionRecord(), markRecord(noon - 1000)])
    expect((await device.report(first, { nonce })).statusCode).toBe(200)
    expect((await device.send('POST', '/api/v1/check-in', first, { nonce })).json()).toMatchObject({
      code: 'replayed',
    })
    expect((await device.checkIn([markRecord(noon)])).statusCode).toBe(200)
    for (const retry of [nonce, 'another-nonce-0002']) {
      const again = await device.send('POST', '/api/v1/check-in', first, { nonce: retry })
      expect(again.statusCode).toBe(409)
      expect(again.json()).toMatchObject({ code: 'replayed' })
    }
    server.clock.now += 3650 * day
    expect((await device.send('POST', '/api/v1/check-in', first, { nonce })).json()).toMatchObject({
      code: 'replayed',
    })

    await server.close()
    server = await startTestServer({ folder })
    const restarted = new TestDevice(server.server, device.now)
    Object.assign(restarted, { key: device.key, id: device.id })
    expect((await restarted.send('POST', '/api/v1/check-in', first, { nonce })).json()).toMatchObject({
      code: 'replayed',
    })
    expect(await markCount()).toBe(2)
  })

  test('to enrol or for the policy is refused as well', async () => {
    expect((await device.send('GET', '/api/v1/policy', undefined, { nonce })).statusCode).toBe(200)
    expect((await device.send('GET', '/api/v1/policy', undefined, { nonce })).json()).toMatchObject({
      code: 'replayed',
    })
    const again = await device.enrol('any token', device.host(), { nonce })
    expect(again.statusCode).toBe(200)
    expect((await device.enrol('any token', device.host(), { nonce })).json()).toMatchObject({
      code: 'replayed',
    })
  })

  test('of an epoch that has ended is refused', async () => {
    const old = device.seal([gapRecord()])
    await device.report(old, { nonce })
    device.startEpoch(true)
    expect((await device.checkIn([])).statusCode).toBe(200)
    expect((await device.send('POST', '/api/v1/check-in', old)).json()).toMatchObject({ code: 'replayed' })
  })
})

describe('a retry', () => {
  test('of the newest report is answered with the same receipt, and applied once', async () => {
    const envelope = device.seal([detectionRecord(), markRecord(noon - 1000), gapRecord()])
    const first = (await device.report(envelope)).json<CheckInResponse>()
    const events = await summaries()
    for (let i = 0; i < 3; i++) {
      server.clock.now += 1000
      const again = (await device.send('POST', '/api/v1/check-in', envelope)).json<CheckInResponse>()
      expect(again.receipt).toEqual(first.receipt)
      expect(again.verdicts).toEqual(first.verdicts)
      expect(JSON.parse(again.time.text)).toMatchObject({ at: server.clock.now })
    }
    expect(await summaries()).toEqual(events)
    expect(await markCount()).toBe(1)
    expect((await device.checkIn([])).statusCode).toBe(200)
  })

  test('sent many times over at once is one report', async () => {
    const envelope = device.seal([detectionRecord(), markRecord(noon - 1000)])
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => device.send('POST', '/api/v1/check-in', envelope)),
    )
    expect(new Set(answers.map((answer) => answer.json<CheckInResponse>().receipt.text)).size).toBe(1)
    expect(await markCount()).toBe(1)
  })

  test('has an end', async () => {
    const envelope = device.seal([])
    await device.report(envelope)
    let last = 0
    for (let i = 0; i < 70; i++) last = (await device.send('POST', '/api/v1/check-in', envelope)).statusCode
    expect(last).toBe(429)
    expect((await device.checkIn([])).statusCode).toBe(200)
  })
})

describe('what does not follow', () => {
  test('a hole in the sequence is accepted and told within the same check-in', async () => {
    await device.checkIn([gapRecord()])
    device.seal([gapRecord({ place: '~/a' }), gapRecord({ place: '~/b' })])
    expect((await device.checkIn([gapRecord({ place: '~/c' })])).statusCode).toBe(200)
    expect(await summaries()).toContain('missing-records from=1 to=2')
  })

  test('a copy of the state shows at its first report', async () => {
    await device.checkIn([])
    const copy = device.copy()
    expect((await device.checkIn([gapRecord()])).statusCode).toBe(200)
    expect((await copy.checkIn([gapRecord({ place: '~/copy' })])).json()).toMatchObject({
      code: 'state-diverged',
      detail: 'counter',
    })
    expect((await copy.checkIn([])).json()).toMatchObject({ code: 'state-diverged', detail: 'token' })
    expect(await summaries()).toContain('state-diverged why=counter')

    // The copy begins anew, and then the first of the two is the one that shows.
    copy.startEpoch(true)
    expect((await copy.checkIn([])).statusCode).toBe(200)
    expect((await device.checkIn([])).json()).toMatchObject({ code: 'clone-suspected' })
    expect(await summaries()).toContain('clone-suspected why=ended-epoch')
  })

  test('a state that was rolled back shows at its first report', async () => {
    await device.checkIn([])
    const { head, token, counter, next } = device
    await device.checkIn([gapRecord()])
    Object.assign(device, { head, token, counter: counter + 5, next })
    expect((await device.checkIn([gapRecord()])).json()).toMatchObject({
      code: 'state-diverged',
      detail: 'token',
    })
  })

  test('a new epoch is taken, with an event that says how it joins on', async () => {
    await device.checkIn([gapRecord()])
    device.startEpoch(true)
    expect((await device.checkIn([])).statusCode).toBe(200)
    device.startEpoch(false)
    expect((await device.checkIn([])).statusCode).toBe(200)
    const told = (await summaries()).filter((summary) => summary.startsWith('new-epoch'))
    expect(told).toEqual(['new-epoch why=continues after=0', 'new-epoch why=uncited after=-1'])
  })

  test('a mark that was witnessed before a reset stays witnessed when it is found after it', async () => {
    await device.checkIn([detectionRecord(), markRecord(noon - 1000)])
    device.startEpoch(false)
    const answer = await device.checkIn([
      detectionRecord(),
      markRecord(noon - 1000, { basis: 'found', boot: null }),
    ])
    expect(answer.json<CheckInResponse>().verdicts).toMatchObject([{ status: 'violation' }])
  })
})

describe('a wrong clock', () => {
  test.each([-3650 * day, -day, day, 3650 * day])(
    'of %i ms never locks a device out, and is noted once',
    async (off) => {
      const now = noon + off
      for (let i = 0; i < 3; i++) expect((await device.checkIn([], { now })).statusCode).toBe(200)
      expect((await device.checkIn([], { now: noon })).statusCode).toBe(200)
      const told = (await summaries()).filter((summary) => summary.startsWith('clock-'))
      expect(told).toEqual([`clock-skew seconds=${-off / 1000}`, 'clock-right seconds=0'])
    },
  )
})

test('events come newest first, in pages', async () => {
  for (let i = 0; i < 5; i++) await device.checkIn([gapRecord({ place: `~/${i}` })])
  const page = await listEvents(server.context.store.read, { device: device.id, after: null, limit: 3 })
  expect(page.total).toBe(6)
  expect(page.rows.map((row) => row.id)).toEqual([6, 5, 4])
})
