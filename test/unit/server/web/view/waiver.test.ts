// Waivers: whether one holds, and what its form still misses.
import { describe, expect, test } from 'vitest'
import {
  checkDraft,
  waiverPhase,
  waiverSubjectText,
  type WaiverDraft,
} from '../../../../../server/web/view/waiver.ts'

const draft: WaiverDraft = {
  kind: 'person',
  name: ' alice ',
  device: '',
  tools: ['claude-code'],
  owner: 'Head of Research',
  reason: 'Comparison',
  from: '2026-07-01T00:00',
  until: '2026-08-01T00:00',
}

test.each([
  ['in force', 15, null, 'active'],
  ['from its first instant on', 10, null, 'active'],
  ['ahead', 9, null, 'ahead'],
  ['over at its end', 20, null, 'over'],
  ['revoked', 15, 12, 'revoked'],
] as const)('a waiver is %s', (_what, now, revokedAt, phase) => {
  expect(waiverPhase({ from: 10, until: 20, revokedAt }, now)).toBe(phase)
})

describe('a draft', () => {
  test('that is whole becomes a waiver with instants', () => {
    expect(checkDraft(draft, 'UTC')).toEqual({
      ok: true,
      waiver: {
        subject: { kind: 'person', person: 'alice' },
        tools: ['claude-code'],
        owner: 'Head of Research',
        reason: 'Comparison',
        from: Date.UTC(2026, 6, 1),
        until: Date.UTC(2026, 7, 1),
      },
    })
  })

  test.each([
    ['name', { name: ' ' }],
    ['device', { kind: 'device', device: '' }],
    ['device', { kind: 'account' }],
    ['tools', { tools: [] }],
    ['owner', { owner: '' }],
    ['reason', { reason: '  ' }],
    ['from', { from: '' }],
    ['until', { until: 'never' }],
    ['until', { until: '2026-06-01T00:00' }],
  ] as const)('without a right %s says so', (field, change) => {
    const check = checkDraft({ ...draft, ...change }, 'UTC')
    expect(check.ok ? {} : Object.keys(check.errors)).toEqual([field])
  })
})

test.each([
  [{ kind: 'person', person: 'alice' }, 'person alice'],
  [{ kind: 'group', group: 'g' }, 'group g'],
  [{ kind: 'device', device: 'd' }, 'device d'],
  [{ kind: 'account', device: 'd', account: 'a' }, 'account a on device d'],
] as const)('%j is for “%s”', (subject, text) => {
  expect(waiverSubjectText(subject)).toBe(text)
})
