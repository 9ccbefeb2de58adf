import { expect, test } from 'vitest'
import { readPolicyText } from '../../../../agent/cli/policy-file.ts'

const now = Date.UTC(2026, 10, 22)
const ids = ['claude-code', 'codex-cli']
const good = `version: 1
organisation: Example Ltd
timezone: Asia/Shanghai
rules:
  - id: no-claude
    tools: [claude-code]
    verdict: banned
    from: 2026-07-10
    announced: 2026-07-03
`

test('a good policy is read, with what it leaves out filled in', () => {
  expect(readPolicyText(good, ids, now)).toMatchObject({
    ok: true,
    policy: {
      version: 1,
      rules: [{ counts: 'used', foundUse: 'suspected' }],
      collect: { inventory: 'full' },
    },
  })
})

test('JSON is a policy too', () => {
  const json = JSON.stringify({ version: 1, organisation: 'E', timezone: 'UTC', rules: [] }, null, 2)
  expect(readPolicyText(json, ids, now)).toMatchObject({ ok: true })
})

test.each([
  [
    'an unknown tool, with the nearest known',
    good.replace('[claude-code]', '[claude-cod]'),
    6,
    'rules[0].tools[0]',
    'policy-unknown-tool',
    /did you mean "claude-code"/,
  ],
  ['a wrong word', good.replace('banned', 'baned'), 7, 'rules[0].verdict', 'policy-field', /banned/],
  [
    'a day that does not exist',
    good.replace('2026-07-10', '2026-02-30'),
    8,
    'rules[0].from',
    'policy-field',
    /date/,
  ],
  [
    'a field that is missing, at the thing that lacks it',
    good.replace('    verdict: banned\n', ''),
    5,
    'rules[0].verdict',
    'policy-field',
    /Invalid/,
  ],
  ['a misspelt field', good.replace('verdict:', 'verdikt:'), 5, 'rules[0]', 'policy-field', /verdikt/],
  [
    'a past date that nobody announced',
    good.replace('    announced: 2026-07-03\n', ''),
    5,
    'rules[0].announced',
    'policy-not-announced',
    /announced/,
  ],
  ['bad YAML', `${good}  - : [`, 10, '', 'policy-syntax', /./],
  ['an empty file', '', 1, '', 'policy-field', /./],
])('%s is told with line and field', (_, text, line, field, code, message) => {
  const read = readPolicyText(text, ids, now)
  const mistakes = read.ok ? [] : read.mistakes
  expect(mistakes).toContainEqual(
    expect.objectContaining({ line, field, code, message: expect.stringMatching(message) as unknown }),
  )
})

test('a file that refers to itself without end is refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
    bomb.push(`${to}: &${to} [${Array(8).fill(`*${from}`).join(', ')}]`)
  expect(readPolicyText(bomb.join('\n'), ids, now)).toMatchObject({ ok: false })
})
