// What must hold of the judgement whatever comes in: nobody is accused by doubt, and no waiver or later policy harms.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Doubt, type Mark } from '#shared/detection.ts'
import { OtherTime, type Disagreement } from '#shared/disagreement.ts'
import type { FindingStatus } from '#shared/finding.ts'
import { judge, type JudgedDetection, type JudgeInput } from '#shared/judge.ts'
import type { Waiver } from '#shared/people.ts'
import { Policy, type Rule } from '#shared/policy.ts'
import { instantsOf, windowsOf, type PolicyVersion } from '#shared/rules.ts'

const day = 86_400_000
const start = Temporal.Instant.from('2026-06-01T00:00:00Z').epochMilliseconds
const span = 180 * day
const now = start + span
const tools = [
  { id: 'claude-code', vendor: 'Anthropic', vendorCountry: 'US', category: 'agent-cli' },
  { id: 'cursor', vendor: 'Anysphere', vendorCountry: 'US', category: 'ide' },
] as const

const instant = fc.integer({ min: start, max: now })
const rfc3339 = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toString()

const rule = (id: string): fc.Arbitrary<object> =>
  fc
    .record(
      {
        id: fc.constant(id),
        tools: fc.constantFrom(['claude-code'], ['cursor'], [{ all: true }]),
        verdict: fc.constantFrom('banned', 'banned', 'banned', 'approved'),
        from: instant.map(rfc3339),
        announced: instant.map(rfc3339),
        until: instant.map(rfc3339),
        counts: fc.constantFrom('installed', 'started', 'used'),
        foundUse: fc.constantFrom('suspected', 'violation'),
        scope: fc.constantFrom({ except: { accounts: ['bob'] } }, { groups: ['research'] }),
      },
      { requiredKeys: ['id', 'tools', 'verdict', 'from'] },
    )
    // checkPolicy refuses an end before the beginning.
    .map(({ until, ...rest }) => (until !== undefined && until > rest.from ? { ...rest, until } : rest))

const policy: fc.Arbitrary<Policy> = fc
  .tuple(rule('a'), rule('b'))
  .map((rules) => Policy.parse({ version: 1, organisation: 'x', timezone: 'UTC', rules }))

const versions: fc.Arbitrary<PolicyVersion[]> = fc.array(fc.record({ activatedAt: instant, policy }), {
  minLength: 1,
  maxLength: 3,
})

const mark: fc.Arbitrary<Mark> = fc.record({
  kind: fc.constantFrom('session', 'session', 'attempt', 'run', 'presence'),
  at: instant,
  uncertaintyMs: fc.constantFrom(0, 1000, day),
  basis: fc.constantFrom('witnessed', 'found'),
  strength: fc.constantFrom('proven', 'likely', 'weak'),
  session: fc.constantFrom('s1', 's2', null),
  doubts: fc.subarray(Doubt.options),
  withoutRecord: fc.boolean(),
  signal: fc.constant('trace:x'),
})

const detection: fc.Arbitrary<JudgedDetection> = fc.record({
  device: fc.constantFrom('d1', 'd2'),
  account: fc.constantFrom('alice', 'bob', null),
  tool: fc.constantFrom('claude-code', 'cursor'),
  state: fc.constantFrom('leftover', 'installed', 'started', 'used'),
  running: fc.boolean(),
  installed: fc.option(fc.oneof(instant, fc.constant('before' as const))),
  usedBeforeCutoff: fc.boolean(),
  marks: fc.array(mark, { maxLength: 4 }),
})

const waiver: fc.Arbitrary<Waiver> = fc.record({
  id: fc.uuid(),
  subject: fc.constantFrom(
    { kind: 'account', device: 'd1', account: 'alice' },
    { kind: 'device', device: 'd2' },
    { kind: 'person', person: 'p' },
  ),
  tools: fc.constantFrom(['claude-code'], ['cursor']),
  owner: fc.constant('o'),
  reason: fc.constant('r'),
  from: instant,
  until: instant,
})

const input: fc.Arbitrary<JudgeInput> = fc.record({
  detections: fc.uniqueArray(detection, {
    maxLength: 5,
    selector: (d) => [d.device, d.account, d.tool].join(' '),
  }),
  versions,
  waivers: fc.array(waiver, { maxLength: 2 }),
  people: fc.constantFrom(
    { owners: [], members: [], groups: [] },
    {
      owners: [{ device: 'd1', account: 'alice', person: 'p', shared: false, from: null, until: null }],
      members: [{ group: 'research', person: 'p', from: null, until: null }],
      groups: ['research'],
    },
  ),
  tools: fc.constant(tools),
  coverage: fc.constant([]),
  catalogue: fc.constant('test'),
  now: fc.constant(now),
})

const check = (body: (input: JudgeInput) => void) => () =>
  fc.assert(fc.property(input, body), { numRuns: 500 })

test(
  'a violation rests on a proven, counted, undoubted mark after cutoff and notice, witnessed unless the rule says otherwise',
  check((situation) => {
    for (const finding of judge(situation)) {
      const violations = finding.marks.filter((m) => m.verdict === 'violation')
      expect(violations.length > 0).toBe(finding.status === 'violation')
      for (const m of violations) {
        const version = situation.versions.find((v) =>
          v.policy.rules.some((r) => r.id === m.rule && covers(r, m, v)),
        )
        expect(version).toBeDefined()
        expect(m).toMatchObject({ strength: 'proven', doubts: [], row: 10 })
      }
    }
  }),
)

