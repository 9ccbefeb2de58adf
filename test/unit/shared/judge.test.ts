// The judgement table of shared/README.md, row by row, and what holds where no mark decides.
import { describe, expect, test } from 'vitest'
import type { Mark } from '#shared/detection.ts'
import { judge, type JudgedDetection, type JudgeInput } from '#shared/judge.ts'
import type { People, Waiver } from '#shared/people.ts'
import { Policy } from '#shared/policy.ts'

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds
const second = 1000
const day = 86_400_000

const cutoff = at('2026-07-10T00:00:00+08:00')
const announced = at('2026-07-03T00:00:00+08:00')
const applied = at('2026-06-01T00:00:00Z')
const now = at('2026-11-22T12:00:00Z')
const used = at('2026-08-01T09:00:00Z')

const tools = [
  { id: 'claude-code', vendor: 'Anthropic', vendorCountry: 'US', category: 'agent-cli' },
  { id: 'qoder', vendor: 'Alibaba', vendorCountry: 'CN', category: 'ide' },
] as const

const nobody: People = { owners: [], members: [], groups: [] }
const alice: People = {
  owners: [
    { device: 'd1', account: 'alice', person: 'alice@example.com', shared: false, from: null, until: null },
  ],
  members: [{ group: 'research', person: 'alice@example.com', from: null, until: null }],
  groups: ['research', 'engineering'],
}

const base = { id: 'no-claude-code', tools: ['claude-code'], verdict: 'banned', from: '2026-07-10' }

function policy(rules: readonly object[], more: object = {}): Policy {
  return Policy.parse({ version: 1, organisation: 'Example Ltd', timezone: 'Asia/Shanghai', rules, ...more })
}

function session(changes: Partial<Mark> = {}): Mark {
  return {
    kind: 'session',
    at: used,
    uncertaintyMs: second,
    basis: 'witnessed',
    strength: 'proven',
    session: 's1',
    doubts: [],
    withoutRecord: false,
    signal: 'trace:~/.claude/projects/*/*.jsonl',
    ...changes,
  }
}

function detection(changes: Partial<JudgedDetection> = {}): JudgedDetection {
  return {
    device: 'd1',
    account: 'alice',
    tool: 'claude-code',
    state: 'used',
    running: false,
    installed: null,
    usedBeforeCutoff: false,
    marks: [session()],
    ...changes,
  }
}

function waiver(changes: Partial<Waiver> = {}): Waiver {
  return {
    id: 'w1',
    subject: { kind: 'account', device: 'd1', account: 'alice' },
    tools: ['claude-code'],
    owner: 'ciso@example.com',
    reason: 'migration',
    from: used - day,
    until: used + day,
    ...changes,
  }
}

interface Situation {
  readonly rule?: object
  readonly mark?: Partial<Mark>
  readonly detection?: Partial<JudgedDetection>
  readonly waivers?: readonly Waiver[]
  readonly people?: People
  readonly now?: number
  readonly versions?: JudgeInput['versions']
}

function findingsIn(s: Situation) {
  return judge({
    detections: [detection({ ...(s.mark ? { marks: [session(s.mark)] } : {}), ...s.detection })],
    versions: s.versions ?? [{ activatedAt: applied, policy: policy([{ ...base, ...s.rule }]) }],
    waivers: s.waivers ?? [],
    people: s.people ?? nobody,
    tools,
    coverage: [],
    catalogue: 'test',
    now: s.now ?? now,
  })
}

const brief = (s: Situation) =>
  findingsIn(s).map((f) => ({ status: f.status, row: f.row, reasons: f.reasons }))

