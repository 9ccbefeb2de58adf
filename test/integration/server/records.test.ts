// What becomes of each kind of record.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CheckInResponse, WireRecord } from '#shared/protocol.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import {
  detectionRecord,
  examplePolicy,
  gapRecord,
  inventoryRecord,
  markRecord,
} from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
let browser: Browser
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  device = await server.enrolled()
  device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
  browser = await server.signIn()
})
afterEach(async () => {
  await server.close()
})

async function list<T = Record<string, unknown>>(url: string): Promise<T[]> {
  const answer = await browser.get(`/api/v1/${url}`)
  expect(answer.status).toBe(200)
  return (answer.body as { items: T[] }).items
}

async function summaries(): Promise<string[]> {
  return (await list<{ summary: string }>(`events?device=${device.id}`))
    .map((event) => event.summary)
    .toReversed()
}

async function report(...records: WireRecord[]): Promise<CheckInResponse> {
  const response = await device.checkIn(records)
  expect(response.statusCode).toBe(200)
  return response.json<CheckInResponse>()
}

/** Marks of the only finding. */
async function marks(): Promise<unknown[]> {
  const [only] = await list<{ id: string }>('findings')
  return ((await browser.get(`/api/v1/findings/${only?.id}`)).body as { marks: unknown[] }).marks
}

test('a host record says what the device is', async () => {
  await report(device.host({ osVersion: 'Debian 13', agentVersion: '0.2.0' }))
  expect(await list('devices')).toMatchObject([
    {
      id: device.id,
      os: 'linux',
      osVersion: 'Debian 13',
      agentVersion: '0.2.0',
      status: 'active',
      lastSeenAt: noon,
    },
  ])
})

test('an account is there until it is gone', async () => {
  await report({ type: 'account', account: 'bob', readable: false, gone: false })
  expect(await list('accounts')).toMatchObject([{ device: device.id, readable: false, worst: null }])
  await report({ type: 'account', account: 'bob', readable: false, gone: false })
  await report({ type: 'account', account: 'bob', readable: false, gone: true })
  expect(await list('accounts')).toEqual([])
  expect(await summaries()).toEqual([
    expect.stringMatching(/^enrolled /),
    'account-seen readable=false',
    'account-gone readable=false',
  ])
})

describe('a detection', () => {
  test('replaces the one before, and is an event only when its state changes', async () => {
    await report(detectionRecord({ state: 'installed', version: '1.0' }))
    await report(detectionRecord({ state: 'installed', version: '1.1' }))
    await report(detectionRecord({ state: 'used', version: '1.1', running: true }))
    expect(await list('detections')).toMatchObject([
      { tool: 'claude-code', state: 'used', version: '1.1', running: true },
    ])
    expect((await summaries()).filter((summary) => summary.startsWith('detection'))).toEqual([
      'detection state=installed version=1.0',
      'detection state=used from=installed version=1.1',
    ])
  })

  test('that is gone takes its presence with it, and nothing else', async () => {
    const present = await report(detectionRecord({ state: 'installed' }), detectionRecord({ account: 'bob' }))
    expect(present.verdicts).toMatchObject([{ status: 'present' }, { status: 'present' }])
    const used = await report(markRecord(noon - 1000))
    expect(used.verdicts.map((verdict) => verdict.status).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'present',
      'violation',
    ])
    const gone = await report(
      detectionRecord({ gone: true }),
      detectionRecord({ account: 'bob', gone: true }),
    )
    expect(gone.verdicts).toMatchObject([{ account: 'alice', status: 'violation' }])
    expect(await summaries()).toContain('finding status=none from=present')
  })

  test('with a day of installation that is none is taken without it', async () => {
    const answer = await report(
      detectionRecord({ state: 'installed', installedOn: '2026-02-31', installedBeforeCutoff: null }),
    )
    expect(answer.verdicts).toMatchObject([
      { status: 'present', reasons: ['installed-unknown-when', 'no-counted-use'] },
    ])
  })
})

