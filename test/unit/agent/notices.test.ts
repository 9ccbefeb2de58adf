// What an account is told without having asked: by the server's verdict alone, once, and never about somebody else.
import { describe, expect, test } from 'vitest'
import type { DevicePolicy, DeviceVerdict } from '#shared/protocol.ts'
import { wordedNotice } from '../../../agent/cli/notice-page.ts'
import { noticesFor, type ToolNotice } from '../../../agent/notices.ts'

const from = Date.UTC(2026, 6, 10)
const judgedAt = Date.UTC(2026, 6, 14, 9)

const policy: DevicePolicy = {
  version: 2,
  organisation: 'Example Ltd',
  activatedAt: 0,
  expiresAt: judgedAt,
  rules: [
    {
      id: 'no-claude',
      tools: ['claude-code', 'claude-desktop'],
      verdict: 'banned',
      from,
      until: null,
      announced: null,
      counts: 'used',
      notice: 'Ask\nit-help@example.com\u202E.',
      instead: ['qoder-cli'],
    },
  ],
  windows: {},
  collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
  checkInSeconds: 60,
}

function verdict(status: DeviceVerdict['status'], rest: Partial<DeviceVerdict> = {}): DeviceVerdict {
  return { tool: 'claude-code', account: 'ann', status, row: null, reasons: [], rule: 'no-claude', ...rest }
}

function told(
  verdicts: readonly DeviceVerdict[],
  shown: readonly string[] = ['collection full'],
  by = policy,
) {
  return noticesFor({
    account: 'ann',
    policy: by,
    verdicts: { verdicts, judgedAt },
    shown: new Set(shown),
  })
}

describe('notices', () => {
  test('of the collection comes first, before there is a policy or verdict', () => {
    const notices = noticesFor({ account: 'ann', policy: null, verdicts: null, shown: new Set() })
    expect(notices).toMatchObject([{ kind: 'collection', organisation: null, inventory: 'full' }])
  })

  test('of the collection come again when more is collected than was said', () => {
    expect(told([], ['collection catalogue-only'])).toMatchObject([{ kind: 'collection' }])
    expect(told([], ['collection full'])).toEqual([])
  })

  test.each<[string, DeviceVerdict, string | null]>([
    ['evidence of use', verdict('violation'), 'violation'],
    ['signs in doubt', verdict('suspected'), 'suspected'],
    ['a ban ahead', verdict('upcoming'), 'upcoming'],
    ['a tool that is still there', verdict('present'), 'present'],
    ['a tool for every account', verdict('present', { account: null }), 'present'],
    ['an excused use', verdict('waived'), null],
    ['a tool there under a waiver', verdict('present', { reasons: ['in-waiver'] }), null],
    ['what cannot be decided', verdict('undetermined'), null],
    ['remains', verdict('leftover'), null],
    ['a tool without a rule', verdict('review'), null],
    ['evidence that was dismissed', verdict('violation', { lifecycle: 'closed' }), null],
    ['evidence that was disputed', verdict('violation', { lifecycle: 'disputed' }), 'violation'],
    ['evidence of a use by nobody known', verdict('violation', { account: null }), null],
    ['signs of a use by nobody known', verdict('suspected', { account: null }), null],
    ['evidence against somebody else', verdict('violation', { account: 'bob' }), null],
  ])('of %s', (_, one, kind) => {
    expect(told([one]).map((notice) => notice.kind)).toEqual(kind === null ? [] : [kind])
  })

  test('of tools that stand alike under one rule are one, with what was not told before', () => {
    const both = [verdict('upcoming'), verdict('upcoming', { tool: 'claude-desktop' })]
    const [first] = told(both)
    expect(first).toMatchObject({ tools: ['claude-code', 'claude-desktop'], from, instead: ['qoder-cli'] })
    const [second, ...rest] = told(both, ['collection full', first?.keys[0] ?? ''])
    expect(second).toMatchObject({ tools: ['claude-desktop'] })
    expect(rest).toEqual([])
  })

  test('come again for another date or another verdict, and else never', () => {
    const keys = told([verdict('upcoming')]).flatMap((notice) => notice.keys)
    const seen = ['collection full', ...keys]
    expect(told([verdict('upcoming')], seen)).toEqual([])
    const [rule] = policy.rules
    const moved = { ...policy, rules: [{ ...rule!, from: from + 1 }] }
    expect(told([verdict('upcoming')], seen, moved)).toHaveLength(1)
    expect(told([verdict('violation')], seen)).toHaveLength(1)
  })
})

describe('a notice in words', () => {
  const [use] = told([verdict('violation')]) as readonly ToolNotice[]

  test('names the server and its time, the account, the date, what to use instead, and where to look', () => {
    const { title, text } = wordedNotice(use!, 'ann', 'en')
    expect(title).toBe('Claude Code: evidence of use after the ban')
    for (const part of [
      'server, as of 2026-07-14',
      'account ann',
      'from 2026-07-10',
      'Qoder',
      'explain claude-code',
    ])
      expect(text).toContain(part)
  })

  test('lets nothing through that could hide or reorder text', () => {
    expect(wordedNotice(use!, 'an\u202En', 'en').text).toContain('an\\u{202e}n')
    expect(wordedNotice(use!, 'ann', 'en').text).toContain('Ask it-help@example.com\\u{202e}.')
  })

  test('says it in Chinese, with the same facts', () => {
    const { title, text } = wordedNotice(use!, 'ann', 'zh-CN')
    expect(title).toBe('Claude Code：发现禁用后的使用证据')
    for (const part of ['2026-07-14', 'ann', '2026-07-10', 'Qoder', 'explain claude-code'])
      expect(text).toContain(part)
  })
})
