// Looks over time on a fake machine, with the real state: what is witnessed, what is only found, what is kept.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import type { Process } from '../../../../agent/platform/host.ts'
import { aNow, fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import { policyFrom } from '../../../helpers/report-context.ts'
import {
  claudeInstalled,
  claudePackage,
  testAgent,
  transcript,
  waitingRecords,
  type TestAgent,
} from '../../../helpers/test-agent.ts'

const minute = 60_000
const session = '/home/ann/.claude/projects/-src-a/one.jsonl'
const signal = tools
  .find(({ id }) => id === 'claude-code')
  ?.signals.trace?.find(({ place }) => place.endsWith('/*.jsonl') && place.includes('projects'))
const account = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }
let host: FakeHost
let agent: TestAgent
const processes: (Partial<Process> & { pid: number })[] = []

function start(files = {}): void {
  host = fakeHost({ files, processes })
  agent = testAgent({ host })
}

beforeEach(() => {
  processes.length = 0
})
afterEach(() => agent.close())

function holdSession(at = host.now() - 1000, path = session): void {
  host.put(path, { content: transcript(at), modifiedAt: at, createdAt: at - 500 })
}

const changed = () => agent.looks.traces([{ account, signal: signal!, path: session }])
const sessions = () => agent.state.marks.of('claude-code', 'ann').filter(({ kind }) => kind === 'session')
const runs = () => agent.state.marks.of('claude-code', 'ann').filter(({ withoutRecord }) => withoutRecord)

describe('a change that the watcher saw', () => {
  test('of an installed tool is witnessed', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    host.advance(minute)
    holdSession()
    await changed()
    expect(sessions()).toMatchObject([{ basis: 'witnessed', doubts: [] }])
  })

  test('of a tool that was installed since the last look is witnessed too', async () => {
    start()
    await agent.looks.full()
    host.advance(minute)
    for (const [path, text] of Object.entries(claudeInstalled())) host.put(path, text)
    holdSession()
    await changed()
    expect(sessions()).toMatchObject([{ basis: 'witnessed', doubts: [] }])
  })

  test('before the cutoff causes no look whose time would be told', async () => {
    start()
    const ahead = policyFrom(host.now() + 30 * 24 * 60 * minute)
    const signed = { text: JSON.stringify(ahead), signature: '', key: '' }
    agent.state.write('policy', { signed, etag: null })
    agent.state.write('clocks', [{ boot: host.facts().boot, offsetMs: 0, errorMs: 5 }])
    await agent.looks.full()
    for (const [path, text] of Object.entries(claudeInstalled())) host.put(path, text)
    host.advance(25 * 60 * minute)
    const before = waitingRecords(agent.state).length
    holdSession()
    await changed()
    processes.push({ pid: 4711, executable: `${claudePackage}/cli.js` })
    for (let n = 0; n < 20; n++) {
      host.advance(minute)
      await agent.looks.processes()
    }
    expect(waitingRecords(agent.state).slice(before)).toEqual([])
  })

  test('of a tool that is not here is found, and in doubt', async () => {
    start()
    await agent.looks.full()
    host.advance(minute)
    holdSession()
    await changed()
    expect(sessions()).toMatchObject([{ basis: 'found', doubts: ['unable-to-run'] }])
  })

  test('stays witnessed at every later look', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    host.advance(minute)
    holdSession()
    await changed()
    for (let n = 0; n < 3; n++) {
      host.advance(60 * minute)
      await agent.looks.full()
    }
    expect(sessions()).toMatchObject([{ basis: 'witnessed' }])
  })
})

test('what was there at the first look is found', async () => {
  start(claudeInstalled())
  holdSession(aNow - 10 * minute)
  await agent.looks.full()
  expect(sessions()).toMatchObject([{ basis: 'found', doubts: [] }])
})

test('a restored transcript is found, and its times disagree', async () => {
  start(claudeInstalled())
  await agent.looks.full()
  host.advance(60 * minute)
  const old = aNow - 30 * 24 * 60 * minute
  host.put(session, { content: transcript(old), modifiedAt: old, createdAt: host.now() - 1000 })
  await agent.looks.full()
  expect(sessions()).toMatchObject([{ basis: 'found', doubts: ['times-disagree'] }])
})

test('a record that could not be read at one look is written down by the next, though it did not change', async () => {
  start(claudeInstalled())
  await agent.looks.full()
  host.advance(minute)
  const at = host.now() - 1000
  const record = { content: transcript(at), modifiedAt: at, createdAt: at - 500 }
  host.put(session, { ...record, fails: 'EIO' })
  await agent.looks.full()
  host.put(session, record)
  await agent.looks.full()
  expect(sessions()).toMatchObject([{ at }])
})

