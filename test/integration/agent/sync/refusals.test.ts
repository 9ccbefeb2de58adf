// What the server refuses and what the network does, and that none of it costs a credential or a record.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { problems, type ProblemCode } from '#shared/problem.ts'
import { problemOf } from '../../../../server/errors.ts'
import type { HttpAnswer } from '../../../../agent/sync/http.ts'
import { fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  openTestState,
  temporaryFolder,
  testAgent,
  transportTo,
  waitingRecords,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { day, startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

let server: TestServer
let host: FakeHost
let agent: TestAgent
let folder: string
beforeEach(async () => {
  folder = temporaryFolder()
  server = await startTestServer()
  host = fakeHost({ files: claudeInstalled() })
  agent = testAgent({ host, server, folder })
  await server.apply(examplePolicy)
  await agent.enrol()
  await agent.looks.full()
})
afterEach(async () => {
  agent.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const credentials = () =>
  ['identity', 'enrolment'].map((name) => readFileSync(join(folder, `${name}.json`), 'utf8'))
const answering = (answer: HttpAnswer) => {
  agent.transport = async () => answer
}
const answered = (status: number, body: string, headers = {}): HttpAnswer => ({
  ok: true,
  status,
  body,
  headers,
})

describe('whatever answers', () => {
  const codes = Object.keys(problems) as ProblemCode[]
  const cases: [string, HttpAnswer][] = [
    ...codes.map((code): [string, HttpAnswer] => [
      code,
      answered(problems[code].status, JSON.stringify(problemOf(code))),
    ]),
    ['a captive portal', answered(200, '<html>Please log in</html>')],
    ['a redirect to one', answered(302, '', { location: 'http://portal' })],
    ['a gateway that is down', answered(502, 'Bad gateway')],
    ['a 401 of a proxy', answered(401, 'Proxy says no')],
    ['an empty 200', answered(200, '')],
    [
      'a forged receipt',
      answered(
        200,
        JSON.stringify({
          receipt: { text: '{}', signature: 'x', key: 'y' },
          time: { text: '{}', signature: 'x', key: 'y' },
          policyVersion: null,
          verdicts: [],
          judgedAt: 0,
        }),
      ),
    ],
    ['nobody', { ok: false, code: 'ECONNREFUSED', message: 'refused' }],
  ]

  test.each(cases)(
    '%s: keys and records stay, the agent waits, and reports once it can',
    async (_, answer) => {
      const before = credentials()
      const waiting = waitingRecords(agent.state)
      answering(answer)
      for (let n = 0; n < 3; n++) {
        const { nextMs } = await agent.reporting.report()
        expect(nextMs).toBeGreaterThanOrEqual(1000)
      }
      expect(credentials()).toEqual(before)
      expect(waitingRecords(agent.state)).toEqual(expect.arrayContaining(waiting))
      agent.transport = transportTo(server)
      await agent.reporting.report()
      expect(agent.state.outbox.waiting()).toBe(0)
      expect(agent.state.read('sync')?.lastError).toBeNull()
    },
  )
})

describe('for 24 hours', () => {
  test.each([
    ['unknown-device', answered(401, JSON.stringify(problemOf('unknown-device')))],
    ['http-401', answered(401, 'Proxy says no')],
    ['not-the-server', answered(200, '<html>Please log in</html>')],
    ['http-302', answered(302, '', { location: 'http://portal' })],
    ['http-511', answered(511, '<html>Please log in</html>')],
    ['internal', answered(500, JSON.stringify(problemOf('internal')))],
    ['http-502', answered(502, 'Bad gateway')],
  ])('%s costs no credential and no record, and is asked again ever less often', async (code, answer) => {
    const before = credentials()
    const waiting = waitingRecords(agent.state)
    const until = host.now() + day
    answering(answer)
    let asked = 0
    for (; host.now() < until; asked++) {
      const { nextMs } = await agent.reporting.report()
      // What `status` shows.
      expect(agent.state.read('sync')?.lastError).toMatchObject({ at: host.now(), code })
      host.advance(nextMs)
      server.clock.now += nextMs
    }
    expect(asked).toBeGreaterThan(6)
    expect(asked).toBeLessThan(120)
    expect(credentials()).toEqual(before)
    expect(waitingRecords(agent.state)).toEqual(waiting)
    agent.transport = transportTo(server)
    await agent.reporting.report()
    expect(agent.state.outbox.waiting()).toBe(0)
    expect(agent.state.read('sync')?.lastError).toBeNull()
  })
})

test('a server that asks for time gets it', async () => {
  answering(answered(503, JSON.stringify(problemOf('unavailable')), { 'retry-after': '600' }))
  const { nextMs } = await agent.reporting.report()
  expect(nextMs).toBeGreaterThanOrEqual(600_000)
  expect(agent.reporting.mayHurry()).toBe(false)
})

/** Codes of the events that the server shows for this device, newest first. */
async function events(): Promise<string[]> {
  const browser = await server.signIn()
  const device = agent.state.enrolment()?.device ?? ''
  const { body } = await browser.get(`/api/v1/devices/${device}/events`)
  return (body as { items: { type: string }[] }).items.map(({ type }) => type)
}

test('records that were deleted from the disk are missing at the server within one check-in', async () => {
  await agent.reporting.report()
  host.put('/usr/local/lib/node_modules/one/package.json', JSON.stringify({ name: 'one', version: '1.0.0' }))
  await agent.looks.full()
  expect(agent.state.outbox.waiting()).toBeGreaterThan(0)
  agent.close()
  const database = new DatabaseSync(join(folder, 'state.sqlite'))
  database.exec('DELETE FROM records')
  database.close()
  agent = testAgent({ host, server, folder })
  await agent.reporting.report()
  expect(await events()).toContain('missing-records')
})

describe('a state that was rolled back', () => {
  test('begins a new epoch, tells everything again, and the server shows that it diverged', async () => {
    await agent.reporting.report()
    agent.close()
    const snapshot = temporaryFolder()
    cpSync(folder, snapshot, { recursive: true })
    agent = testAgent({ host, server, folder })
    host.put(
      '/usr/local/lib/node_modules/one/package.json',
      JSON.stringify({ name: 'one', version: '1.0.0' }),
    )
    await agent.looks.full()
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    agent.close()
    rmSync(folder, { recursive: true })
    cpSync(snapshot, folder, { recursive: true })
    rmSync(snapshot, { recursive: true })

    agent = testAgent({ host, server, folder })
    const { epoch } = agent.state.outbox.chain()
    await agent.reporting.report()
    const chain = agent.state.outbox.chain()
    expect(chain.epoch).not.toBe(epoch)
    expect(chain.previousEpoch).toMatchObject({ epoch })
    expect(waitingRecords(agent.state)).toMatchObject([{ type: 'agent', event: 'new-epoch' }])
    await agent.looks.full()
    expect(waitingRecords(agent.state).map((r) => r.type)).toContain('detection')
    await agent.reporting.report()
    expect(agent.state.outbox.waiting()).toBe(0)
    expect(await events()).toContain('state-diverged')
  })
})

test('a policy that the organisation did not sign is refused once, and the last good one stays', async () => {
  await agent.reporting.report()
  const good = agent.state.read('policy')
  expect(good).not.toBeNull()
  const through = transportTo(server)
  expect(await server.apply({ ...examplePolicy, version: 2 })).toMatchObject({ ok: true })
  agent.transport = async (request) => {
    const answer = await through(request)
    if (!answer.ok || !request.url.pathname.endsWith('/policy')) return answer
    return { ...answer, body: answer.body.replace('Example', 'Another') }
  }
  for (let n = 0; n < 3; n++) await agent.reporting.report()
  expect(agent.state.read('policy')).toEqual(good)
  const told = agent.state.outbox.sent().filter(({ body }) => body.toString().includes('policy-refused'))
  expect(told).toHaveLength(1)
})

test('a policy that could not be fetched is asked for again soon, and not at the next regular check-in', async () => {
  const through = transportTo(server)
  agent.transport = async (request) =>
    request.url.pathname.endsWith('/policy')
      ? { ok: false, code: 'timeout', message: 'no answer' }
      : through(request)
  const { nextMs } = await agent.reporting.report()
  expect(nextMs).toBeLessThan(30_000)
  expect(agent.state.read('sync')?.lastError).toMatchObject({ code: 'timeout' })
  agent.transport = through
  expect(await agent.reporting.report()).toMatchObject({ policyChanged: true })
  expect(agent.state.read('sync')?.lastError).toBeNull()
})

describe('enrolment', () => {
  test('at another server begins a new chain there, and tells everything again', async () => {
    await agent.reporting.report()
    const { epoch } = agent.state.outbox.chain()
    const second = await startTestServer()
    await second.apply(examplePolicy)
    const moved = testAgent({ host, server: second, folder })
    expect(await moved.enrol()).toMatchObject({ ok: true })
    expect(moved.state.outbox.chain().epoch).not.toBe(epoch)
    expect(moved.state.read('policy')).toBeNull()
    await moved.looks.full()
    await moved.reporting.report()
    expect(moved.state.outbox.waiting()).toBe(0)
    expect(moved.state.read('verdicts')?.verdicts).toMatchObject([{ tool: 'claude-code', status: 'present' }])
    moved.close()
    await second.close()
  })

  test('is refused when the organisation’s key is not the expected one, and nothing is kept', async () => {
    const other = testAgent({ host, server })
    expect(await other.enrol(undefined, 'ab'.repeat(32))).toMatchObject({
      ok: false,
      code: 'organisation-key',
    })
    expect(other.state.enrolment()).toBeNull()
    other.close()
  })

  test('with a bad token fails and can be tried again', async () => {
    const other = testAgent({ host, server })
    expect(await other.enrol('wrong')).toMatchObject({ ok: false, code: 'bad-token' })
    expect(await other.enrol()).toMatchObject({ ok: true })
    const sent = other.state.outbox.sent().map(({ body }) => body.toString())
    expect(sent.join('')).not.toContain('wrong')
    other.close()
  })
})

test('the key never leaves: what was sent and the database hold none of it', () => {
  const secret = openTestState(folder, host.now(), true).identity.privateKey
  const files = ['state.sqlite', 'state.sqlite-wal'].map((name) => readFileSync(join(folder, name)))
  const tail = Buffer.from(secret, 'base64url').subarray(-32)
  for (const bytes of [...files, ...agent.state.outbox.sent().map(({ body }) => body)]) {
    expect(bytes.includes(tail) || bytes.includes(secret)).toBe(false)
  }
})
