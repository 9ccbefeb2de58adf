// What the overview asks for next.
import { expect, test } from 'vitest'
import type { Overview } from '#shared/api.ts'
import { nextSteps } from '../../../../../server/web/view/next-steps.ts'

const calm: Overview = {
  devices: { total: 3, reporting: 2, asleep: 1, quiet: 0 },
  findings: {
    violation: 0,
    suspected: 0,
    undetermined: 0,
    waived: 2,
    upcoming: 0,
    present: 1,
    leftover: 4,
    review: 0,
  },
  unlisted: 0,
  openByTool: [],
  coverage: { attested: 3, blindSpots: 0, notAttested: 0 },
  gaps: [],
  policy: { version: 1, activatedAt: 0, release: 'complete' },
  newest: [],
}
const titles = (change: Partial<Overview>) => nextSteps({ ...calm, ...change }).map((step) => step.title)
const findings = (change: Partial<Overview['findings']>) => ({ findings: { ...calm.findings, ...change } })

test('nothing is asked when nothing needs a person', () => {
  expect(titles({})).toEqual([])
})

test('a fresh server asks for a device and a policy', () => {
  expect(titles({ devices: { total: 0, reporting: 0, asleep: 0, quiet: 0 }, policy: null })).toEqual([
    'Enrol the first device',
    'Apply a policy',
  ])
})

test('a policy that was halted is asked about before any finding', () => {
  const policy = { version: 4, activatedAt: 0, release: 'halted' } as const
  expect(titles({ policy, ...findings({ violation: 1 }) })).toEqual([
    'Decide about policy version 4, which was halted',
    'Read 1 violation',
  ])
})

test('violations come first, and are counted in words', () => {
  expect(titles(findings({ violation: 1, suspected: 2, undetermined: 1, upcoming: 3, review: 1 }))).toEqual([
    'Read 1 violation',
    'Supply what is missing for 1 finding',
    'Ask about 2 suspicions',
    'Give notice about 3 installations',
    'Decide about 1 tool that no rule names',
  ])
})

test('what is in no catalogue is asked about last, and as a question', () => {
  expect(titles({ ...findings({ review: 1 }), unlisted: 2 })).toEqual([
    'Decide about 1 tool that no rule names',
    'Ask what 2 finds may be that no catalogue lists',
  ])
})

test('silence and gaps are asked about as loudly as findings', () => {
  const quiet = { devices: { total: 3, reporting: 1, asleep: 0, quiet: 2 } }
  const blind = { coverage: { attested: 2, blindSpots: 0, notAttested: 1 } }
  expect(titles({ ...quiet, ...blind })).toEqual(['Look at 2 quiet devices', 'Close the gaps on 1 device'])
})
