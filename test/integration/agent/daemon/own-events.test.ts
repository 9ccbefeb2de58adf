// What is told of how the last run ended, and of settings that are others since.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { followedClock } from '../../../../agent/device-clock.ts'
import { noteSinceLastRun } from '../../../../agent/own-events.ts'
import { readSettings, type Settings } from '../../../../agent/settings.ts'
import type { State } from '../../../../agent/state.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { openTestState, temporaryFolder, waitingRecords } from '../../../helpers/test-agent.ts'

const runner = { root: true, home: '/root', windows: false }
const host = fakeHost({ now: aNow })
const { boot } = host.facts()
let folder: string
let state: State
beforeEach(() => {
  folder = temporaryFolder()
  state = openTestState(folder, aNow)
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

const settingsOf = (env: Record<string, string>): Settings => readSettings({ env, runner }).settings

/** A run that was begun, with the clock of this start of the machine; it ends as `daemon` says. */
function run(env: Record<string, string>, ended: 'in order' | 'without a word'): void {
  noteSinceLastRun(state, boot, settingsOf(env), aNow)
  state.transact(() => {
    followedClock(state, host).save()
    state.write('daemon', ended === 'in order' ? null : { pid: 1, startedAt: aNow, lastScanAt: null })
  })
}

const told = () =>
  waitingRecords(state).flatMap((r) => (r.type === 'agent' ? [`${r.event} ${r.detail ?? ''}`.trim()] : []))

describe('the end of the run before', () => {
  test.each([
    ['in order: nothing', 'in order', boot, []],
    ['without a word, the machine ran on', 'without a word', boot, ['killed']],
    ['without a word, and the machine was started anew: its own doing', 'without a word', 'another', []],
  ] as const)('%s', (_, ended, bootNow, expected) => {
    run({}, ended)
    noteSinceLastRun(state, bootNow, settingsOf({}), aNow)
    expect(told()).toEqual(expected)
  })

  test('is told once a day', () => {
    for (let n = 0; n < 3; n++) run({}, 'without a word')
    expect(told()).toEqual(['killed'])
  })
})

describe('settings', () => {
  test('that changed are named, and their values are not', () => {
    run({}, 'in order')
    run({ CUTOFF_SCAN_SECONDS: '7200', CUTOFF_PROXY: 'http://ann:secret@proxy.example' }, 'in order')
    expect(told()).toEqual(['reconfigured proxy, scanSeconds'])
  })

  test('that are the same, or are looked at for the first time, are no event', () => {
    run({ CUTOFF_SCAN_SECONDS: '7200' }, 'in order')
    run({ CUTOFF_SCAN_SECONDS: '7200' }, 'in order')
    expect(told()).toEqual([])
  })
})