describe('a mark', () => {
  test('without its detection is judged all the same, in doubt until the detection comes', async () => {
    const alone = await report(markRecord(noon - 1000))
    expect(alone.verdicts).toMatchObject([{ status: 'suspected', reasons: ['maybe-elsewhere'] }])
    const both = await report(detectionRecord())
    expect(both.verdicts).toMatchObject([{ status: 'violation' }])
  })

  test('told many times is one, with the best that was told of it', async () => {
    await report(
      detectionRecord(),
      markRecord(noon - 1000, { basis: 'found', strength: 'likely', resolutionMs: 60_000 }),
    )
    await report(markRecord(noon - 1000, { resolutionMs: 5 }))
    await report(markRecord(noon - 1000, { basis: 'found', resolutionMs: 60_000, boot: null }))
    expect(await marks()).toMatchObject([{ basis: 'witnessed', strength: 'proven', uncertaintyMs: 15 }])
  })

  test('is judged by the server’s clock as soon as the device’s is known', async () => {
    // The device believes that it is a day before the ban began; its clock is a month behind.
    const cutoff = Date.parse('2026-07-09T16:00:00Z')
    const behind = 30 * day
    server.clock.now = cutoff + 29 * day
    device.clock = null
    const told = markRecord(server.clock.now - behind)
    const unknown = await report(detectionRecord(), told)
    expect(unknown.verdicts).toMatchObject([{ status: 'suspected', reasons: ['around-an-edge'] }])
    device.clock = { boot: 'boot-1', offsetMs: behind, errorMs: 100 }
    const known = await report()
    expect(known.verdicts).toMatchObject([{ status: 'violation' }])
  })

  test('that lies ahead of the server’s own time has times that disagree', async () => {
    // Made while the device's clock was days ahead, and told after the clock was set right, before it was ever measured.
    const ahead = await report(detectionRecord(), markRecord(noon + 3 * day))
    expect(ahead.verdicts).toMatchObject([{ status: 'suspected', row: 7, reasons: ['times-disagree'] }])
    expect(await marks()).toMatchObject([{ disagreement: { with: 'receipt', byMs: -3 * day } }])
  })

  test('whose times disagree says by how much, and is judged as if it did not say', async () => {
    const doubted = markRecord(noon - 2000, { doubts: ['times-disagree'] })
    const without = await report(detectionRecord(), doubted)
    const disagreement = { with: 'file-born', byMs: 11 * day } as const
    const told = await report({ ...doubted, disagreement })
    expect(told.verdicts).toEqual(without.verdicts)
    expect(told.verdicts).toMatchObject([{ status: 'suspected', reasons: ['times-disagree'] }])
    expect(await marks()).toMatchObject([{ doubts: ['times-disagree'], disagreement }])
  })

  test('of a session that another device reported too is in doubt on both', async () => {
    const session = 'x'.repeat(22)
    expect((await report(detectionRecord(), markRecord(noon - 1000, { session }))).verdicts).toMatchObject([
      { status: 'violation' },
    ])
    const other = await server.enrolled()
    other.clock = device.clock
    const there = await other.checkIn([detectionRecord(), markRecord(noon - 1000, { session })])
    const doubted = { status: 'suspected', reasons: ['maybe-elsewhere'] }
    expect(there.json<CheckInResponse>().verdicts).toMatchObject([doubted])
    expect((await report()).verdicts).toMatchObject([doubted])
    expect(await summaries()).toContain('finding status=suspected from=violation row=8 rule=no-claude-code')
  })
})

describe('inventory', () => {
  test('keeps the first and the last day, and finds who has it', async () => {
    await report(inventoryRecord(), inventoryRecord({ name: 'left-pad', version: '1.3.0' }))
    server.clock.now += day
    await report(inventoryRecord({ version: '2.2.0' }), inventoryRecord({ name: 'left-pad', gone: true }))
    const other = await server.enrolled()
    await other.checkIn([inventoryRecord({ account: 'bob' })])
    browser = await server.signIn()
    expect(await list('inventory?q=claude')).toMatchObject([
      expect.objectContaining({ name: '@anthropic-ai/claude-code' }),
      expect.objectContaining({ name: '@anthropic-ai/claude-code' }),
    ])
    expect(await list(`inventory?device=${device.id}`)).toMatchObject([
      {
        name: '@anthropic-ai/claude-code',
        version: '2.2.0',
        firstDay: '2026-11-22',
        lastDay: null,
        account: null,
      },
    ])
    expect(await list(`devices/${device.id}/inventory?gone=true&q=left`)).toMatchObject([
      { name: 'left-pad', version: '1.3.0', firstDay: '2026-11-22', lastDay: '2026-11-23' },
    ])
    await report(inventoryRecord({ name: 'left-pad', version: '1.4.0' }))
    expect(await list('inventory?q=left')).toMatchObject([
      { version: '1.4.0', firstDay: '2026-11-22', lastDay: null },
    ])
  })
})

