// Reports as agents of earlier protocol versions signed them: opened as they are, and judged as they were.
// And what agents and servers of different versions make of each other.
import { sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PROTOCOL_VERSION, type CheckInResponse, type Envelope, type WireRecord } from '#shared/protocol.ts'
import { signed } from '../../../server/crypto.ts'
import { openReport } from '../../../server/ingest/report.ts'
import { makeEnrolToken } from '../../../server/session/enrol-token.ts'
import { fakeHost } from '../../helpers/fake-host.ts'
import { claudeInstalled, testAgent, waitingRecords } from '../../helpers/test-agent.ts'
import { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

interface Sample {
  readonly key: string
  readonly envelopes: readonly Envelope[]
}

// test/repo asks for one of each version.
const samples = readdirSync(new URL('../../fixtures/protocol/', import.meta.url)).map((name) =>
  Number(/^version-(\d+)\.json$/.exec(name)?.[1]),
)

describe.each(samples)('a report of protocol version %d', (version) => {
  const file = new URL(`../../fixtures/protocol/version-${version}.json`, import.meta.url)
  const { key, envelopes } = JSON.parse(readFileSync(file, 'utf8')) as Sample
  const opened = envelopes.map((envelope) => {
    const { device: id } = JSON.parse(envelope.header) as { device: string }
    return openReport({ id, key }, structuredClone(envelope))
  })

  test('verifies, and every record of it is read whole', () => {
    for (const [index, { header, records }] of opened.entries()) {
      expect(header.protocol).toBe(version)
      expect(records).toEqual(envelopes[index]?.records.map(({ text }) => JSON.parse(text) as unknown))
    }
  })

  test('is judged as it was', async () => {
    const server = await startTestServer()
    await server.apply(examplePolicy)
    // After all that is in the samples.
    server.clock.now += 3 * 3_600_000
    const device = await server.enrolled()
    let verdicts: CheckInResponse['verdicts'] = []
    for (const { header, records } of opened) {
      device.clock = header.clock
      const answer = await device.checkIn([...records] satisfies WireRecord[])
      expect(answer.statusCode).toBe(200)
      verdicts = answer.json<CheckInResponse>().verdicts
    }
    expect(verdicts).toMatchObject([{ tool: 'claude-code', account: 'ann', status: 'violation', row: 10 }])
    await server.close()
  })
})

describe('an agent newer than the server', () => {
  const newer = (text: string): string =>
    text.replace(`"protocol":${PROTOCOL_VERSION}`, `"protocol":${PROTOCOL_VERSION + 1}`)
  const kept = { salt: 'a', text: JSON.stringify(detectionRecord()) }
  const marked = { salt: 'b', text: JSON.stringify(markRecord(noon - 1000)) }

  test.each([
    ['a kind of record', JSON.stringify({ type: 'weather', at: 1 })],
    ['a doubt', JSON.stringify({ ...markRecord(noon - 2000), doubts: ['seen-by-moonlight'] })],
    ['a field that was once required', JSON.stringify({ ...markRecord(noon - 2000), strength: undefined })],
  ])(
    'that tells of %s which it does not know is not refused: all else counts, and it is shown',
    async (_, text) => {
      const server = await startTestServer()
      await server.apply(examplePolicy)
      const device = await server.enrolled()
      const envelope = device.sealTexts([kept, { salt: 'c', text }, marked])
      const header = newer(envelope.header)
      const signature = sign(null, Buffer.from(header), device.key).toString('base64url')
      const answer = await device.report({ ...envelope, header, signature })
      expect(answer.json()).toMatchObject({ protocol: PROTOCOL_VERSION })
      expect(answer.json<CheckInResponse>().verdicts).toHaveLength(1)
      const stored = await server.context.store.read.selectFrom('records').select('text').execute()
      expect(stored.map((row) => row.text)).toContain(text)
      const events = await server.context.store.read.selectFrom('events').select('summary').execute()
      expect(events.map(({ summary }) => summary)).toContain(
        `agent-passed-over records=1 protocol=${PROTOCOL_VERSION + 1}`,
      )
      expect((await device.checkIn([])).statusCode).toBe(200)
      await server.close()
    },
  )

  test('that gave up records for a reason which it does not know shows them as missing', async () => {
    const server = await startTestServer()
    const device = await server.enrolled()
    const envelope = device.sealTexts([kept], { from: 3, previousHead: 'whatever' })
    const header = JSON.stringify({
      ...(JSON.parse(newer(envelope.header)) as object),
      tombstone: { reason: 'moonlight' },
    })
    const signature = sign(null, Buffer.from(header), device.key).toString('base64url')
    expect((await device.report({ ...envelope, header, signature })).statusCode).toBe(200)
    const events = await server.context.store.read.selectFrom('events').select('summary').execute()
    expect(events.map(({ summary }) => summary)).toContain('missing-records from=0 to=2')
    await server.close()
  })

  test('that enrols is let in, however it keeps its key and whatever else it says', async () => {
    const server = await startTestServer()
    const device = new TestDevice(server.server, () => server.clock.now)
    const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
    const answer = await device.send(
      'POST',
      '/api/v1/enrol',
      {
        protocol: PROTOCOL_VERSION + 1,
        token,
        key: device.publicKey,
        host: { ...device.host({ keyProtection: 'moonlight' }), colour: 'grey' },
        later: {},
      },
      { keyId: device.publicKey },
    )
    expect(answer.json()).toMatchObject({ protocol: PROTOCOL_VERSION })
    await server.close()
  })
})

test('a server newer than the agent may say more, of verdicts and in receipts, and is believed in what can be read', async () => {
  const server = await startTestServer()
  await server.apply(examplePolicy)
  const host = fakeHost({ files: claudeInstalled() })
  const agent = testAgent({ host, server, managed: true })
  const through = agent.transport
  agent.transport = async (request) => {
    const answer = await through(request)
    if (!answer.ok || answer.status !== 200 || request.url.pathname.endsWith('policy')) return answer
    const body = JSON.parse(answer.body) as CheckInResponse
    if (!request.url.pathname.endsWith('check-in'))
      return { ...answer, body: JSON.stringify({ ...body, weather: 'fine' }) }
    const known = { tool: 'claude-code', account: 'ann', row: null, rule: 'no-claude-code' }
    const verdicts = [
      { ...known, status: 'present', reasons: ['by-moonlight', 'found-not-witnessed'], lifecycle: 'dreamt' },
      { ...known, status: 'moonstruck', reasons: [] },
    ]
    const receipt = { ...(JSON.parse(body.receipt.text) as object), weather: 'fine' }
    return {
      ...answer,
      body: JSON.stringify({ ...body, verdicts, receipt: signed(receipt, server.context.keys.server) }),
    }
  }
  for (let n = 0; n < 2; n++) {
    await agent.looks.full()
    await agent.reporting.report()
  }
  expect(agent.state.outbox.waiting()).toBe(0)
  expect(agent.state.read('sync')?.lastError).toBeNull()
  const told = agent.state.read('verdicts')?.verdicts
  expect(told).toMatchObject([{ status: 'present', reasons: ['found-not-witnessed'] }])
  agent.close()
  await server.close()
})

test('once a server is newer, all that an older one passed over is told to it again', async () => {
  const server = await startTestServer()
  await server.apply(examplePolicy)
  const host = fakeHost({ files: claudeInstalled() })
  const agent = testAgent({ host, server, managed: true })
  const through = agent.transport
  const as = (protocol: number | undefined) => {
    agent.transport = async (request) => {
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('check-in')) return answer
      return { ...answer, body: JSON.stringify({ ...(JSON.parse(answer.body) as object), protocol }) }
    }
  }
  const tells = async (): Promise<number> => {
    await agent.looks.full()
    const waiting = waitingRecords(agent.state).filter(({ type }) => type === 'detection').length
    await agent.reporting.report()
    return waiting
  }
  as(undefined)
  for (let n = 0; n < 3; n++) await tells()
  expect(await tells()).toBe(0)
  as(PROTOCOL_VERSION)
  expect([await tells(), await tells(), await tells()]).toEqual([0, 1, 0])
  as(PROTOCOL_VERSION + 1)
  expect([await tells(), await tells()]).toEqual([0, 0])
  agent.close()
  await server.close()
})
