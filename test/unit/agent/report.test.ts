import { describe, expect, test } from 'vitest'
import type { Gap, Observation } from '#shared/observation.ts'
import type { WireRecord } from '#shared/protocol.ts'
import { reportScan, type ReportContext, type ScanFacts } from '../../../agent/report.ts'
import { concluded, contextOf, knownTool, policyFrom, scanOf, ToldMap } from '../../helpers/report-context.ts'
import { hour, minute, noon, packageSeen, processSeen, sessionSeen } from '../../helpers/observations.ts'

const day = 24 * hour

/** Records of one look, written down as told. */
function report(
  told: ToldMap,
  observations: readonly Observation[],
  context: ReportContext,
  scan: Partial<ScanFacts> = {},
) {
  const made = reportScan(scanOf({ ...concluded(observations), ...scan }), told, context)
  told.keep(made.told)
  expect(made.refused).toBe(0)
  return made.records
}

const only = (records: readonly WireRecord[], type: WireRecord['type']) =>
  records.filter((r) => r.type === type)

const denied: Gap = {
  collector: 'trace',
  account: 'ann',
  path: '/home/ann/.claude/projects/-src-secret',
  reason: 'denied',
  detail: 'EACCES',
  at: noon,
}

describe('a look is told', () => {
  test('whole the first time, and not again while nothing changes', () => {
    const told = new ToldMap()
    const seen = [packageSeen(), sessionSeen([noon - minute])]
    const first = report(told, seen, contextOf({}))
    expect(first.map((r) => r.type)).toEqual([
      'host',
      'account',
      'detection',
      'inventory',
      'coverage',
      'scan',
    ])
    expect(report(told, seen, contextOf({}), { startedAt: noon + hour })).toEqual([])
  })

  test('once a day when nothing changes, so that nothing tells when the machine was on', () => {
    const told = new ToldMap()
    const look = (at: number) =>
      report(told, [packageSeen()], contextOf({ now: at }), {
        startedAt: at,
        coverage: [{ account: 'ann', state: 'attested', at, catalogue: 'test', gaps: 0 }],
      }).map((r) => r.type)
    look(noon)
    for (let at = noon + hour; at < noon + day; at += hour) expect(look(at)).toEqual([])
    expect(look(noon + day)).toEqual(['coverage', 'scan'])
  })
})

describe('before a rule’s date', () => {
  const ahead = policyFrom(noon + day)

  test('whether a tool runs, and what shows it, stays on the device', () => {
    const [record] = only(
      report(new ToldMap(), [packageSeen(), processSeen()], contextOf({ policy: ahead })),
      'detection',
    )
    expect(record).toMatchObject({ running: null, evidence: [{ kind: 'package' }] })
  })

  test('earlier use is told without a time', () => {
    const known = { ...knownTool, firstUsedAt: noon - hour, lastUsedAt: noon - hour }
    const records = report(
      new ToldMap(),
      [packageSeen(), sessionSeen([noon - hour])],
      contextOf({ policy: ahead, known }),
    )
    const [record] = only(records, 'detection')
    expect(record).toMatchObject({ state: 'used', usedBeforeCutoff: true, installedOn: null })
    expect(JSON.stringify(record)).not.toMatch(/\d{10}/)
  })

  test('further sessions, runs and days of work make no record', () => {
    const told = new ToldMap()
    const known = { ...knownTool, started: true, firstUsedAt: noon - hour, lastUsedAt: noon - hour }
    const context = contextOf({ policy: ahead, known })
    report(told, [packageSeen(), sessionSeen([noon - hour])], context)
    const busy = [
      packageSeen(),
      processSeen(),
      sessionSeen([noon - hour, noon - minute]),
      sessionSeen([noon], {
        path: '/home/ann/.claude/projects/-other/x.jsonl',
        place: '~/.claude/projects/-other/x.jsonl',
        session: 'x',
      }),
    ]
    expect(report(told, busy, context)).toEqual([])
  })
})

describe('in an open window', () => {
  test('it is told whether the tool runs', () => {
    const policy = policyFrom(noon - day)
    const told = new ToldMap()
    const [first] = only(report(told, [packageSeen(), processSeen()], contextOf({ policy })), 'detection')
    expect(first).toMatchObject({ running: true })
    const [second] = only(report(told, [packageSeen()], contextOf({ policy })), 'detection')
    expect(second).toMatchObject({ running: false })
  })

  test.each([
    ['what runs could not be seen', 'denied', null, null],
    ['of another account it could not', 'denied', 'bob', false],
    ['a container has a disk of its own', 'blind-spot', null, false],
  ] as const)('it is told as not running, or not at all, where %s', (_, reason, account, running) => {
    const gap = { collector: 'process', account, path: '/proc', reason, detail: null, at: noon } as const
    const policy = policyFrom(noon - day)
    const records = report(new ToldMap(), [packageSeen()], contextOf({ policy }), { gaps: [gap] })
    expect(only(records, 'detection')).toMatchObject([{ running }])
  })
})

describe('installation', () => {
  const policy = policyFrom(noon - 3 * hour)
  test.each([
    ['before the rule’s date is told as before', noon - 4 * hour, null, true],
    ['after the rule’s date is told by its day', noon - 2 * hour, '2026-11-22', false],
    ['at an unknown time is unknown', null, null, null],
    ['in an earlier start of the machine, within a day of the date, is unknown', noon - 6 * hour, null, null],
  ])('%s', (_, installedAt, installedOn, installedBeforeCutoff) => {
    const records = report(new ToldMap(), [packageSeen({ installedAt })], contextOf({ policy }))
    expect(only(records, 'detection')).toMatchObject([{ installedOn, installedBeforeCutoff }])
  })
})

