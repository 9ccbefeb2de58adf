// A policy on its way, in words.
import { expect, test } from 'vitest'
import type { Rollout } from '#shared/rollout.ts'
import { lateText, rolloutActions, standing, troubles } from '../../../../../server/web/view/rollout-words.ts'

const staged: Rollout = {
  name: '4-name',
  version: 4,
  state: 'staged',
  madeAt: 0,
  halted: null,
  stage: { number: 1, of: 3, since: 0, devices: 3 },
  allBy: 0,
  late: [],
  before: 3,
  devices: { fleet: 50, acting: 3, refused: 0, failed: 0, silent: 0, awaited: 0 },
}
const forAll: Rollout = { ...staged, stage: { number: 3, of: 3, since: 0, devices: null }, allBy: null }
const halted: Rollout = { ...staged, state: 'halted', halted: { at: 0, why: 'failed' }, allBy: null }
const complete: Rollout = { ...forAll, state: 'complete', stage: null, before: null }

test.each<[string, Rollout, string, string, readonly string[]]>([
  ['in a stage', staged, 'Stage 1 of 3', 'The others keep version 3.', ['halt', 'release']],
  [
    'of a new text',
    { ...staged, before: 4 },
    'Stage 1 of 3',
    'version 4 as it was before.',
    ['halt', 'release'],
  ],
  ['for all', forAll, 'For all devices', 'with its next report', ['halt']],
  ['halted', halted, 'Halted', 'agents were killed or failed to start under it', ['resume', 'release']],
  ['complete', complete, 'Complete', 'Every device gets it.', []],
])('%s', (_, rollout, label, text, actions) => {
  expect(standing(rollout)).toMatchObject({ label, text: expect.stringContaining(text) })
  expect(rolloutActions(rollout).map(({ action }) => action)).toEqual(actions)
})

test('trouble is counted, and left out where there is none', () => {
  expect(troubles(staged)).toEqual([])
  expect(troubles({ ...staged, devices: { ...staged.devices, refused: 1, silent: 2 } })).toEqual([
    '1 device did not take it, or went back to the one before.',
    '2 devices fell silent since, for longer than is their habit.',
  ])
})

test('rules that some devices learn late are named', () => {
  expect(lateText([])).toBeNull()
  expect(lateText(['a', 'b'])).toContain('the rules a, b')
})
