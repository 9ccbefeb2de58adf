// One session under two accounts or on two devices: nobody can know whose use it was, and who brought it up shows.
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventRow, FindingDetail, FindingRow, pageOf } from '#shared/api.ts'
import type { CheckInResponse, WireRecord } from '#shared/protocol.ts'
import { accountLabel, deviceLabel } from '../../../server/pseudonym.ts'
import { migrations } from '../../../server/store/migrations.ts'
import { Store } from '../../../server/store/store.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

const session = 'x'.repeat(22)
const doubted = { status: 'suspected', row: 8, reasons: ['maybe-elsewhere'] }

let server: TestServer
let device: TestDevice
let browser: Browser
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  device = await enrolled()
  browser = await server.signIn()
})
afterEach(async () => {
  await server.close()
})

async function enrolled(): Promise<TestDevice> {
  const made = await server.enrolled()
  made.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
  return made
}

/** Reports a session's marks, each with its detection, and answers the device's verdicts. */
async function report(on: TestDevice, ...records: WireRecord[]): Promise<CheckInResponse['verdicts']> {
  const response = await on.checkIn(records)
  expect(response.statusCode).toBe(200)
  return response.json<CheckInResponse>().verdicts
}

function use(account: string, of: string = session, at = noon - 1000): WireRecord[] {
  return [detectionRecord({ account }), markRecord(at, { account, session: of })]
}

/** The events about shared sessions of a device, oldest first. */
async function told(on: TestDevice) {
  const { body } = await browser.get(`/api/v1/events?device=${on.id}&type=shared-session`)
  return pageOf(EventRow)
    .parse(body)
    .items.map(({ account, tool, summary }) => ({ account: account?.label, tool, summary }))
    .toReversed()
}

const label = (account: string, on = device) => accountLabel(server.context.keys, on.id, account)

async function details(on: TestDevice): Promise<FindingDetail[]> {
  const { items } = pageOf(FindingRow).parse((await browser.get(`/api/v1/findings?device=${on.id}`)).body)
  const answers = await Promise.all(items.map(({ id }) => browser.get(`/api/v1/findings/${id}`)))
  return answers.map(({ body }) => FindingDetail.parse(body))
}

describe('a session of two accounts of one device', () => {
  test('is in doubt under both, whoever came first', async () => {
    expect(await report(device, ...use('alice'))).toMatchObject([{ status: 'violation' }])
    expect(await report(device, ...use('renamed'))).toMatchObject([doubted, doubted])
  })

  test('is so in one report too', async () => {
    expect(await report(device, ...use('alice'), ...use('bob'))).toMatchObject([doubted, doubted])
  })

  test('stays in doubt as it goes on', async () => {
    await report(device, ...use('alice'), ...use('bob'))
    await report(device, ...use('alice', session, noon - 500))
    const [first] = (await details(device)).filter(({ account }) => account?.label === label('alice'))
    expect(first?.marks).toMatchObject([
      { row: 8, doubts: ['another-account'] },
      { row: 8, doubts: ['another-account'] },
    ])
  })

  test('is an event of each, which names the other by pseudonym', async () => {
    await report(device, ...use('alice'))
    await report(device, ...use('bob'))
    await report(device, ...use('bob', session, noon - 500))
    const tool = 'claude-code'
    expect(await told(device)).toEqual([
      {
        account: label('bob'),
        tool,
        summary: `shared-session first=there account=${label('alice')} sessions=1`,
      },
      {
        account: label('alice'),
        tool,
        summary: `shared-session first=here account=${label('bob')} sessions=1`,
      },
    ])
  })

  test('that a third account reports is news to that one alone', async () => {
    await report(device, ...use('alice'))
    await report(device, ...use('bob'))
    await report(device, ...use('carol'))
    const accounts = (await told(device)).map(({ account }) => account)
    expect(accounts).toEqual([label('bob'), label('alice'), label('carol'), label('carol')])
  })

  test('shows the other in each finding', async () => {
    await report(device, ...use('alice'), ...use('bob'))
    const found = await details(device)
    expect(found).toHaveLength(2)
    for (const { account, sharedWith } of found) {
      const other = account?.label === label('alice') ? 'bob' : 'alice'
      expect(sharedWith).toMatchObject([{ device: device.id, account: { label: label(other), name: null } }])
    }
  })

  test('reported twice by the same account is no such session', async () => {
    await report(device, ...use('alice'))
    expect(await report(device, ...use('alice'), ...use('alice', session, noon - 500))).toMatchObject([
      { status: 'violation' },
    ])
    expect(await told(device)).toEqual([])
    expect((await details(device)).map(({ sharedWith }) => sharedWith)).toEqual([[]])
  })
})

