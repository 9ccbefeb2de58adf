// A policy under which the agent dies, or its looks fail: it goes back to the one before, says so, and does not take that one again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { followedClock } from '../../../../agent/device-clock.ts'
import { noteSinceLastRun } from '../../../../agent/own-events.ts'
import { passTrial, takeOnTrial, trialLook } from '../../../../agent/policy-trial.ts'
import { readSettings } from '../../../../agent/settings.ts'
import { readPolicy } from '../../../../agent/sync/policy.ts'
import { aNow, fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  openTestState,
  temporaryFolder,
  testAgent,
  waitingRecords,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { policyFrom } from '../../../helpers/report-context.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const { settings } = readSettings({ env: {}, runner: { root: true, home: '/root', windows: false } })
let server: TestServer
let host: FakeHost
let agent: TestAgent
beforeEach(async () => {
  server = await startTestServer({ env: { CUTOFF_DATABASE_URL: 'sqlite::memory:' } })
  host = fakeHost()
  agent = testAgent({ host, server })
  await server.apply(examplePolicy)
  await agent.enrol()
  begin(boot)
  await agent.reporting.report()
  look()
  await agent.reporting.report()
  await server.apply({ ...examplePolicy, version: 2 })
  await agent.reporting.report()
})
afterEach(async () => {
  agent.close()
  await server.close()
})

const boot = fakeHost({ now: aNow }).facts().boot
const version = () => readPolicy(agent.state.read('policy')?.signed.text ?? '')?.version
const refusals = () =>
  waitingRecords(agent.state).flatMap((r) =>
    r.type === 'agent' && r.event === 'policy-refused' ? [r.detail] : [],
  )

/** As `run` and the daemon do when they start. */
function begin(under: string): void {
  noteSinceLastRun(agent.state, under, settings, host.now())
  agent.state.transact(() => {
    followedClock(agent.state, host).save()
    agent.state.write('daemon', { pid: 1, startedAt: host.now(), lastScanAt: null })
  })
}

function end(): void {
  agent.state.write('daemon', null)
}

/** A full look that ends well. */
function look(): void {
  trialLook(agent.state, host.now())
  passTrial(agent.state)
}

describe('a policy that was just taken', () => {
  test('is the one that holds', () => {
    expect(version()).toBe(2)
  })

  test.each<[string, readonly ('dies' | 'ends' | 'power' | 'look')[], number]>([
    ['stays after a look', ['look', 'dies', 'dies', 'dies'], 2],
    ['stays where the agent dies once', ['dies', 'look', 'dies', 'dies'], 2],
    ['stays where it is started again in order', ['ends', 'ends', 'ends'], 2],
    ['stays where the power was cut', ['power', 'power', 'power'], 2],
    ['stays where only one of two was its death', ['dies', 'power', 'dies', 'ends', 'dies'], 2],
    ['is given back where the agent dies twice in a row', ['dies', 'dies'], 1],
    ['is given back after a start of the machine too', ['power', 'dies', 'dies'], 1],
  ])('%s', (_, happenings, expected) => {
    let under = boot
    for (const happening of happenings) {
      if (happening === 'look') {
        look()
        continue
      }
      if (happening === 'ends') end()
      if (happening === 'power') under = `${under}+`
      begin(under)
    }
    expect(version()).toBe(expected)
    expect(refusals()).toEqual(expected === 1 ? ['run-died'] : [])
  })

  test('is given back where looks under it fail one after the other', () => {
    for (let n = 0; n < 3; n++) trialLook(agent.state, host.now())
    expect(version()).toBe(1)
    expect(refusals()).toEqual(['look-failed'])
  })
})

test('what was given back is not taken again, the server is told, and a corrected one is taken', async () => {
  begin(boot)
  begin(boot)
  expect(version()).toBe(1)
  expect((await agent.reporting.report()).policyChanged).toBe(false)
  const rows = await server.context.store.read.selectFrom('release_devices').selectAll().execute()
  expect(rows).toMatchObject([{ refused_at: server.clock.now }])
  const browser = await server.signIn()
  const { body } = await browser.get('/api/v1/events?type=agent')
  expect(JSON.stringify(body)).toContain('agent-policy-refused detail=run-died')

  // A day later it is offered again, and refused again without another word.
  host.advance(86_400_000)
  server.clock.now += 86_400_000
  await agent.reporting.report()
  await agent.reporting.report()
  expect(agent.log.at(-1)).toBe('policy refused: given-back')
  expect(version()).toBe(1)
  expect(refusals()).toEqual([])

  await server.apply({ ...examplePolicy, version: 3 })
  await agent.reporting.report()
  expect(version()).toBe(3)
})

test('a policy that comes while another is on trial goes back to the last good one', async () => {
  await server.apply({ ...examplePolicy, version: 3 })
  await agent.reporting.report()
  expect(version()).toBe(3)
  begin(boot)
  begin(boot)
  expect(version()).toBe(1)
})

test('a process that is killed again and again under a policy goes back, as one that is started by its service', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const state = openTestState(folder, Date.now())
  const stored = (version: number) => {
    const text = JSON.stringify(policyFrom(0, { version }))
    return { signed: { text, signature: 's', key: 'k' }, etag: null }
  }
  state.transact(() => {
    state.write('policy', stored(1))
    takeOnTrial(state, stored(2).signed, null)
  })
  state.close()
  const versions: unknown[] = []
  for (let run = 0; run < 3; run++) {
    await runAndKill(folder)
    const seen = openTestState(folder, Date.now(), true)
    versions.push(readPolicy(seen.read('policy')?.signed.text ?? '')?.version)
    seen.close()
  }
  expect(versions).toEqual([2, 2, 1])
})

/** Kills a run where it waits before its first look, so that it certainly has ended none. */
async function runAndKill(folder: string): Promise<void> {
  const env = {
    CUTOFF_STATE: folder,
    CUTOFF_SETTINGS: join(folder, 'no-settings'),
    CUTOFF_ACCOUNTS: join(folder, 'accounts'),
    CUTOFF_FIRST_LOOK_AFTER_HOURS: '1',
    CUTOFF_LOG: 'info',
  }
  const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
  const daemon = spawn(process.execPath, [main, 'run'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let printed = ''
  const waits = new Promise<boolean>((resolve) => {
    daemon.stderr.on('data', (part: Buffer) => {
      printed += part.toString()
      if (printed.includes('The first look waits until')) resolve(true)
    })
    daemon.once('close', () => resolve(false))
  })
  expect({ waits: await waits, printed }).toMatchObject({ waits: true })
  const closed = once(daemon, 'close')
  daemon.kill('SIGKILL')
  await closed
}