describe('one mark under one rule', () => {
  const rows: [title: string, situation: Situation, status: string, row: number | null, reason: string][] = [
    ['witnessed, proven, after the cutoff', {}, 'violation', 10, 'used-after-cutoff'],
    [
      'a second before the cutoff',
      { mark: { at: cutoff - 2 * second } },
      'present',
      null,
      'installed-unknown-when',
    ],
    [
      'the first instant of the cutoff day',
      { mark: { at: cutoff, uncertaintyMs: 0 } },
      'violation',
      10,
      'used-after-cutoff',
    ],
    [
      'the last instant before it',
      { mark: { at: cutoff - 1, uncertaintyMs: 0 } },
      'present',
      null,
      'installed-unknown-when',
    ],
    [
      'after `until`',
      { rule: { until: '2026-07-20' }, now: at('2026-07-15T00:00:00Z') },
      'present',
      null,
      'installed-unknown-when',
    ],
    [
      'an attempt, where use counts',
      { mark: { kind: 'attempt' } },
      'present',
      null,
      'installed-unknown-when',
    ],
    ['a run, where use counts', { mark: { kind: 'run' } }, 'present', null, 'installed-unknown-when'],
    [
      'an attempt, where starts count',
      { rule: { counts: 'started' }, mark: { kind: 'attempt' } },
      'violation',
      10,
      'tried-after-cutoff',
    ],
    [
      'a run, where starts count',
      { rule: { counts: 'started' }, mark: { kind: 'run' } },
      'violation',
      10,
      'ran-after-cutoff',
    ],
    [
      'presence, where starts count',
      { rule: { counts: 'started' }, mark: { kind: 'presence' } },
      'present',
      null,
      'installed-unknown-when',
    ],
    [
      'presence, where installation counts',
      { rule: { counts: 'installed' }, mark: { kind: 'presence' } },
      'violation',
      10,
      'present-after-cutoff',
    ],
    [
      'a long run that kept no record',
      { mark: { kind: 'run', withoutRecord: true } },
      'suspected',
      2,
      'run-without-record',
    ],
    [
      'such a run, only found',
      { mark: { kind: 'run', withoutRecord: true, basis: 'found' } },
      'present',
      null,
      'installed-unknown-when',
    ],
    [
      'such a run in a waiver',
      { mark: { kind: 'run', withoutRecord: true }, waivers: [waiver()] },
      'waived',
      3,
      'in-waiver',
    ],
    ['in a waiver', { waivers: [waiver()] }, 'waived', 3, 'in-waiver'],
    [
      'in a waiver that has expired since',
      { waivers: [waiver({ until: used + 2 * second })] },
      'waived',
      3,
      'in-waiver',
    ],
    [
      'in a waiver for another tool',
      { waivers: [waiver({ tools: ['qoder'] })] },
      'violation',
      10,
      'used-after-cutoff',
    ],
    [
      'before the waiver',
      { waivers: [waiver({ from: used + day, until: used + 2 * day })] },
      'violation',
      10,
      'used-after-cutoff',
    ],
    ['around the edge of a waiver', { waivers: [waiver({ until: used })] }, 'suspected', 4, 'around-an-edge'],
    ['around the cutoff', { mark: { at: cutoff + 500 } }, 'suspected', 4, 'around-an-edge'],
    [
      'with a day of uncertainty, within a day of the cutoff',
      { mark: { at: cutoff + day / 2, uncertaintyMs: day } },
      'suspected',
      4,
      'around-an-edge',
    ],
    [
      'with a day of uncertainty, later',
      { mark: { uncertaintyMs: day } },
      'violation',
      10,
      'used-after-cutoff',
    ],
    ['likely only', { mark: { strength: 'likely' } }, 'suspected', 6, 'weak-evidence'],
    ['times that disagree', { mark: { doubts: ['times-disagree'] } }, 'suspected', 7, 'times-disagree'],
    [
      'arrived with other tools’ traces',
      { mark: { doubts: ['arrived-together'] } },
      'suspected',
      7,
      'arrived-together',
    ],
    [
      'a session another device reported',
      { mark: { doubts: ['another-device'] } },
      'suspected',
      8,
      'maybe-elsewhere',
    ],
    [
      'a session another account of the device reported',
      { mark: { doubts: ['another-account'] } },
      'suspected',
      8,
      'maybe-elsewhere',
    ],
    [
      'a tool never able to run here',
      { mark: { doubts: ['unable-to-run'] } },
      'suspected',
      8,
      'maybe-elsewhere',
    ],
    ['found', { mark: { basis: 'found' } }, 'suspected', 9, 'found-not-witnessed'],
    [
      'found, where the rule counts found use',
      { rule: { foundUse: 'violation' }, mark: { basis: 'found' } },
      'violation',
      10,
      'used-after-cutoff',
    ],
    [
      'found and likely, where the rule counts found use',
      { rule: { foundUse: 'violation' }, mark: { basis: 'found', strength: 'likely' } },
      'suspected',
      6,
      'weak-evidence',
    ],
  ]
  test.each(rows)('%s', (_title, situation, status, row, reason) => {
    expect(brief(situation)).toEqual([
      expect.objectContaining({ status, row, reasons: expect.arrayContaining([reason]) as string[] }),
    ])
  })
})

