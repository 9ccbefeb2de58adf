// Policies: what is refused and how it is said, and which instant a date means.
import { describe, expect, test } from 'vitest'
import { checkPolicy, instantOf } from '#shared/policy.ts'

const now = Temporal.Instant.from('2026-11-22T12:00:00Z').epochMilliseconds
const toolIds = ['claude-code', 'claude-desktop', 'codex-cli', 'cursor', 'qoder']
const rule = {
  id: 'no-claude',
  tools: ['claude-code'],
  verdict: 'banned',
  from: '2026-07-10',
  announced: '2026-07-03',
}
const policy = (changes: object = {}, rules: object[] = [rule]) => ({
  version: 1,
  organisation: 'Example Ltd',
  timezone: 'Asia/Shanghai',
  rules,
  ...changes,
})

test('the example policy is accepted, with defaults filled in', () => {
  const check = checkPolicy(policy(), toolIds, now)
  expect(check).toMatchObject({
    ok: true,
    policy: {
      unlisted: { verdict: 'review' },
      collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
      rules: [{ counts: 'used', foundUse: 'suspected', except: [], instead: [] }],
    },
  })
})

describe('what is refused', () => {
  test.each([
    ['a misspelt field', policy({ organization: 'x' }), 'policy-field', []],
    [
      'a misspelt field of a rule',
      policy({}, [{ ...rule, form: '2026-07-10' }]),
      'policy-field',
      ['rules', 0],
    ],
    [
      'a date that is none',
      policy({}, [{ ...rule, from: '2026-02-30' }]),
      'policy-field',
      ['rules', 0, 'from'],
    ],
    [
      'a time without zone',
      policy({}, [{ ...rule, from: '2026-07-10T09:00:00' }]),
      'policy-field',
      ['rules', 0, 'from'],
    ],
    ['a time zone that is none', policy({ timezone: 'Asia/Beijing2' }), 'policy-field', ['timezone']],
    [
      'an unknown tool',
      policy({}, [{ ...rule, tools: ['claude-cod'] }]),
      'policy-unknown-tool',
      ['rules', 0, 'tools', 0],
    ],
    [
      'a ban without a date',
      policy({}, [{ ...rule, from: undefined }]),
      'policy-field',
      ['rules', 0, 'from'],
    ],
    [
      'a past ban not announced',
      policy({}, [{ ...rule, announced: undefined }]),
      'policy-not-announced',
      ['rules', 0, 'announced'],
    ],
    [
      'an announcement to come',
      policy({}, [{ ...rule, announced: '2027-01-01' }]),
      'policy-dates',
      ['rules', 0, 'announced'],
    ],
    [
      'an end before the beginning',
      policy({}, [{ ...rule, until: '2026-07-01' }]),
      'policy-dates',
      ['rules', 0, 'until'],
    ],
    ['two rules of one name', policy({}, [rule, rule]), 'policy-duplicate-rule', ['rules', 1, 'id']],
    ['something else altogether', 'rules: none', 'policy-field', []],
  ])('%s', (_title, value, code, path) => {
    expect(checkPolicy(value, toolIds, now)).toMatchObject({ ok: false, problems: [{ code, path }] })
  })

  test('an unknown tool is answered with the nearest known', () => {
    const check = checkPolicy(
      policy({}, [
        { ...rule, tools: ['claude'] },
        { ...rule, id: 'b', tools: ['cursr'] },
      ]),
      toolIds,
      now,
    )
    expect(check.ok ? [] : check.problems.map((p) => p.message)).toEqual([
      'no tool "claude" in the catalogue; did you mean "claude-code"?',
      'no tool "cursr" in the catalogue; did you mean "cursor"?',
    ])
  })

  test('a rule that was in force before needs no new announcement', () => {
    const value = policy({}, [{ ...rule, announced: undefined }])
    expect(checkPolicy(value, toolIds, now, new Set(['no-claude'])).ok).toBe(true)
  })
})

describe('the instant a date means', () => {
  test.each([
    ['2026-07-10', 'Asia/Shanghai', '2026-07-09T16:00:00Z'],
    ['2026-07-10', 'UTC', '2026-07-10T00:00:00Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    // Daylight saving begins at midnight there: the day's first instant is 01:00.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'],
    ['2026-07-10T09:30:00+08:00', 'UTC', '2026-07-10T01:30:00Z'],
  ])('%s in %s', (date, zone, expected) => {
    expect(Temporal.Instant.fromEpochMilliseconds(instantOf(date, zone)).toString()).toBe(expected)
  })
})
