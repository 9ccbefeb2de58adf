// Before the cutoff, or before the notice, nothing is a violation: to the second, in every time zone, over daylight saving, and
// with a clock that is not known exactly.
import { expect, test } from 'vitest'
import type { Mark } from '#shared/detection.ts'
import { judge, type JudgedDetection } from '#shared/judge.ts'
import { instantOf, Policy } from '#shared/policy.ts'

const second = 1000
const day = 86_400_000
const zones = Intl.supportedValuesOf('timeZone')
/** Days on which clocks change in Europe, in America, and in the south. */
const days = ['2026-03-29', '2026-11-01', '2026-04-05']
const tool = { id: 'claude-code', vendor: 'Anthropic', vendorCountry: 'US', category: 'agent-cli' } as const

function policyIn(timezone: string, rule: object): Policy {
  const whole = { id: 'ban', tools: [tool.id], verdict: 'banned', ...rule }
  return Policy.parse({ version: 1, organisation: 'Example Ltd', timezone, rules: [whole] })
}

/** The status that a witnessed, proven session has. */
function statusOf(policy: Policy, activatedAt: number, at: number, uncertaintyMs: number) {
  const mark: Mark = {
    kind: 'session',
    at,
    uncertaintyMs,
    basis: 'witnessed',
    strength: 'proven',
    session: 's',
    doubts: [],
    withoutRecord: false,
    signal: 's',
  }
  const detection: JudgedDetection = {
    device: 'd',
    account: 'ann',
    tool: tool.id,
    state: 'used',
    running: false,
    installed: null,
    usedBeforeCutoff: false,
    marks: [mark],
  }
  const [finding] = judge({
    detections: [detection],
    versions: [{ activatedAt, policy }],
    waivers: [],
    people: { owners: [], members: [], groups: [] },
    tools: [tool],
    coverage: [],
    catalogue: 'test',
    now: at + 30 * day,
  })
  return finding?.status ?? null
}

test.each(days)('the ban from %s on begins with that day, in each of the world’s time zones', (from) => {
  const odd = zones.filter((zone) => {
    const policy = policyIn(zone, { from })
    const cutoff = instantOf(from, zone)
    // The day that a calendar on the wall shows, by another way than the policy's own reckoning.
    const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
    const status = (at: number, uncertaintyMs = 0) => statusOf(policy, cutoff - 60 * day, at, uncertaintyMs)
    const right =
      status(cutoff - second) !== 'violation' &&
      calendar.format(cutoff - second) < from &&
      status(cutoff + second) === 'violation' &&
      calendar.format(cutoff + second) >= from &&
      // A clock that may be off by more than what lies between is in nobody's disfavour.
      status(cutoff + second, 2 * second) === 'suspected'
    return !right
  })
  expect(odd).toEqual([])
})

test.each([
  ['the version came into force', {}, 0],
  ['it was announced, before its rule was entered', { announced: '2026-07-12T09:00:00Z' }, 40 * day],
])('what lies before %s is no violation', (_, rule, enteredAfterMs) => {
  const notice = Temporal.Instant.from('2026-07-12T09:00:00Z').epochMilliseconds
  const policy = policyIn('Asia/Shanghai', { from: '2026-07-10', ...rule })
  const status = (at: number, uncertaintyMs = 0) =>
    statusOf(policy, notice + enteredAfterMs, at, uncertaintyMs)
  expect([status(notice - second), status(notice + second), status(notice + second, 2 * second)]).toEqual([
    'suspected',
    'violation',
    'suspected',
  ])
})
