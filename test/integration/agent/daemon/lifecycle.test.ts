// What the daemon tells of its own starts and stops: that they were, on which day, and no more; and what wakes it.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Leaving } from '#shared/agent-event.ts'
import { tools } from '#shared/catalogue.ts'
import { Agent } from '../../../../agent/agent.ts'
import { openOwnFolder } from '../../../../agent/platform/own-folder.ts'
import { agentRecord } from '../../../../agent/report/agent-record.ts'
import type { State } from '../../../../agent/state.ts'
import { announceDeparture } from '../../../../agent/state/departure.ts'
import { leftOf } from '../../../../server/habit.ts'
import { aNow, fakeHost, passwdUsual, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  openTestState,
  temporaryFolder,
  testAgent,
  transcript,
  waitingRecords,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const hour = 3_600_000
const today = Date.UTC(2026, 10, 22)
let folder: string
let host: FakeHost

beforeEach(() => {
  folder = temporaryFolder()
  host = fakeHost({ now: aNow - 4 * hour })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const processesEveryMs = 60_000
let daemon: Agent
let state: State
/** Folders that were to be watched, and whether they had been looked at before. */
let watched: [path: string, lookedAt: boolean][]
/** The system has been asked who there is. */
let prepared: boolean
/** What had been done when the accounts’ copies were written. */
let copied: { readonly looked: boolean; readonly prepared: boolean }[]
/** How often memory was given back. */
let rests: number
/** What the daemon waits for, by how long. */
let timers: Map<number, () => void>

/** A daemon that has made its first look. */
async function start(server?: TestServer): Promise<void> {
  const agent = testAgent({ host, folder, ...(server === undefined ? {} : { server }) })
  const { clock, looks, reporting, spool } = agent
  state = agent.state
  timers = new Map()
  watched = []
  copied = []
  prepared = false
  rests = 0
  daemon = new Agent({
    state,
    host: { ...host, prepare: async () => void (prepared = true) },
    clock,
    tools,
    looks,
    reporting,
    spool,
    watchFolder(path) {
      watched.push([path, state.memory.lastLookAt('ann', '~/.claude/projects/*/*.jsonl') !== null])
      return { ok: false, code: 'ENOSPC' }
    },
    timers: {
      after(ms, run) {
        timers.set(ms, run)
        return () => timers.delete(ms)
      },
      monotonicMs: host.now,
    },
    random: () => 1,
    scanEveryMs: hour,
    processesEveryMs,
    pid: 1,
    log: (line) => {
      throw new Error(line)
    },
    rest: () => void (rests += 1),
    copy: () => void copied.push({ looked: state.read('daemon')?.lastScanAt != null, prepared }),
  })
  daemon.start()
  await daemon.settled()
}

/** From a start of the daemon to an orderly stop. */
async function work(hours: number): Promise<void> {
  await start()
  host.advance(hours * hour)
  await daemon.stop()
}

/** The daemon looks at what runs, as it does every minute. */
async function tick(): Promise<void> {
  host.advance(processesEveryMs)
  timers.get(processesEveryMs)?.()
  await daemon.settled()
}

function toldOfAgent() {
  const stopped = openTestState(folder, host.now(), true)
  const told = waitingRecords(stopped).flatMap((r) => (r.type === 'agent' ? [[r.event, r.at]] : []))
  stopped.close()
  return told
}

test('folders are watched before the first look at them, so that nothing appears between the two unseen', async () => {
  host.put('/home/ann/.claude/projects/-src/a.jsonl', '{}\n')
  await start()
  const home = watched.flatMap(([path, lookedAt]) => (path === '/home/ann' ? [lookedAt] : []))
  expect(home).toEqual([false, true])
  await daemon.stop()
})

test('accounts have their copies before the first look, so that they can be told of it', async () => {
  await start()
  // Whose accounts are known by then: macOS and Windows are asked for them.
  expect(copied).toEqual([{ looked: false, prepared: true }])
  await daemon.stop()
})

test('memory is given back after a full look, and again after a check-in', async () => {
  const [restAfterMs, firstCheckInMs] = [5000, 0]
  const due = async (ms: number) => {
    const run = timers.get(ms)
    timers.delete(ms)
    run?.()
    await daemon.settled()
  }
  await start()
  await due(restAfterMs)
  expect(rests).toBe(1)
  await tick()
  expect(timers.has(restAfterMs), 'one look at what runs leaves too little').toBe(false)
  await due(firstCheckInMs)
  await due(restAfterMs)
  expect(rests).toBe(2)
  await daemon.stop()
})

test('a use while the agent was stopped is told at once after the first look', async () => {
  const server = await startTestServer()
  server.clock.now = host.now()
  await server.apply(examplePolicy)
  for (const [path, node] of Object.entries(claudeInstalled())) host.put(path, node)
  const before = testAgent({ host, folder, server })
  await before.enrol()
  for (let n = 0; n < 2; n++) {
    await before.looks.full()
    await before.reporting.report()
  }
  before.close()
  host.advance(hour)
  server.clock.now += hour
  const usedAt = host.now() - 1000
  const session = '/home/ann/.claude/projects/-src/0b2f.jsonl'
  host.put(session, { content: transcript(usedAt), modifiedAt: usedAt, createdAt: usedAt - 500 })
  await start(server)
  expect([...timers.keys()].filter((ms) => ms === 500 || ms === 30_000)).toEqual([500])
  await daemon.stop()
  await server.close()
})

test('a start and a stop are told by their day alone', async () => {
  await work(3)
  expect(toldOfAgent()).toEqual([
    ['started', today],
    ['stopping', today],
  ])
})

test('more of them on one day tell no more', async () => {
  await work(1)
  const once = toldOfAgent()
  host.advance(hour)
  await work(2)
  await work(1)
  expect(toldOfAgent()).toEqual(once)
})

test('those of another day are told again', async () => {
  await work(1)
  host.advance(24 * hour)
  await work(1)
  expect(toldOfAgent().slice(2)).toEqual([
    ['started', today + 24 * hour],
    ['stopping', today + 24 * hour],
  ])
})

describe('a word of why it is stopped', () => {
  const minute = 60_000
  const leave = (why: Leaving): void => {
    const opened = openOwnFolder(folder)
    expect(opened.ok && announceDeparture(opened.folder, why, host.now())).toBe(true)
  }

  test.each<[string, Leaving, number, string]>([
    ['is told in the place of a plain stop', 'removing', minute, 'removing'],
    ['is told of an upgrade, too', 'upgrading', minute, 'upgrading'],
    ['is forgotten where the stop has nothing to do with it', 'removing', 61 * minute, 'stopping'],
    ['is forgotten where the clock was set back', 'removing', -61 * minute, 'stopping'],
  ])('%s', async (_, why, laterMs, expected) => {
    await start()
    leave(why)
    host.advance(laterMs)
    await daemon.stop()
    expect(toldOfAgent().at(-1)?.[0]).toBe(expected)
  })

  test('is no word any more once the agent was started again, which it says on the same day too', async () => {
    await start()
    leave('removing')
    await daemon.stop()
    leave('removing')
    await work(1)
    expect(toldOfAgent().map(([event]) => event)).toEqual(['started', 'removing', 'started', 'stopping'])
  })

  test('is the last that the server hears, behind all that waits', async () => {
    const server = await startTestServer()
    server.clock.now = host.now()
    const before = testAgent({ host, folder, server })
    await before.enrol()
    before.close()
    await start(server)
    const clock = agentRecord('clock-stepped', null, host.now())
    state.transact(() => state.outbox.append(Array.from({ length: 2500 }, () => clock)))
    leave('removing')
    await daemon.stop()
    const row = await server.context.store.read.selectFrom('devices').selectAll().executeTakeFirstOrThrow()
    expect(leftOf(row, host.now())).toEqual({ why: 'removing', on: today })
    await server.close()
  })
})

test('somebody who is new to the machine is looked at within a minute, and watched', async () => {
  await start()
  await tick()
  const before = state.read('daemon')?.lastScanAt
  host.put('/etc/passwd', `${passwdUsual}bob:x:1001:1001:Bob:/home/bob:/bin/bash\n`)
  for (const [path, content] of Object.entries(claudeInstalled('2.1.330', '/home/bob/.npm-global/claude')))
    host.put(path, { content, owner: 1001 })
  host.put('/home/bob', { folder: true, owner: 1001 })
  await tick()
  expect(state.read('daemon')?.lastScanAt).toBe(host.now())
  expect(watched.map(([path]) => path)).toContain('/home/bob')
  await tick()
  expect(state.read('daemon')?.lastScanAt, 'and once').toBe(host.now() - processesEveryMs)
  expect(before).toBeLessThan(host.now())
  await daemon.stop()
})

const soonMs = 5000
const wakeEveryMs = 25_000

/** The machine is awake for so long, with nothing of the daemon's due but what notices that. */
async function awake(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += wakeEveryMs) {
    host.advance(wakeEveryMs)
    timers.get(wakeEveryMs)?.()
    await daemon.settled()
  }
}

describe('a full look, and a report within seconds, follow', () => {
  test.each<[string, boolean, () => void]>([
    ['when the machine slept', true, () => host.sleep(hour)],
    ['when the clock was set forward', true, () => host.setClock(hour)],
    ['when the clock was set back', true, () => host.setClock(-hour)],
    ['not when the clock was corrected a little', false, () => host.setClock(1500)],
    ['not when nothing happened', false, () => {}],
  ])('%s', async (_, expected, happens) => {
    await start()
    await tick()
    timers.delete(soonMs)
    happens()
    await tick()
    expect(state.read('daemon')?.lastScanAt === host.now()).toBe(expected)
    expect(timers.has(soonMs)).toBe(expected)
    timers.clear()
    await tick()
    await daemon.stop()
  })
})

describe('a lid that is opened and closed', () => {
  /** Minutes awake and asleep, in turn, as a day of meetings has them. */
  const traces: readonly (readonly [name: string, minutes: readonly number[]])[] = [
    ['overnight', [1, 600]],
    ['between meetings', [30, 25, 2, 40, 1, 90, 45, 15]],
    ['for moments', [1, 1, 1, 2, 1, 1]],
  ]

  test.each(traces)('%s: a report follows each waking within a minute', async (_, minutes) => {
    await start()
    // Looks at processes may be an hour apart: they are not what notices.
    timers.delete(processesEveryMs)
    for (const [index, length] of minutes.entries()) {
      if (index % 2 === 0) {
        await awake(length * 60_000)
        continue
      }
      host.sleep(length * 60_000)
      const wokeAt = host.now()
      timers.delete(soonMs)
      await awake(wakeEveryMs)
      expect(timers.has(soonMs)).toBe(true)
      expect(host.now() + soonMs - wokeAt).toBeLessThanOrEqual(60_000)
    }
    timers.clear()
    await daemon.stop()
  })
})

describe('time awake without a look is told', () => {
  const minute = 60_000
  test.each<[string, boolean, () => void]>([
    ['when it was hours: the process was held, or starved', true, () => host.advance(3 * hour)],
    ['not when a look and its report took long', false, () => host.advance(10 * minute)],
    ['not when the machine slept', false, () => host.sleep(3 * hour)],
  ])('%s', async (_, expected, happens) => {
    await start()
    await tick()
    happens()
    await tick()
    await tick()
    await daemon.stop()
    const stalls = toldOfAgent().filter(([event]) => event === 'stalled')
    expect(stalls).toEqual(expected ? [['stalled', today]] : [])
  })
})

test('a clock that was set just before a stop is told with it', async () => {
  await start()
  host.setClock(-hour)
  await daemon.stop()
  expect(toldOfAgent().map(([event]) => event)).toEqual(['started', 'clock-stepped', 'stopping'])
})