describe('notice', () => {
  const late = at('2026-11-22T00:00:00Z')
  const entered = (rule: object) => [{ activatedAt: late, policy: policy([{ ...base, ...rule }]) }]
  test.each([
    ['entered late, announced before the cutoff', { announced: '2026-07-03' }, used, 'violation', 10],
    ['announced after the use', { announced: '2026-08-02' }, used, 'suspected', 5],
    ['announced around the use', { announced: '2026-08-01T09:00:00Z' }, used, 'suspected', 4],
    ['never announced', {}, used, 'suspected', 5],
    ['announced, but used before the cutoff', { announced: '2026-07-03' }, cutoff - day, 'present', null],
  ] as const)('%s', (_title, rule, when, status, row) => {
    expect(brief({ versions: entered(rule), mark: { at: when } })).toMatchObject([{ status, row }])
  })

  test('a kind counted only by a later version has notice from then', () => {
    const versions = [
      { activatedAt: applied, policy: policy([base]) },
      { activatedAt: used + day, policy: policy([{ ...base, counts: 'started' }], { version: 2 }) },
    ]
    const run = (when: number) => brief({ versions, mark: { kind: 'run', at: when } })[0]?.status
    expect([run(used), run(used + 2 * day)]).toEqual(['present', 'violation'])
  })

  test('an announcement does not reach into a time in which the tool was approved', () => {
    const versions = [
      { activatedAt: applied, policy: policy([{ id: 'ok', tools: ['claude-code'], verdict: 'approved' }]) },
      { activatedAt: used + day, policy: policy([{ ...base, announced: '2026-07-03' }], { version: 2 }) },
    ]
    expect(findingsIn({ versions, mark: { at: used } })[0]?.marks[0]?.reason).toBe('approved')
  })
})

describe('versions', () => {
  const loosened = [
    { activatedAt: applied, policy: policy([base]) },
    {
      activatedAt: used + day,
      policy: policy([{ id: 'ok', tools: ['claude-code'], verdict: 'approved' }], { version: 2 }),
    },
  ]
  test('loosening later excuses nothing', () => {
    expect(brief({ versions: loosened })).toMatchObject([{ status: 'violation', row: 10 }])
  })
  test('what comes after the loosening is no finding', () => {
    expect(brief({ versions: loosened, mark: { at: used + 2 * day } })).toEqual([])
  })
  test('tightening later convicts nothing', () => {
    const versions = [
      { activatedAt: applied, policy: policy([{ ...base, from: '2026-10-01' }]) },
      { activatedAt: used + day, policy: policy([base], { version: 2 }) },
    ]
    expect(brief({ versions })).toMatchObject([{ status: 'present', row: null }])
  })
  test('a use whose time may lie on either side of a loosening is around an edge', () => {
    expect(brief({ versions: loosened, mark: { at: used + day - 500 } })).toMatchObject([
      { status: 'suspected', row: 4 },
    ])
  })
})

test('an exemption in force at the time holds, also when a later version ends it', () => {
  const exempt = policy([{ ...base, scope: { except: { accounts: ['alice'] } } }])
  const versions = [
    { activatedAt: applied, policy: exempt },
    { activatedAt: used + day, policy: policy([base], { version: 2 }) },
  ]
  expect(brief({ versions })).toMatchObject([{ status: 'present', row: null }])
})

describe('where no mark decides', () => {
  const none = { marks: [] }
  const ahead = { now: at('2026-07-01T00:00:00Z') }
  test.each<[string, Situation, object[]]>([
    [
      'installed, cutoff ahead',
      { ...ahead, detection: none },
      [{ status: 'upcoming', reasons: ['cutoff-ahead'] }],
    ],
    [
      'gone, cutoff ahead',
      { ...ahead, detection: { ...none, state: 'leftover' } },
      [{ status: 'leftover', reasons: ['traces-only'] }],
    ],
    [
      'installed after the cutoff',
      { detection: { ...none, installed: used } },
      [{ status: 'present', reasons: ['installed-after-cutoff', 'no-counted-use'] }],
    ],
    [
      'installed before the cutoff',
      { detection: { ...none, installed: 'before' } },
      [{ status: 'present', reasons: ['installed-before-cutoff', 'no-counted-use'] }],
    ],
    [
      'gone',
      { detection: { ...none, state: 'leftover' } },
      [{ status: 'leftover', reasons: ['traces-only'] }],
    ],
    ['the ban is over', { rule: { until: '2026-08-01' }, detection: none }, []],
    [
      'approved',
      {
        versions: [
          {
            activatedAt: applied,
            policy: policy([{ id: 'ok', tools: [{ all: true }], verdict: 'approved' }]),
          },
        ],
        detection: none,
      },
      [],
    ],
    [
      'no rule names it',
      { detection: { ...none, tool: 'qoder' } },
      [{ status: 'review', reasons: ['no-rule'] }],
    ],
    [
      'no rule names it, and that is allowed',
      {
        versions: [{ activatedAt: applied, policy: policy([base], { unlisted: { verdict: 'allowed' } }) }],
        detection: { ...none, tool: 'qoder' },
      },
      [],
    ],
    ['no policy at all', { versions: [], detection: none }, []],
    [
      'a policy that is not yet in force',
      { versions: [{ activatedAt: now + day, policy: policy([base]) }], detection: none },
      [],
    ],
  ])('%s', (_title, situation, expected) => {
    expect(findingsIn(situation)).toMatchObject(expected)
    expect(findingsIn(situation)).toHaveLength(expected.length)
  })
})