describe('what is no longer seen', () => {
  test('is told as gone', () => {
    const told = new ToldMap()
    report(told, [packageSeen()], contextOf({}))
    const records = report(told, [], contextOf({}))
    expect(records).toMatchObject([
      { type: 'detection', gone: true, evidence: [] },
      { type: 'inventory', name: '@anthropic-ai/claude-code', gone: true },
    ])
    expect(report(told, [], contextOf({}))).toEqual([])
  })

  test('is not gone while a place where it could be cannot be looked at', () => {
    const told = new ToldMap()
    report(told, [packageSeen()], contextOf({}))
    const blocked = { ...denied, collector: 'package' }
    const records = report(told, [], contextOf({}), { gaps: [blocked] })
    expect(records.map((r) => r.type)).toEqual(['gap', 'coverage'])
  })

  test('is not left over while a place that proved it cannot be looked at, though its traces can', () => {
    const told = new ToldMap()
    const traces = [sessionSeen([noon - minute])]
    report(told, [packageSeen(), ...traces], contextOf({}))
    const overBudget: Gap = {
      ...denied,
      collector: 'package',
      account: null,
      path: '/',
      reason: 'over-budget',
    }
    expect(only(report(told, traces, contextOf({}), { gaps: [overBudget] }), 'detection')).toEqual([])
    expect(only(report(told, traces, contextOf({})), 'detection')).toMatchObject([{ state: 'leftover' }])
  })

  test('is not gone because the inventory is no longer wanted, but is not told any more', () => {
    const told = new ToldMap()
    report(told, [packageSeen()], contextOf({}))
    const collect = { inventory: 'catalogue-only', confirmUse: true, commitTrailers: false } as const
    const context = contextOf({ policy: policyFrom(noon, { collect, windows: {} }) })
    expect(only(report(told, [packageSeen()], context), 'inventory')).toEqual([])
    expect(told.keys('inventory')).toEqual([])
  })
})

describe('a gap', () => {
  test.each(['trace', 'process'])(
    'of the %s collector is told once for a place, however many files or programs come',
    (collector) => {
      const told = new ToldMap()
      const one = { ...denied, collector, reason: 'foreign-owner', path: `${denied.path}/1.jsonl` } as const
      const [record] = only(report(told, [], contextOf({}), { gaps: [one] }), 'gap')
      expect(record).toMatchObject({ hash: null })
      const another = { ...one, path: `${denied.path}/2.jsonl`, at: noon + hour }
      expect(report(told, [], contextOf({}), { gaps: [one, another], startedAt: noon + hour })).toEqual([])
      expect(report(told, [], contextOf({}), { gaps: [another], startedAt: noon + 2 * hour })).toEqual([])
    },
  )

  test('is told by its template, with since when, and told again when it is over', () => {
    const told = new ToldMap()
    expect(report(told, [], contextOf({}), { gaps: [denied] }).slice(-3)).toMatchObject([
      {
        type: 'gap',
        place: '~/.claude/projects/*',
        reason: 'denied',
        detail: 'EACCES',
        from: noon,
        until: null,
      },
      { type: 'coverage', state: 'not-attested', gaps: 1 },
      { type: 'scan' },
    ])
    expect(report(told, [], contextOf({}), { gaps: [{ ...denied, at: noon + hour }] })).toEqual([])
    expect(report(told, [], contextOf({}), { startedAt: noon + 2 * hour })).toMatchObject([
      { type: 'gap', from: noon, until: noon + 2 * hour },
      { type: 'coverage', state: 'attested', gaps: 0 },
    ])
  })

  test('that passes by itself is told only when two looks met it', () => {
    const told = new ToldMap()
    const passing = { ...denied, reason: 'changed-while-read', detail: null } as const
    expect(only(report(told, [], contextOf({}), { gaps: [passing] }), 'gap')).toEqual([])
    told.met.add(passing.path)
    expect(only(report(told, [], contextOf({}), { gaps: [passing] }), 'gap')).toHaveLength(1)
  })

  test('about running programs is told once, and not when they end', () => {
    const told = new ToldMap()
    const others = { ...denied, collector: 'process', account: 'bob', path: '/proc', detail: '12 programs' }
    expect(only(report(told, [], contextOf({}), { gaps: [others] }), 'gap')).toMatchObject([{ detail: null }])
    expect(report(told, [], contextOf({}))).toEqual([])
    expect(report(told, [], contextOf({}), { gaps: [others] })).toEqual([])
  })
})

test('an account that is gone is told as gone, unless the list of accounts could not be read', () => {
  const told = new ToldMap()
  report(told, [], contextOf({}))
  const unread = { ...denied, collector: 'host', account: null, path: '/etc/passwd' }
  expect(only(report(told, [], contextOf({}), { accounts: [], gaps: [unread] }), 'account')).toEqual([])
  expect(only(report(told, [], contextOf({}), { accounts: [] }), 'account')).toEqual([
    { type: 'account', account: 'ann', readable: true, gone: true },
  ])
})

test('a record that does not fit the published form stays on the device and is counted', () => {
  const context = { ...contextOf({}), host: { ...contextOf({}).host, hostname: '' } }
  const made = reportScan(scanOf(), new ToldMap(), context)
  expect(made.refused).toBe(1)
  expect(only(made.records, 'host')).toEqual([])
})
