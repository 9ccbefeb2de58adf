// R9: a device whose clock is wrong by up to ten years, over real TLS. What OpenSSL takes for the time cannot be set here, so that
// it is the server's time, and what its certificate is valid for, that lie elsewhere: to the device it is the same.
import { rmSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { networkTransport, trustSystem } from '../../../../agent/sync/http.ts'
import { throwawayAuthority, type Issued } from '../../../helpers/certificate.ts'
import { fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  temporaryFolder,
  testAgent,
  transcript,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { injected, openTlsFront, type TlsFront } from '../../../helpers/tls-front.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const hour = 3_600_000
const day = 24 * hour
const year = 365 * day
const authority = throwawayAuthority('Clock Root', Date.now())

let folder: string
let server: TestServer
let front: TlsFront
let host: FakeHost
let agent: TestAgent

beforeAll(() => {
  trustSystem()
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate])
})
beforeEach(async () => {
  folder = temporaryFolder()
  server = await startTestServer()
  front = await openTlsFront(
    issued(Date.now(), year),
    injected(() => server),
  )
  host = fakeHost({ files: claudeInstalled(), now: Date.now() })
  agent = testAgent({ host, server, folder, managed: true })
  const through = networkTransport(() => Promise.resolve({}))
  agent.transport = (request) => through({ ...request, url: new URL(request.url.pathname, front.address) })
})
afterEach(async () => {
  agent.close()
  await front.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A certificate valid for so long before and after an instant of the server's. */
function issued(around: number, validMs: number): Issued {
  return authority.issue({ name: 'localhost', from: around - validMs, until: around + validMs })
}

/** The server's clock, and what its certificate is valid for, are so far ahead of the device's clock. */
function serverAhead(ms: number, validMs: number): void {
  server.clock.now = host.now() + ms
  front.show(issued(server.clock.now, validMs))
}

/** A policy that has banned for a month, by the server's clock. */
async function ban(): Promise<void> {
  const date = (before: number) => new Date(server.clock.now - before).toISOString().slice(0, 10)
  const [rule] = examplePolicy.rules
  const rules = [{ ...rule, from: date(30 * day), announced: date(40 * day) }]
  expect(await server.apply({ ...examplePolicy, rules })).toMatchObject({ ok: true })
}

async function round(): Promise<void> {
  await agent.looks.full()
  await agent.reporting.report()
}

/** A use ten minutes later; tells when it was by the device's clock. */
async function use(): Promise<number> {
  host.advance(10 * 60_000)
  server.clock.now += 10 * 60_000
  const at = host.now() - 1000
  const path = `/home/ann/.claude/projects/-src/${at}.jsonl`
  host.put(path, { content: transcript(at), modifiedAt: at, createdAt: at - 500 })
  await agent.looks.full()
  return at
}

const sessions = () =>
  server.context.store.read
    .selectFrom('marks')
    .select(['device_at', 'basis', 'boot'])
    .where('kind', '=', 'session')
    .orderBy('device_at')
    .execute()
const offsets = async (): Promise<number[]> =>
  (await server.context.store.read.selectFrom('clocks').select('offset_ms').execute()).map(
    (row) =>
      // No zero with a sign.
      Math.round(row.offset_ms / 1000) + 0,
  )
const verdict = () => agent.state.read('verdicts')?.verdicts[0]

const apart: readonly (readonly [string, number])[] = [
  ['ten years slow', 10 * year],
  ['two years slow', 2 * year],
  ['a day slow', day],
  ['an hour slow', hour],
  ['right', 0],
  ['an hour fast', -hour],
  ['a day fast', -day],
  ['two years fast', -2 * year],
  ['ten years fast', -10 * year],
]

describe('while the certificate is valid to it', () => {
  test.each(apart)(
    'a device whose clock is %s reports, and both its times and their correction are kept',
    async (_, ms) => {
      serverAhead(ms, 20 * year)
      await ban()
      for (let n = 0; n < 2; n++) await round()
      const at = await use()
      await agent.reporting.report()
      expect(await sessions()).toMatchObject([{ device_at: at, basis: 'witnessed' }])
      expect(await offsets()).toEqual([ms / 1000])
      expect(verdict()).toMatchObject({ status: 'violation' })
    },
  )

  test.each(apart)('a clock that is set while the agent runs, and then is %s, is followed', async (_, ms) => {
    serverAhead(0, 20 * year)
    await ban()
    for (let n = 0; n < 2; n++) await round()
    const before = await use()
    host.setClock(-ms)
    for (let n = 0; n < 2; n++) await round()
    const after = await use()
    await agent.reporting.report()
    const told = await sessions()
    expect(new Set(told.map((mark) => mark.device_at))).toEqual(new Set([before, after]))
    expect(new Set(told.map(({ boot }) => boot)).size).toBe(ms === 0 ? 1 : 2)
    expect(await offsets()).toEqual(ms === 0 ? [0] : [0, ms / 1000])
    expect(agent.state.read('sync')?.lastError).toBeNull()
    expect(verdict()).toMatchObject({ status: 'violation' })
  })
})

describe('while the certificate is not valid to it', () => {
  test.each(apart.filter(([, ms]) => Math.abs(ms) >= day))(
    'a device whose clock is %s keeps what it saw, says why, and reports once it is corrected',
    async (_, ms) => {
      serverAhead(ms, day / 2)
      await round()
      const at = await use()
      for (let n = 0; n < 3; n++) {
        const { nextMs } = await agent.reporting.report()
        expect(nextMs).toBeGreaterThanOrEqual(1000)
      }
      expect(agent.state.read('sync')?.lastError).toMatchObject({
        code: 'certificate-time',
        message: expect.stringContaining('set the clock') as string,
      })
      expect(await sessions()).toEqual([])
      serverAhead(0, day / 2)
      await ban()
      for (let n = 0; n < 3; n++) await round()
      expect(await sessions()).toMatchObject([{ device_at: at, basis: 'witnessed' }])
      expect(agent.state.read('sync')?.lastError).toBeNull()
    },
  )
})