describe('a look that could not be written down', () => {
  test('is not lost: what it witnessed is written with the next one', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    host.advance(minute)
    holdSession()
    const transact = agent.state.transact.bind(agent.state)
    agent.state.transact = () => {
      throw new Error('disk full')
    }
    await expect(changed()).rejects.toThrow('disk full')
    agent.state.transact = transact
    expect(sessions()).toEqual([])
    host.advance(60 * minute)
    await agent.looks.full()
    expect(sessions()).toMatchObject([{ basis: 'witnessed' }])
  })
})

describe('a tool that keeps records, running', () => {
  const running = { pid: 4711, executable: `${claudePackage}/cli.js`, startedAt: aNow - minute }

  async function watchFor(minutes: number): Promise<void> {
    for (let n = 0; n <= minutes; n++) {
      await agent.looks.processes()
      host.advance(minute)
    }
  }

  test('for more than 10 minutes without one says so, once', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    processes.push(running)
    await watchFor(10)
    expect(runs()).toEqual([])
    await watchFor(30)
    expect(runs()).toMatchObject([{ kind: 'run', basis: 'witnessed', withoutRecord: true }])
  })

  test('for more than 10 minutes by the clock, but asleep, says nothing', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    processes.push(running)
    await watchFor(3)
    host.sleep(8 * 60 * minute)
    await watchFor(3)
    expect(runs()).toEqual([])
  })

  describe('while the clock is set', () => {
    test.each([60 * minute, -60 * minute])(
      'says nothing of what was there before, in either direction (%i)',
      async (byMs) => {
        start(claudeInstalled())
        await agent.looks.full()
        processes.push(running)
        await watchFor(3)
        holdSession()
        await watchFor(3)
        host.setClock(byMs)
        await watchFor(40)
        expect(runs()).toEqual([])
      },
    )

    test('is marked as running once an hour all the same', async () => {
      start(claudeInstalled())
      await agent.looks.full()
      processes.push(running)
      await watchFor(3)
      host.setClock(-24 * 60 * minute)
      await watchFor(55)
      const marks = agent.state.marks.of('claude-code', 'ann').filter(({ kind }) => kind === 'run')
      expect(marks).toHaveLength(2)
    })

    test('says nothing of a tool that was used after it was set back', async () => {
      start(claudeInstalled())
      await agent.looks.full()
      processes.push(running)
      await watchFor(3)
      host.setClock(-60 * minute)
      await watchFor(3)
      holdSession()
      await watchFor(30)
      expect(runs()).toEqual([])
    })

    test('is still seen when it is started after that', async () => {
      start(claudeInstalled())
      await agent.looks.full()
      await watchFor(2)
      host.setClock(-60 * minute)
      await watchFor(2)
      processes.push(running)
      await watchFor(30)
      expect(runs()).toMatchObject([{ withoutRecord: true }])
    })

    test('and started and used after that says nothing', async () => {
      start(claudeInstalled())
      await agent.looks.full()
      host.setClock(-60 * minute)
      await watchFor(2)
      processes.push(running)
      holdSession()
      host.advance(30_000)
      await watchFor(30)
      expect(runs()).toEqual([])
    })
  })

  test('says nothing while the place of its records cannot be seen', async () => {
    start({ ...claudeInstalled(), '/home/ann/.claude/projects': { link: '/data/claude-projects' } })
    await agent.looks.full()
    processes.push(running)
    await watchFor(40)
    expect(runs()).toEqual([])
  })

  test('says nothing of an account whose files are nowhere to be seen', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    processes.push({ ...running, uid: '1234' })
    await watchFor(40)
    const marks = agent.state.marks.of('claude-code', 'uid:1234')
    expect(marks.filter(({ withoutRecord }) => withoutRecord)).toEqual([])
    expect(marks).not.toEqual([])
  })

  test('with a session does not', async () => {
    start(claudeInstalled())
    await agent.looks.full()
    processes.push(running)
    await watchFor(5)
    holdSession()
    await watchFor(30)
    expect(runs()).toEqual([])
  })
})

test('a day and a minute of work with tools under no rule leave the same records', async () => {
  const day = async (busy: boolean) => {
    start(claudeInstalled())
    await agent.looks.full()
    holdSession()
    processes.push({ pid: 4711, executable: `${claudePackage}/cli.js` })
    await changed()
    await agent.looks.full()
    for (let hour = 0; hour < 23; hour++) {
      host.advance(60 * minute)
      if (busy) holdSession(host.now() - 1000, `/home/ann/.claude/projects/-p${hour}/x.jsonl`)
      if (hour === 1 && !busy) processes.length = 0
      await agent.looks.processes()
      await agent.looks.full()
    }
    processes.length = 0
    // Keyed hashes differ from state to state.
    const records = waitingRecords(agent.state).map((record) =>
      JSON.stringify(record).replace(/"hash":"[^"]*"/g, ''),
    )
    const timeless = records.map((text) => text.replace(/"(ms|cpuMs|finishedAt|observations)":[\d.]+/g, ''))
    return timeless
  }
  const minuteOfWork = await day(false)
  agent.close()
  expect(await day(true)).toEqual(minuteOfWork)
})
