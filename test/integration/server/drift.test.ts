// What the server holds of a device against what the device told: a difference is noticed, told anew, and what is stale ends.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CheckInResponse, WireRecord } from '#shared/protocol.ts'
import { digestOf, nameOf, ToldKind, type LastingRecord } from '#shared/told.ts'
import { sql } from 'kysely'
import { fakeHost, type FakeHost } from '../../helpers/fake-host.ts'
import { claudeInstalled, testAgent, type TestAgent } from '../../helpers/test-agent.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, gapRecord, inventoryRecord } from '../../helpers/wire-records.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
const manifest = (name: string, version = '1.0.0') =>
  JSON.stringify({ name, version, bin: { [name]: 'x.js' } })
const packageAt = (name: string) => `/usr/lib/node_modules/${name}/package.json`

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

/** Names of what is there by the server: packages and files, tools, accounts. */
async function held(): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from inventory join items on items.id = inventory.item where last_day is null and name <> 'claude' union all
    select tool from detections where gone = 0 union all
    select account from accounts where gone = 0`.execute(server.context.store.read)
  return rows.map(({ name }) => name)
}

async function endings(): Promise<readonly string[]> {
  const rows = await server.context.store.read
    .selectFrom('events')
    .select('summary')
    .where('summary', 'like', 'agent-told-again %')
    .orderBy('id')
    .execute()
  return rows.map(({ summary }) => summary.replace(/records=\d+ /, ''))
}

describe('an agent whose server', () => {
  let host: FakeHost
  let agent: TestAgent

  beforeEach(async () => {
    host = fakeHost({
      files: {
        ...claudeInstalled(),
        [packageAt('typescript')]: manifest('typescript'),
        '/home/ann/.claude/projects': { folder: true, fails: 'EACCES' },
      },
    })
    agent = testAgent({ host, server, managed: true })
    await server.apply(examplePolicy)
    for (let n = 0; n < 3; n++) await round(60_000)
    await nextDay()
  })
  afterEach(() => agent.close())

  async function round(ms: number): Promise<void> {
    host.advance(ms)
    server.clock.now += ms
    await agent.looks.full()
    await agent.reporting.report()
  }

  /** A day on: what is told daily, then reports without records. */
  async function nextDay(): Promise<void> {
    await round(day)
    for (let n = 0; n < 3; n++) await round(60_000)
  }

  /** How many records a day's reports told of one kind. */
  async function toldNextDay(kind: WireRecord['type']): Promise<number> {
    const count = async () =>
      (await server.context.store.read.selectFrom('records').select('text').execute()).filter(
        ({ text }) => text !== null && (JSON.parse(text) as WireRecord).type === kind,
      ).length
    const before = await count()
    await nextDay()
    return (await count()) - before
  }

  test('holds the same is told nothing again', async () => {
    expect(agent.state.read('drift')).toMatchObject({ whole: null, toldAt: null })
    expect(agent.state.read('drift')?.comparedAt).not.toBeNull()
    expect([await toldNextDay('inventory'), await toldNextDay('detection')]).toEqual([0, 0])
    expect(await endings()).toEqual([])
  })

  test.each([
    ['lost an item', sql`delete from inventory`],
    ['holds another version', sql`update inventory set version = '0'`],
    ['takes an item for gone', sql`update inventory set last_day = '2026-11-22'`],
    ['lost a detection', sql`delete from detections`],
    ['holds another state', sql`update detections set state = 'leftover'`],
    ['takes a gap for over', sql`update gaps set until_at = 1`],
  ])('%s tells it again, and then both hold the same', async (_, damage) => {
    const rowsHeld = async () =>
      [
        await sql`select item, account, version, last_day from inventory order by item`.execute(
          server.context.store.read,
        ),
        await sql`select account, tool, state, version, gone from detections order by 1, 2`.execute(
          server.context.store.read,
        ),
      ].map(({ rows }) => rows)
    const before = await rowsHeld()
    await server.context.store.write((db) => damage.execute(db))
    await nextDay()
    expect(await rowsHeld()).toEqual(before)
    expect(await toldNextDay('inventory')).toBe(0)
    expect(await endings()).toEqual(['agent-told-again ended=0'])
  })

  /** What the server then holds without any device having told it. */
  async function addStale(name: string, account = ''): Promise<void> {
    await server.context.store.write(async (db) => {
      await sql`insert into items (item, source, name) values ('package', 'npm', ${name})`.execute(db)
      await sql`insert into inventory select device, (select id from items where name = ${name}), ${account}, '1', '2026-01-01', null
        from inventory limit 1`.execute(db)
    })
  }

  test('holds what is stale is told all, and ends it', async () => {
    await addStale('stale')
    await nextDay()
    expect(await held()).not.toContain('stale')
    expect(await endings()).toEqual(['agent-told-again ended=1'])
  })

  test('took over from a state that was lost ends what had gone meanwhile: items, tools and accounts', async () => {
    const { device } = agent.state.enrolment() ?? { device: '' }
    await addStale('stale')
    await server.context.store.write(async (db) => {
      await sql`insert into detections select device, account, 'codex-cli', state, 0, running, strength, version, null, null, 0, 1, '[]', 0
        from detections limit 1`.execute(db)
      await sql`insert into accounts values (${device}, 'eve', 'k', 'l', 1, 0)`.execute(db)
    })
    agent.state.transact(() => agent.state.beginEpoch('the file was damaged'))
    for (let n = 0; n < 5; n++) await round(60_000)
    expect(await held()).toEqual(['typescript', '@anthropic-ai/claude-code', 'claude-code', 'ann', 'root'])
    expect(await endings()).toEqual(['agent-told-again ended=3'])
  })

  test('keeps what a gap hides: nobody could look; and is told all again less and less often', async () => {
    await addStale('stale', 'ann')
    const locked = '/home/ann/.npm-global/lib/node_modules/locked/package.json'
    host.put(locked, { content: '{}', fails: 'EACCES' })
    const days: number[] = []
    for (let n = 0; n < 12; n++) days.push(await toldNextDay('inventory'))
    expect(await held()).toContain('stale')
    expect(days.map((told) => told > 0)).toEqual(
      [1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0].map((told) => told === 1),
    )
    host.put(locked, null)
    for (let n = 0; n < 12; n++) await nextDay()
    expect(await held()).not.toContain('stale')
    expect(agent.state.read('drift')).toMatchObject({ waitDays: 1 })
  })

  test('did not get all of it ends nothing', async () => {
    await addStale('stale')
    await round(day)
    // Told again, and one record of it is erased at the server before the report that says so.
    while ((agent.state.read('drift')?.whole ?? null) === null) await round(60_000)
    await server.context.store.write((db) =>
      sql`update records set text = null, salt = null where sequence = (select max(sequence) from records)`.execute(
        db,
      ),
    )
    for (let n = 0; n < 3; n++) await round(60_000)
    expect(await held()).toContain('stale')
    expect(await endings()).toEqual([])
  })

  test('was told of the whole inventory under another policy keeps it: not asked for is not gone', async () => {
    await server.apply({ ...examplePolicy, version: 2, collect: { inventory: 'catalogue-only' } })
    await nextDay()
    await nextDay()
    expect(await held()).toContain('typescript')
    expect(await endings()).toEqual([])
  })

  test('is of a version that does not compare is sent no hash', async () => {
    agent.state.write('serverProtocol', 6)
    agent.state.write('drift', null)
    const through = agent.transport
    agent.transport = async (request) => {
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('check-in')) return answer
      return { ...answer, body: JSON.stringify({ ...(JSON.parse(answer.body) as object), protocol: 6 }) }
    }
    await nextDay()
    expect(agent.state.read('drift')).toBeNull()
  })
})

describe('a device', () => {
  test('and the server have one hash of whatever is told, whoever chose its names', async () => {
    const device = await server.enrolled()
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
      fc.constantFrom('a\0b', 'a\ud800', 'a\udfff', '\ufffd', 'A', 'a', 'ä', 'a\u0308', "';--", '%_', '\n'),
    )
    const account = fc.option(text)
    const records = fc.array(
      fc.oneof(
        fc
          .record({ account, name: text, source: text, version: fc.option(text), gone: fc.boolean() })
          .map(inventoryRecord),
        fc.record({ account, version: fc.option(text), gone: fc.boolean() }).map(detectionRecord),
        fc
          .record({ account, place: fc.option(text), collector: text, hash: fc.constant(null) })
          .map(gapRecord),
      ),
      { maxLength: 20 },
    )
    const table = new Map<string, LastingRecord>()
    await fc.assert(
      fc.asyncProperty(records, async (told) => {
        // As a device's own table: the last told of each name.
        expect(await device.checkIn(told)).toMatchObject({ statusCode: 200 })
        for (const one of told) table.set(nameOf(one), one)
        const digest = digestOf(table.values(), ToldKind.options, hash)
        const answer = await device.report(
          device.seal([], { told: { digest, kinds: ToldKind.options, whole: null } }),
        )
        expect(answer.json<CheckInResponse>().drift).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
