// A device whose clock is set, from a use on a (fake) machine to the (real) server's verdict on it: nobody is blamed for a clock.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FindingDetail } from '#shared/api.ts'
import type { CheckInResponse } from '#shared/protocol.ts'
import { learnTime } from '../../../../agent/sync/check-in.ts'
import { fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  nowhere,
  temporaryFolder,
  testAgent,
  transcript,
  transportTo,
  waitingRecords,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Twelve hours ahead: in between, a clock that is ahead makes a use look as if it were after the ban. */
const policy = {
  ...examplePolicy,
  rules: [{ ...examplePolicy.rules[0], from: '2026-11-23T00:00:00Z', announced: undefined }],
}
let folder: string
let server: TestServer
let host: FakeHost
let agent: TestAgent

beforeEach(async () => {
  folder = temporaryFolder()
  server = await startTestServer()
  host = fakeHost({ files: claudeInstalled() })
  agent = testAgent({ host, server, folder })
  await server.apply(JSON.parse(JSON.stringify(policy)) as object)
  await agent.enrol()
  await agent.looks.full()
  await agent.reporting.report()
  await look()
})
afterEach(async () => {
  agent.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function pass(ms: number): void {
  host.advance(ms)
  server.clock.now += ms
}

/** The agent ends, and begins again after a start of the machine: what it knew of the clock is on the disk. */
function restart(): void {
  agent.close()
  host.restart(minute)
  server.clock.now += minute
  agent = testAgent({ host, server, folder })
}

function offline(): void {
  agent.transport = nowhere
}

function online(): void {
  agent.transport = transportTo(server)
}

async function look(): Promise<void> {
  await agent.looks.full()
  agent.looks.settle()
  await agent.reporting.report()
}

let sessions = 0
/** A session is held, and the agent sees it at once. */
async function use(): Promise<void> {
  const at = host.now() - 1000
  host.put(`/home/ann/.claude/projects/-src-a/${sessions++}.jsonl`, {
    content: transcript(at),
    modifiedAt: at,
    createdAt: at - 500,
  })
  await look()
}

const verdict = () => agent.state.read('verdicts')?.verdicts.find((v) => v.tool === 'claude-code')
const events = async () => {
  const browser = await server.signIn()
  const { body } = await browser.get('/api/v1/events?type=agent')
  return (body as { items: { summary: string }[] }).items.map(({ summary }) => summary)
}

/** Of the marks of the only finding, as a person reads them at the server. */
const disagreements = async () => {
  const browser = await server.signIn()
  const { body } = await browser.get('/api/v1/findings')
  const [only] = (body as { items: { id: string }[] }).items
  const detail = (await browser.get(`/api/v1/findings/${only?.id}`)).body as FindingDetail
  return detail.marks.flatMap(({ disagreement }) => disagreement ?? [])
}

describe('a use on a clock that is ahead, set right before the server’s was ever heard', () => {
  beforeEach(() => {
    restart()
    offline()
  })

  test.each([
    ['by a few hours is too near the ban to say', 13 * hour - 65 * minute, 'around-an-edge'],
    ['by a day is so, too', day, 'around-an-edge'],
    ['by three days has times that disagree', 3 * day, 'times-disagree'],
  ])('%s', async (_, aheadMs, reason) => {
    host.setClock(aheadMs)
    await look()
    pass(minute)
    await use()
    pass(minute)
    host.setClock(-aheadMs)
    await look()
    // Real time passes beyond what the clock had said.
    pass(5 * day)
    online()
    for (let n = 0; n < 3; n++) {
      pass(minute)
      await look()
    }
    expect(verdict()).toMatchObject({ status: 'suspected', reasons: [reason] })
    // Half a day or more is in doubt beyond the day's uncertainty, whichever row decides.
    expect(await disagreements()).toEqual(aheadMs < 12 * hour ? [] : [{ with: 'clock-set', byMs: -aheadMs }])
    expect((await events()).join()).toContain('agent-clock-stepped')
  })

  test('by three days, found only after the clock was set right, has times that disagree', async () => {
    host.setClock(3 * day)
    await look()
    pass(minute)
    const at = host.now() - 1000
    host.setClock(-3 * day)
    await look()
    pass(5 * day)
    host.put('/home/ann/.claude/projects/-src-a/late.jsonl', {
      content: transcript(at),
      modifiedAt: at,
      createdAt: at - 500,
    })
    online()
    for (let n = 0; n < 3; n++) await look()
    expect(verdict()).toMatchObject({ status: 'suspected', reasons: ['times-disagree'] })
    expect(await disagreements()).toEqual([{ with: 'clock-set', byMs: -3 * day }])
  })

  test('is as before when the clock was set at the next start of the machine', async () => {
    host.setClock(3 * day)
    await look()
    pass(minute)
    await use()
    restart()
    host.setClock(-3 * day)
    agent.close()
    agent = testAgent({ host, server, folder })
    pass(5 * day)
    for (let n = 0; n < 3; n++) await look()
    expect(verdict()).toMatchObject({ status: 'suspected', reasons: ['times-disagree'] })
  })

  test('is put in doubt later, too, when the report with it came through but its answer did not', async () => {
    host.setClock(3 * day)
    await look()
    pass(minute)
    const through = transportTo(server)
    agent.transport = async (request) => {
      await through(request)
      return nowhere(request)
    }
    await use()
    pass(minute)
    host.setClock(-3 * day)
    pass(5 * day)
    online()
    for (let n = 0; n < 3; n++) await look()
    expect(verdict()).toMatchObject({ status: 'suspected', reasons: ['times-disagree'] })
  })
})

describe('a clock that was measured before it was set', () => {
  test('dates what was before by the one offset, and what is after by the other', async () => {
    host.setClock(3 * hour)
    await look()
    await look()
    // 21:01 in truth, 00:01 by the clock.
    pass(9 * hour)
    await use()
    await look()
    expect(verdict()).toMatchObject({ status: 'upcoming' })
    host.setClock(-3 * hour)
    pass(minute)
    for (let n = 0; n < 2; n++) await look()
    expect(verdict()).toMatchObject({ status: 'upcoming' })
    // Half past midnight.
    pass(3.5 * hour)
    await use()
    await look()
    expect(verdict()).toMatchObject({ status: 'violation', row: 10 })
    const { read } = server.context.store
    const clocks = await read.selectFrom('clocks').select(['offset_ms', 'stepped']).execute()
    expect(clocks.map(({ offset_ms, stepped }) => [Math.round(offset_ms / hour) + 0, stepped])).toEqual([
      [0, 0],
      [-3, 0],
      [0, 0],
    ])
  })

  test('does not turn a violation into less, however far it is set afterwards', async () => {
    host.setClock(3 * day)
    for (let n = 0; n < 2; n++) await look()
    pass(13 * hour)
    await use()
    expect(verdict()).toMatchObject({ status: 'violation' })
    host.setClock(-3 * day)
    for (let n = 0; n < 3; n++) {
      pass(minute)
      await look()
    }
    expect(verdict()).toMatchObject({ status: 'violation', row: 10 })
  })

  test('set there and back again blames nobody for what lay between', async () => {
    host.setClock(2 * day)
    await look()
    pass(minute)
    await use()
    pass(minute)
    host.setClock(-2 * day)
    for (let n = 0; n < 3; n++) await look()
    expect(verdict()).toMatchObject({ status: 'upcoming' })
  })
})

test('a machine that sleeps, and a clock that is corrected a little, stay one', async () => {
  host.sleep(8 * hour)
  server.clock.now += 8 * hour
  await look()
  for (let n = 0; n < 5; n++) {
    host.setClock(300)
    pass(minute)
    await look()
  }
  expect(agent.clock.timesSet()).toBe(0)
  expect(agent.clock.read().past).toEqual([])
})

describe('a measure', () => {
  /** Takes the server's time as the answer to a request that began on this clock. */
  async function learn(boot: string): Promise<void> {
    let body = ''
    const through = transportTo(server)
    agent.transport = async (request) => {
      const answer = await through(request)
      if (answer.ok) body = answer.body
      return nowhere(request)
    }
    await agent.reporting.report()
    const { time } = JSON.parse(body) as CheckInResponse
    const { nonce } = JSON.parse(time.text) as { nonce: string }
    const exchange = { nonce, sentAt: host.now(), receivedAt: host.now(), tookMs: 0, boot }
    const { state, clock } = agent
    const enrolment = state.enrolment()
    if (enrolment === null) throw new Error('not enrolled')
    state.transact(() => learnTime({ state, enrolment, clock, now: host.now }, time, exchange))
  }
  const measured = () => agent.state.read('clocks')?.map(({ boot }) => boot)

  test('is of the clock on which the request began', async () => {
    host.setClock(day)
    const { id } = agent.clock.read()
    await learn(id)
    expect(measured()).toContain(id)
  })

  test('is not taken when the clock was set before the answer was read', async () => {
    const before = measured()
    const { id } = agent.clock.read()
    host.setClock(day)
    await learn(id)
    expect(measured()).toEqual(before)
    expect(agent.state.read('clocks')?.[0]?.offsetMs).toBeCloseTo(0, -2)
  })
})

test('a clock counts as told only once a report that held its measure was received', async () => {
  const told = () => agent.state.read('toldClock')
  host.setClock(day)
  const { id } = agent.clock.read()
  offline()
  await look()
  // Sealed without a measure, and sent again as it was when one is known.
  agent.state.write('clocks', [{ boot: id, offsetMs: -day, errorMs: 5 }])
  online()
  await look()
  expect(told()).not.toBe(id)
  await look()
  expect(told()).toBe(id)
})

test('that the clock was set is told once', async () => {
  offline()
  host.setClock(hour)
  for (let n = 0; n < 3; n++) await look()
  agent.close()
  agent = testAgent({ host, folder })
  await look()
  const told = waitingRecords(agent.state).filter((r) => r.type === 'agent' && r.event === 'clock-stepped')
  expect(told).toHaveLength(1)
})
