// From a look on a (fake) machine to a verdict of the (real) server and back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WireRecord } from '#shared/protocol.ts'
import { fakeHost, aNow, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  testAgent,
  transcript,
  transportTo,
  waitingRecords,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const minute = 60_000
const session = '/home/ann/.claude/projects/-src-secret/0b2f.jsonl'
let server: TestServer
let host: FakeHost
let agent: TestAgent

beforeEach(async () => {
  server = await startTestServer()
  host = fakeHost({ files: claudeInstalled() })
  agent = testAgent({ host, server })
})
afterEach(async () => {
  agent.close()
  await server.close()
})

function advance(ms: number): void {
  host.advance(ms)
  server.clock.now += ms
}

async function settle(): Promise<void> {
  agent.looks.settle()
  const { policyChanged } = await agent.reporting.report()
  if (!policyChanged) return
  await agent.looks.full()
  await agent.reporting.report()
}

const marksIn = (records: readonly WireRecord[]) => records.filter((record) => record.type === 'mark')
const verdictOn = (tool: string) => agent.state.read('verdicts')?.verdicts.find((v) => v.tool === tool)

describe('an enrolled agent', () => {
  test('reports a use that it witnessed after the cutoff, and learns that it is a violation', async () => {
    await server.apply(examplePolicy)
    expect(await agent.enrol()).toMatchObject({ ok: true })
    await agent.looks.full()
    await settle()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'present' })

    advance(10 * minute)
    const usedAt = host.now() - 1000
    host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
    const outcome = await agent.looks.full()
    expect(outcome.urgent).toBe(true)
    expect(marksIn(waitingRecords(agent.state))).toMatchObject([
      { tool: 'claude-code', account: 'ann', kind: 'session', at: usedAt, basis: 'witnessed', doubts: [] },
    ])
    await agent.reporting.report()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'violation', row: 10 })
    expect(agent.state.outbox.waiting()).toBe(0)
  })

  test('reports a use that it only found as found', async () => {
    await server.apply(examplePolicy)
    const usedAt = aNow - 30 * minute
    host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
    await agent.enrol()
    await agent.looks.full()
    await settle()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'suspected', reasons: ['found-not-witnessed'] })
  })

  test('without a server looks and keeps what it saw, and reports it once there is one', async () => {
    await agent.looks.full()
    const usedAt = aNow + 5 * minute
    advance(10 * minute)
    host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
    await agent.looks.full()
    expect(agent.requests).toEqual([])
    expect(marksIn(waitingRecords(agent.state))).toEqual([])

    await server.apply(examplePolicy)
    await agent.enrol()
    await settle()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'violation' })
  })

  test('with an unchanged policy fetches nothing, and with nothing new reports a sign of life', async () => {
    await server.apply(examplePolicy)
    await agent.enrol()
    await agent.looks.full()
    await settle()
    agent.requests.length = 0
    advance(15 * minute)
    await agent.looks.full()
    expect(waitingRecords(agent.state)).toEqual([])
    await settle()
    expect(agent.requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /api/v1/check-in',
    ])
  })
})

describe('a use before the cutoff', () => {
  const future = {
    ...examplePolicy,
    rules: [{ ...examplePolicy.rules[0], from: '2026-12-01', announced: undefined }],
  }

  test('leaves the device undated, and hurries nothing', async () => {
    expect(await server.apply(JSON.parse(JSON.stringify(future)) as object)).toMatchObject({ ok: true })
    await agent.enrol()
    await agent.looks.full()
    await settle()
    advance(10 * minute)
    const usedAt = host.now() - 1000
    host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
    const outcome = await agent.looks.full()
    expect(outcome.urgent).toBe(false)
    const waiting = waitingRecords(agent.state)
    expect(waiting).toMatchObject([
      { type: 'detection', tool: 'claude-code', state: 'used', usedBeforeCutoff: true, running: null },
    ])
    expect(JSON.stringify(waiting)).not.toContain(String(usedAt))
    await settle()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'upcoming' })
  })

  test('is only found when a later policy reaches back over it', async () => {
    const other = { ...examplePolicy, rules: [{ ...examplePolicy.rules[0], tools: ['codex-cli'] }] }
    expect(await server.apply(JSON.parse(JSON.stringify(other)) as object)).toMatchObject({ ok: true })
    await agent.enrol()
    await agent.looks.full()
    await settle()
    advance(10 * minute)
    const usedAt = host.now() - 1000
    host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
    await agent.looks.full()
    expect(marksIn(waitingRecords(agent.state))).toEqual([])
    await settle()
    advance(10 * minute)
    const both = {
      ...examplePolicy,
      version: 2,
      rules: [...other.rules, { ...examplePolicy.rules[0], id: 'too' }],
    }
    expect(await server.apply(JSON.parse(JSON.stringify(both)) as object)).toMatchObject({ ok: true })
    await settle()
    expect(verdictOn('claude-code')).toMatchObject({ status: 'suspected', reasons: ['found-not-witnessed'] })
  })
})

describe('when the answer is lost', () => {
  test('the same bytes are sent again, and the server has every record once', async () => {
    await server.apply(examplePolicy)
    await agent.enrol()
    await agent.looks.full()
    const through = transportTo(server)
    agent.transport = async (request) => {
      await through(request)
      return { ok: false, code: 'ECONNRESET', message: 'cut' }
    }
    for (const _ of [1, 2]) await agent.reporting.report()
    agent.transport = through
    await agent.reporting.report()
    const [first, second, third] = agent.requests.filter(({ url }) => url.pathname.endsWith('check-in'))
    expect(second?.body?.equals(first?.body ?? Buffer.alloc(0))).toBe(true)
    expect(third?.body?.equals(first?.body ?? Buffer.alloc(0))).toBe(true)
    expect(new Set([first, second, third].map((r) => r?.headers['signature-input'])).size).toBe(3)
    expect(agent.state.outbox.waiting()).toBe(0)
    expect(agent.state.outbox.chain().counter).toBe(1)
  })
})