describe('scope and people', () => {
  const scoped = (scope: object): Situation => ({ rule: { scope } })
  test.each<[string, Situation, string[], string[]]>([
    ['owner unknown, rule for a group', scoped({ groups: ['engineering'] }), ['undetermined'], ['owner']],
    ['not in the group', { ...scoped({ groups: ['engineering'] }), people: alice }, [], []],
    ['in the group', { ...scoped({ groups: ['research'] }), people: alice }, ['violation'], []],
    ['in an excepted group', { ...scoped({ except: { groups: ['research'] } }), people: alice }, [], []],
    [
      'group unknown',
      { ...scoped({ groups: ['nowhere'] }), people: alice },
      ['undetermined'],
      ['group nowhere'],
    ],
    ['excepted account', scoped({ except: { accounts: ['alice'] } }), [], []],
    ['excepted account of this device', scoped({ except: { accounts: ['d1/alice'] } }), [], []],
    ['excepted account of another device', scoped({ except: { accounts: ['d2/alice'] } }), ['violation'], []],
    ['excepted device', scoped({ except: { devices: ['d1'] } }), [], []],
    [
      'waiver for a person, owner unknown',
      { waivers: [waiver({ subject: { kind: 'person', person: 'alice@example.com' } })] },
      ['undetermined'],
      ['owner'],
    ],
    [
      'waiver for this person',
      { waivers: [waiver({ subject: { kind: 'person', person: 'alice@example.com' } })], people: alice },
      ['waived'],
      [],
    ],
    [
      'waiver for another person',
      { waivers: [waiver({ subject: { kind: 'person', person: 'bob@example.com' } })], people: alice },
      ['violation'],
      [],
    ],
    [
      'waiver for a group',
      { waivers: [waiver({ subject: { kind: 'group', group: 'research' } })], people: alice },
      ['waived'],
      [],
    ],
    [
      'waiver for the device',
      { waivers: [waiver({ subject: { kind: 'device', device: 'd1' } })] },
      ['waived'],
      [],
    ],
  ])('%s', (_title, situation, statuses, missing) => {
    const findings = findingsIn(situation)
    expect(findings.map((f) => f.status)).toEqual(statuses)
    expect(findings.flatMap((f) => f.missing)).toEqual(missing)
  })

  test('a shared account never names a person', () => {
    const shared: People = {
      ...alice,
      owners: [{ device: 'd1', account: 'alice', person: null, shared: true, from: null, until: null }],
    }
    expect(brief({ rule: { scope: { groups: ['research'] } }, people: shared })).toMatchObject([
      { status: 'undetermined' },
    ])
  })
})

test('a waiver over one of two uses waives that one alone', () => {
  const marks = [session({ at: used }), session({ at: used + 3 * day, session: 's2' })]
  const [finding] = findingsIn({ detection: { marks }, waivers: [waiver()] })
  expect(finding).toMatchObject({ status: 'violation', row: 10, since: used + 3 * day })
  expect(finding?.marks.map((m) => [m.verdict, m.row, m.waiver])).toEqual([
    ['waived', 3, 'w1'],
    ['violation', 10, null],
  ])
})

test('a finding names rule, versions, instants and what would have changed it', () => {
  const [finding] = findingsIn({ mark: { basis: 'found' } })
  expect(finding).toMatchObject({
    rule: 'no-claude-code',
    policyVersion: 1,
    catalogue: 'test',
    cutoff,
    notice: applied,
    since: used,
    wouldChange: ['witnessed', 'rule-found-use', 'earlier', 'waiver'],
  })
  expect(announced).toBeLessThan(cutoff)
})