describe('a gap', () => {
  test('opens once and closes once, and its times are by the server’s clock', async () => {
    device.clock = { boot: 'boot-1', offsetMs: 1000, errorMs: 10 }
    await report(gapRecord({ from: noon - 5000 }))
    await report(gapRecord({ from: noon - 3000 }))
    expect(await list('gaps')).toMatchObject([
      { reason: 'denied', place: '~', from: noon - 4000, until: null },
    ])
    await report(gapRecord({ from: noon - 3000, until: noon }))
    expect(await list('gaps')).toEqual([])
    expect(await list('gaps?past=true')).toMatchObject([{ until: noon + 1000 }])
    expect((await summaries()).filter((summary) => summary.startsWith('gap'))).toEqual([
      'gap-opened reason=denied collector=trace place=~',
      'gap-closed reason=denied collector=trace place=~',
    ])
  })
})

test('coverage stands beside findings and devices', async () => {
  await report(
    detectionRecord({ state: 'installed' }),
    { type: 'coverage', account: null, state: 'attested', at: noon, catalogue: 'c', gaps: 0 },
    { type: 'coverage', account: 'alice', state: 'not-attested', at: noon, catalogue: 'c', gaps: 3 },
  )
  expect(await list('findings')).toMatchObject([{ status: 'present', coverage: 'not-attested' }])
  expect(await list('devices')).toMatchObject([{ coverage: 'attested' }])
  expect(await list('coverage?state=not-attested')).toMatchObject([{ gaps: 3 }])
  expect((await browser.get('/api/v1/overview')).body).toMatchObject({
    coverage: { attested: 1, blindSpots: 0, notAttested: 0 },
  })
})

test('a scan dates the last look', async () => {
  await report({
    type: 'scan',
    startedAt: noon - 500,
    finishedAt: noon,
    cpuMs: 100,
    policyVersion: 1,
    catalogue: 'c',
    collectors: [{ name: 'trace', ms: 10, observations: 3, gaps: 0 }],
  })
  expect(await list('devices')).toMatchObject([{ lastScanAt: noon }])
})

describe('what happens to the agent', () => {
  const started = (at: number) => ({ type: 'agent', event: 'started', detail: 'version 0.1.0', at }) as const

  test('is an event of its day', async () => {
    await report(started(noon))
    expect(await list('events?type=agent')).toMatchObject([
      { at: noon - day / 2, summary: 'agent-started detail=version%200.1.0' },
    ])
  })

  test('and was told later says on which day it was', async () => {
    await report(started(noon - 3 * day))
    expect(await list('events?type=agent')).toMatchObject([
      { at: noon - day / 2, summary: 'agent-started detail=version%200.1.0 on=2026-11-19' },
    ])
  })

  test('leaves no time of day in anything that is stored', async () => {
    await report(started(noon - day / 2))
    const { read } = server.context.store
    const [event] = await read.selectFrom('events').selectAll().where('type', '=', 'agent').execute()
    const [envelope] = await read.selectFrom('envelopes').selectAll().execute()
    expect([event?.at, envelope?.received_at]).toEqual([noon - day / 2, noon - day / 2])
  })
})

test('what was received is kept exactly as it was signed', async () => {
  const envelope = device.seal([detectionRecord(), gapRecord()])
  await device.report(envelope)
  const { read } = server.context.store
  expect(await read.selectFrom('envelopes').select(['header', 'signature']).execute()).toEqual([
    { header: envelope.header, signature: envelope.signature },
  ])
  expect(await read.selectFrom('records').select(['salt', 'text']).orderBy('sequence').execute()).toEqual(
    envelope.records,
  )
})

test('names and places that mean to harm are only text', async () => {
  const evil = `'); drop table findings; --<script>=cmd|' /C calc'!A0\u202e`
  await report(
    detectionRecord({ account: evil }),
    gapRecord({ place: evil }),
    inventoryRecord({ name: evil }),
  )
  expect(await list('gaps')).toMatchObject([{ place: evil }])
  expect(await list(`inventory?q=${encodeURIComponent(evil)}`)).toMatchObject([{ name: evil }])
  expect(await list('findings')).toHaveLength(1)
})

test('an account that is half a character is one account all the same', async () => {
  const account = 'half-\ud800'
  const records = [detectionRecord({ account }), markRecord(noon - 1000, { account })]
  expect((await report(...records)).verdicts).toMatchObject([{ status: 'violation', account: 'half-\ufffd' }])
  expect((await report(...records)).verdicts).toHaveLength(1)
  expect(await list('accounts')).toHaveLength(1)
})