describe('a session of two devices', () => {
  const host = (of: TestDevice) => `device=${of.id} host=${deviceLabel(server.context.keys, of.id)}`

  test('is an event on both, once for all of a report, and says which one had it first', async () => {
    const sessions = ['a', 'b', 'c'].map((letter) => letter.repeat(22))
    await report(device, ...sessions.flatMap((one) => use('alice', one)))
    const other = await enrolled()
    expect(await report(other, ...sessions.flatMap((one) => use('mallory', one)))).toMatchObject([doubted])
    await report(other, ...use('mallory', 'a'.repeat(22), noon - 500))
    expect(await report(device)).toMatchObject([doubted])
    expect(await told(device)).toEqual([
      {
        account: label('alice'),
        tool: 'claude-code',
        summary: `shared-session first=here ${host(other)} account=${label('mallory', other)} sessions=3`,
      },
    ])
    expect(await told(other)).toEqual([
      {
        account: label('mallory', other),
        tool: 'claude-code',
        summary: `shared-session first=there ${host(device)} account=${label('alice')} sessions=3`,
      },
    ])
  })

  test('shows the other in each finding, and no name', async () => {
    const other = await enrolled()
    await report(device, ...use('alice'))
    await report(other, ...use('mallory'))
    const [here, there] = [await details(device), await details(other)]
    expect(here).toMatchObject([
      { sharedWith: [{ device: other.id, account: { label: label('mallory', other) } }] },
    ])
    expect(there).toMatchObject([{ sharedWith: [{ device: device.id, account: { label: label('alice') } }] }])
    expect(JSON.stringify([here, there, await told(device)])).not.toMatch(/alice|mallory|laptop/)
  })

  test('that a third reports is news to that one alone: the others were in doubt already', async () => {
    const [second, third] = [await enrolled(), await enrolled()]
    await report(device, ...use('alice'))
    await report(second, ...use('alice'))
    await report(third, ...use('alice'))
    expect([(await told(device)).length, (await told(second)).length]).toEqual([1, 1])
    expect(await told(third)).toHaveLength(2)
  })

  test('that very many hold is told of a few of them', async () => {
    for (let n = 0; n < 6; n++) await report(await enrolled(), ...use('alice'))
    await report(device, ...use('alice'))
    const events = await told(device)
    expect(events).toHaveLength(3)
    expect((await details(device))[0]?.sharedWith).toHaveLength(6)
  })
})

test('what an older server let pass is doubted once, and judged again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-migration-'))
  const path = join(folder, 'cutoff.sqlite')
  const old = new DatabaseSync(path)
  old.exec(
    `${migrations.slice(0, 2).join('')}; pragma user_version = 2; pragma application_id = ${0x4355544f}`,
  )
  const insert =
    old.prepare(`insert into marks (device, account, tool, kind, session, device_at, resolution_ms, basis,
    strength, doubts, without_record, signal, evidence)
    values (?, ?, 'claude-code', 'session', ?, 0, 1, 'witnessed', 'proven', ?, 0, 's', '{}')`)
  insert.run('d', 'alice', session, '[]')
  insert.run('d', 'bob', session, '["times-disagree"]')
  insert.run('e', 'alice', session, '["another-device"]')
  insert.run('e', 'alice', 'own', '[]')
  insert.run('d', 'alice', '', '[]')
  insert.run('d', 'bob', '', '[]')
  old.close()
  const store = Store.open(path)
  const marks = await store.read
    .selectFrom('marks')
    .select(['device', 'account', 'session', 'doubts'])
    .execute()
  expect(marks.map((mark) => Object.values(mark).join(' ')).toSorted()).toEqual([
    'd alice  []',
    `d alice ${session} ["another-account"]`,
    'd bob  []',
    `d bob ${session} ["times-disagree","another-account"]`,
    'e alice own []',
    `e alice ${session} ["another-device"]`,
  ])
  expect(await store.read.selectFrom('sessions_seen').selectAll().execute()).toHaveLength(4)
  expect(await store.read.selectFrom('jobs').select(['kind', 'cursor']).execute()).toEqual([
    { kind: 'rejudge', cursor: '' },
  ])
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
