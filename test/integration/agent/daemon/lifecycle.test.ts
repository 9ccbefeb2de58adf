// What the daemon tells of its own starts and stops: that they were, on which day, and no more.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { Agent } from '../../../../agent/agent.ts'
import { aNow, fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import { openTestState, temporaryFolder, testAgent, waitingRecords } from '../../../helpers/test-agent.ts'

const hour = 3_600_000
const today = Date.UTC(2026, 10, 22)
let folder: string
let host: FakeHost

beforeEach(() => {
  folder = temporaryFolder()
  host = fakeHost({ now: aNow - 4 * hour })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** From a start of the daemon to an orderly stop. */
async function work(hours: number): Promise<void> {
  const { state, looks, reporting } = testAgent({ host, folder })
  const daemon = new Agent({
    state,
    host,
    tools,
    looks,
    reporting,
    watchFolder: () => null,
    timers: { after: () => () => {}, monotonicMs: host.now },
    random: () => 0,
    scanEveryMs: hour,
    processesEveryMs: hour,
    pid: 1,
    log: (line) => {
      throw new Error(line)
    },
  })
  daemon.start()
  await daemon.settled()
  host.advance(hours * hour)
  await daemon.stop()
}

function toldOfAgent() {
  const state = openTestState(folder, host.now(), true)
  const told = waitingRecords(state).flatMap((r) => (r.type === 'agent' ? [[r.event, r.at]] : []))
  state.close()
  return told
}

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