/** Whether this rule, in this version, can have convicted the mark by everything the table asks for. */
function covers(r: Rule, m: Mark, version: PolicyVersion): boolean {
  const { cutoff, until, announced } = instantsOf(r, version.policy)
  const notice = Math.min(version.activatedAt, announced ?? version.activatedAt)
  const counted =
    m.kind === 'session' || r.counts === 'installed' || (r.counts === 'started' && m.kind !== 'presence')
  return (
    r.verdict === 'banned' &&
    counted &&
    m.at - m.uncertaintyMs >= Math.max(cutoff, notice) &&
    (until === null || m.at + m.uncertaintyMs < until) &&
    (m.basis === 'witnessed' || r.foundUse === 'violation')
  )
}

test('by how much times disagree decides nothing', () => {
  const amount: fc.Arbitrary<Disagreement> = fc.record({
    with: fc.constantFrom(...OtherTime.options),
    byMs: fc.option(fc.integer({ min: -400 * day, max: 400 * day })),
  })
  fc.assert(
    fc.property(input, amount, (situation, disagreement) => {
      const told = situation.detections.map((d) => ({
        ...d,
        marks: d.marks.map((m) => ({ ...m, disagreement })),
      }))
      const without = (findings: ReturnType<typeof judge>) =>
        findings.map(({ marks, ...rest }) => ({
          ...rest,
          marks: marks.map(({ disagreement: _, ...m }) => m),
        }))
      expect(without(judge({ ...situation, detections: told }))).toEqual(without(judge(situation)))
    }),
    { numRuns: 500 },
  )
})

test(
  'the order of observations, versions and waivers never matters',
  check((situation) => {
    const turned = {
      ...situation,
      detections: situation.detections.toReversed().map((d) => ({ ...d, marks: d.marks.toReversed() })),
      waivers: situation.waivers.toReversed(),
    }
    const strip = (findings: ReturnType<typeof judge>) =>
      findings.map(({ marks, ...rest }) => ({ ...rest, marks: marks.map(({ waiver: _, ...m }) => m) }))
    // Marks equal in every field that orders them are interchangeable; all else must be the same.
    const sorted = (findings: ReturnType<typeof strip>) =>
      findings.map((f) => ({ ...f, marks: f.marks.map((m) => JSON.stringify(m)).toSorted() }))
    expect(sorted(strip(judge(turned)))).toEqual(sorted(strip(judge(situation))))
  }),
)

const severity: Record<FindingStatus, number> = {
  violation: 4,
  suspected: 3,
  undetermined: 2,
  waived: 1,
  upcoming: 0,
  present: 0,
  leftover: 0,
  review: 0,
}

function severities(situation: JudgeInput): Map<string, number> {
  return new Map(judge(situation).map((f) => [[f.device, f.account, f.tool].join(' '), severity[f.status]]))
}

test('a waiver never worsens a verdict', () => {
  fc.assert(
    fc.property(input, waiver, (situation, extra) => {
      const before = severities(situation)
      for (const [key, after] of severities({ ...situation, waivers: [...situation.waivers, extra] })) {
        expect(after).toBeLessThanOrEqual(before.get(key) ?? 0)
      }
    }),
    { numRuns: 500 },
  )
})

const violationsAt = (situation: JudgeInput) =>
  new Set(
    judge(situation).flatMap((f) =>
      f.marks
        .filter((m) => m.verdict === 'violation')
        .map((m) => [f.device, f.account, f.tool, m.at].join(' ')),
    ),
  )

test('a policy that comes later excuses nothing and convicts nothing of what lies before it', () => {
  fc.assert(
    fc.property(input, policy, (situation, next) => {
      // Everything lies surely before the new version, whose rules were not announced earlier.
      const rules = next.rules.map(({ announced: _, ...r }) => r)
      const later = { activatedAt: now + 2 * day, policy: { ...next, version: 9, rules } }
      const after = { ...situation, versions: [...situation.versions, later], now: now + 3 * day }
      expect(violationsAt(after)).toEqual(violationsAt({ ...situation, now: now + 3 * day }))
    }),
    { numRuns: 500 },
  )
})

test('every mark that can be more than nothing lies in a window in which it may leave the device', () => {
  fc.assert(
    fc.property(input, (situation) => {
      const sorted = situation.versions.toSorted((a, b) => a.activatedAt - b.activatedAt)
      for (const finding of judge(situation)) {
        const tool = tools.find((t) => t.id === finding.tool)
        const windows = tool ? windowsOf(sorted, tool) : []
        for (const m of finding.marks) {
          if (m.verdict === 'nothing' || m.reason === 'run-without-record' || m.reason === 'scope-unknown')
            continue
          const inside = windows.some(
            (w) =>
              (w.kinds.includes(m.kind) || m.withoutRecord) &&
              m.at + m.uncertaintyMs >= w.from &&
              (w.until === null || m.at - m.uncertaintyMs < w.until),
          )
          expect({ m, inside }).toMatchObject({ inside: true })
        }
      }
    }),
    { numRuns: 500 },
  )
})
