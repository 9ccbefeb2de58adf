// Rules in sentences.
import { expect, test } from 'vitest'
import { Rule } from '#shared/policy.ts'
import { wordsOf } from '#shared/words.ts'
import { listed, ruleSentences, selectorText } from '../../../../../server/web/view/rule-words.ts'

const names: Readonly<Record<string, string>> = { 'claude-code': 'Claude Code', qoder: 'Qoder' }
const context = { words: wordsOf('en'), toolName: (id: string) => names[id] ?? id }
const read = (rule: object) =>
  Rule.parse({ id: 'r', tools: ['claude-code'], verdict: 'banned', from: '2026-07-10', ...rule })
const said = (rule: object) => ruleSentences(read(rule), context).map((sentence) => sentence.text)

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j is listed as “%s”', (items, text) => {
  expect(listed(items)).toBe(text)
})

test.each([
  ['claude-code', 'Claude Code'],
  [{ vendor: 'Example' }, 'every tool by Example'],
  [{ category: 'ide-extension' }, 'every editor extension'],
  [{ vendorCountry: 'US' }, 'every tool whose vendor sits in US'],
  [{ all: true }, 'every tool in the catalogue'],
] as const)('%j is called “%s”', (selector, text) => {
  expect(selectorText(selector, context)).toBe(text)
})

test('a plain rule says whom it concerns, what counts and what found use is', () => {
  expect(said({})).toEqual([
    'Applies to everyone.',
    'Counts sessions that were held.',
    'Use that the agent did not see, but only found in files, is suspected, not a violation.',
  ])
})

test('scope, exceptions and the approved alternative are said', () => {
  const scope = {
    groups: ['eng', 'ops'],
    except: { groups: ['research'], accounts: ['a', 'b'], devices: ['d'] },
  }
  expect(said({ scope, instead: ['qoder'], foundUse: 'violation', counts: 'installed' })).toEqual([
    'Applies to group eng or group ops, except group research, 2 accounts and 1 device.',
    'Counts sessions, attempts, runs and being installed.',
    'Use that the agent did not see, but only found in files, is a violation: the organisation’s own choice.',
    'Instead: Qoder.',
  ])
})

test('of an approval nothing is counted', () => {
  expect(said({ verdict: 'approved' })).toEqual(['Applies to everyone.'])
})
