// The daemon as it runs: real files, real watching, real time; the server in this process.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { Agent } from '../../../../agent/agent.ts'
import { watchFolder } from '../../../../agent/platform/folder-watch.ts'
import type { Host } from '../../../../agent/platform/host.ts'
import { thisHost } from '../../../../agent/platform/this-host.ts'
import { lastReportMs } from '../../../../agent/sync/reporting.ts'
import {
  claudeInstalled,
  temporaryFolder,
  testAgent,
  transcript,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { contactOf } from '../../../../server/habit.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

let server: TestServer
let agent: TestAgent
let daemon: Agent
let home: string
let stopped: boolean
/** What the daemon waits for: each keeps the process. */
let timers: Set<NodeJS.Timeout>

/** This machine, with one account whose home is a temporary folder, and nothing running. */
async function hostWithHome(): Promise<Host> {
  const host = await thisHost()
  const account = { name: 'ann', uid: String(userInfo().uid), home, readable: true }
  return {
    ...host,
    accounts: () => ({ accounts: [account], gaps: [] }),
    processes: () => ({ processes: [], gaps: [] }),
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

async function until(what: () => boolean | undefined): Promise<void> {
  for (let n = 0; n < 300; n++) {
    if (what() === true) return
    await sleep(50)
  }
  throw new Error(`it did not come to be: ${agent.log.join('; ')}`)
}

async function start(policy: object): Promise<void> {
  expect(await server.apply(policy)).toMatchObject({ ok: true })
  const host = await hostWithHome()
  for (const [path, text] of Object.entries(
    claudeInstalled('2.1.330', join(home, '.npm-global/lib/node_modules/@anthropic-ai/claude-code')),
  ))
    write(path, text)
  agent = testAgent({ host, server, random: Math.random, monotonicMs: () => performance.now() })
  expect(await agent.enrol()).toMatchObject({ ok: true })
  daemon = new Agent({
    state: agent.state,
    host,
    clock: agent.clock,
    tools,
    looks: agent.looks,
    reporting: agent.reporting,
    spool: agent.spool,
    watchFolder,
    timers: {
      after(ms, run) {
        const timer = setTimeout(() => {
          timers.delete(timer)
          run()
        }, ms)
        timers.add(timer)
        return () => {
          timers.delete(timer)
          clearTimeout(timer)
        }
      },
      monotonicMs: () => performance.now(),
    },
    random: Math.random,
    scanEveryMs: 3_600_000,
    processesEveryMs: 60_000,
    pid: 1,
    log: (line) => void agent.log.push(line),
  })
  daemon.start()
  await until(() => agent.state.outbox.sent().some(({ answer }) => answer === 'received'))
}

const verdict = () => agent.state.read('verdicts')?.verdicts.find((v) => v.tool === 'claude-code')?.status
const checkIns = () => agent.requests.filter(({ url }) => url.pathname.endsWith('/check-in')).length

beforeEach(async () => {
  server = await startTestServer()
  Object.defineProperty(server.clock, 'now', { get: Date.now })
  home = temporaryFolder()
  stopped = false
  timers = new Set()
})
afterEach(async () => {
  if (!stopped) await daemon.stop()
  await server.close()
  rmSync(home, { recursive: true, force: true })
  rmSync(agent.folder, { recursive: true, force: true })
})

describe('a use after the cutoff', () => {
  test('is a violation on the server within seconds, in a folder that was not there before', async () => {
    await start(examplePolicy)
    await until(() => verdict() === 'present')
    write(join(home, '.claude/projects/-src-a', 'one.jsonl'), transcript(Date.now()))
    await until(() => verdict() === 'violation')
    expect(agent.log).toEqual([])
  })

  test('that goes on makes no mark for each word', async () => {
    await start(examplePolicy)
    await until(() => verdict() === 'present')
    const path = join(home, '.claude/projects/-src-a', 'one.jsonl')
    write(path, transcript(Date.now()))
    await until(() => verdict() === 'violation')
    const before = checkIns()
    for (let n = 0; n < 5; n++) {
      appendFileSync(path, transcript(Date.now()))
      await sleep(400)
    }
    await daemon.settled()
    expect(checkIns()).toBe(before)
  })

  test('while the agent was stopped is witnessed at its next start', async () => {
    await start(examplePolicy)
    await until(() => verdict() === 'present')
    await daemon.stop()
    stopped = true
    write(join(home, '.claude/projects/-src-a', 'one.jsonl'), transcript(Date.now()))
    const again = testAgent({ host: agent.host, server, folder: agent.folder })
    await again.looks.full()
    await again.reporting.report()
    expect(again.state.read('verdicts')?.verdicts[0]).toMatchObject({ status: 'violation' })
    again.close()
  })
})

/** Whether a check-in under the policy was received, and nothing waits behind it. */
function toldUnderPolicy(): boolean {
  const last = agent.state.outbox.sent().at(-1)
  const header =
    last === undefined ? '' : String((JSON.parse(last.body.toString()) as { header?: string }).header)
  return (
    last?.answer === 'received' && header.includes('"policyVersion":1') && agent.state.outbox.waiting() === 0
  )
}

test('a use before the cutoff causes no request', async () => {
  const [rule] = examplePolicy.rules
  await start({ ...examplePolicy, rules: [{ ...rule, from: '2999-01-01' }] })
  // A machine with thousands of packages needs several check-ins before it has its policy.
  await until(() => verdict() === 'upcoming' && toldUnderPolicy())
  await daemon.settled()
  const before = agent.requests.length
  write(join(home, '.claude/projects/-src-a', 'one.jsonl'), transcript(Date.now()))
  await until(() => agent.state.marks.of('claude-code', 'ann').some(({ kind }) => kind === 'session'))
  await sleep(1500)
  expect(agent.requests.length).toBe(before)
  expect(agent.state.outbox.waiting()).toBe(0)
})

test('a stop waits for no answer to a report on its way, and is told all the same', async () => {
  await start(examplePolicy)
  await until(() => verdict() === 'present')
  const { transport } = agent
  agent.transport = (request) =>
    request.timeoutMs <= lastReportMs
      ? transport(request)
      : new Promise((answer) => {
          const failed = { ok: false, code: 'timeout', message: 'given up' } as const
          request.signal?.addEventListener('abort', () => answer(failed))
        })
  const before = agent.requests.length
  write(join(home, '.claude/projects/-src-a', 'one.jsonl'), transcript(Date.now()))
  await until(() => agent.requests.length > before)
  await daemon.stop()
  stopped = true
  expect(timers.size).toBe(0)
  const { state } = testAgent({ host: agent.host, server, folder: agent.folder })
  expect(state.outbox.sent().at(-1)).toMatchObject({ answer: 'received' })
  expect(state.outbox.sent().at(-1)?.body.toString()).toContain('stopping')
  expect(state.outbox.waiting()).toBe(0)
  state.close()
})

test('a stop is told to the server', async () => {
  await start(examplePolicy)
  await until(() => verdict() === 'present')
  await daemon.stop()
  stopped = true
  const state = testAgent({ host: agent.host, server, folder: agent.folder })
  const last = state.state.outbox.sent().at(-1)
  expect(last).toMatchObject({ answer: 'received' })
  expect(last?.body.toString()).toContain('stopping')
  const row = await server.context.store.read.selectFrom('devices').selectAll().executeTakeFirstOrThrow()
  expect(contactOf(row, Date.now())).toMatchObject({ state: 'reporting', stopped: true })
  expect(state.state.read('daemon')).toBeNull()
  state.close()
})
