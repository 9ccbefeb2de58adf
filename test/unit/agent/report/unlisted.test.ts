// What of a candidate leaves the device, when it is told again, and when it is gone.
import { expect, test } from 'vitest'
import { UnlistedRecord, type WireRecord } from '#shared/protocol.ts'
import type { Gap } from '#shared/observation.ts'
import type { Behaving, SeenBehaviour } from '#shared/unlisted.ts'
import { reportScan } from '../../../../agent/report.ts'
import { contextOf, scanOf, ToldMap } from '../../../helpers/report-context.ts'
import { home, noon } from '../../../helpers/observations.ts'

const dependency: SeenBehaviour = {
  behaviour: 'agent-dependency',
  signal: 'npm:openai',
  path: `${home}/.npm-global/lib/node_modules/mystery-agent`,
}
const mark: SeenBehaviour = {
  behaviour: 'agent-mark',
  signal: 'environment:AI_AGENT',
  path: `${home}/.npm-global/lib/node_modules/mystery-agent/cli.js`,
}

function thing(...behaviours: SeenBehaviour[]): Behaving {
  return { account: 'ann', source: 'npm', name: 'mystery-agent', behaviours }
}

/** The records about candidates of look after look. */
function looks(...seen: { behaving: Behaving[]; gaps?: Gap[] }[]): UnlistedRecord[][] {
  const told = new ToldMap()
  return seen.map((look) => {
    const report = reportScan(scanOf(look), told, contextOf({}))
    told.keep(report.told)
    expect(JSON.stringify(report.records)).not.toContain(home)
    return report.records.filter((record: WireRecord) => record.type === 'unlisted')
  })
}

const both = [
  { behaviour: 'agent-dependency', signal: 'npm:openai' },
  { behaviour: 'agent-mark', signal: 'environment:AI_AGENT' },
]

test('its name and why, no path and no time; once', () => {
  const record = { type: 'unlisted', account: 'ann', source: 'npm', name: 'mystery-agent', behaviours: both }
  expect(looks({ behaving: [thing(dependency, mark)] }, { behaving: [thing(dependency, mark)] })).toEqual([
    [{ ...record, gone: false }],
    [],
  ])
})

test('one behaviour is nobody’s business', () => {
  expect(looks({ behaving: [thing(dependency)] }, { behaving: [thing(mark)] })).toEqual([[], []])
})

test('that it does not run now is not told: it would show who is at work', () => {
  const [first, ...later] = looks(
    { behaving: [thing(dependency, mark)] },
    { behaving: [thing(dependency)] },
    { behaving: [thing(dependency, mark)] },
    { behaving: [] },
    { behaving: [thing(dependency)] },
  )
  expect(first).toHaveLength(1)
  expect(later).toEqual([[], [], [expect.objectContaining({ gone: true, behaviours: both })], []])
})

test('what could not be looked at is not gone', () => {
  const gap: Gap = {
    collector: 'package',
    account: 'ann',
    path: home,
    reason: 'denied',
    detail: null,
    at: noon,
  }
  const [, second] = looks({ behaving: [thing(dependency, mark)] }, { behaving: [], gaps: [gap] })
  expect(second).toEqual([])
})

test('a name that could hold anything stays', () => {
  expect(UnlistedRecord.shape.name.safeParse('~/.my secret').success).toBe(false)
  expect(UnlistedRecord.shape.name.safeParse('~/.mystery/below').success).toBe(false)
  expect(UnlistedRecord.shape.name.safeParse('/home/ann').success).toBe(false)
})
