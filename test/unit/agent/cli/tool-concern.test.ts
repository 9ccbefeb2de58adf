// Which gaps may hide something of a tool, and which cannot.
import { expect, test } from 'vitest'
import type { Gap } from '#shared/observation.ts'
import type { Tool } from '#shared/tool.ts'
import { collectorsFor, mayHide } from '../../../../agent/cli/tool-concern.ts'
import { home, noon } from '../../../helpers/observations.ts'

const tool: Pick<Tool, 'signals' | 'movedHomes'> = {
  signals: {
    extension: [{ host: 'vscode', id: 'a.b', basis: 'observed' }],
    trace: [{ place: '~/.x/logs/*.jsonl', means: 'session', basis: 'observed' }],
    title: [{ name: 'x', basis: 'observed' }],
  },
}
const homes = new Map([['ann', home]])
const gap = (change: Partial<Gap>): Gap => ({
  collector: 'trace',
  account: 'ann',
  path: `${home}/.x/logs/1.jsonl`,
  reason: 'denied',
  detail: null,
  at: noon,
  ...change,
})

test('it is looked for by the collectors of its own signals', () => {
  expect([...collectorsFor(tool)].toSorted()).toEqual(['extension', 'process', 'trace'])
})

test.each<[string, Partial<Gap>, boolean]>([
  ['one of its files', {}, true],
  ['a folder above its files', { path: `${home}/.x` }, true],
  ['the whole home', { path: home }, true],
  ['everything, when the time was up', { path: '/', account: null, reason: 'over-budget' }, true],
  ['another tool’s file', { path: `${home}/.y/logs/1.jsonl` }, false],
  ['its place in nobody’s home', { path: '/srv/.x/logs/1.jsonl' }, false],
  ['any place that a collector looks at for its kind', { collector: 'extension', path: '/opt/editor' }, true],
  ['a place of a kind that it has no signal of', { collector: 'package', path: '/usr/lib' }, false],
  ['an account that could not be opened', { collector: 'host', path: home }, true],
  ['a folder that a variable of another tool moved', { path: '/mnt/y', detail: 'moved-home' }, false],
])('a gap at %s: %j concerns it: %s', (_, change, expected) => {
  expect(mayHide(gap(change), tool, homes)).toBe(expected)
})

test('a folder that one of its variables may have moved concerns it', () => {
  const moved = { variable: 'X_HOME', place: '~/.x', basis: 'observed' } as const
  const given = gap({ path: '/mnt/x', detail: 'moved-home' })
  expect(mayHide(given, { ...tool, movedHomes: [moved] }, homes)).toBe(true)
})
