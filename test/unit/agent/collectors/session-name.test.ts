import { expect, test } from 'vitest'
import { sessionName } from '../../../../agent/collectors/session-name.ts'

test.each([
  ['the file’s own name', { place: '~/.tool/*/*.jsonl' }, '/home/ann/.tool/a/b.c.jsonl', 'b.c'],
  [
    'what lies before an ending of several parts',
    { place: '~/.tool/*.log.jsonl' },
    '/h/.tool/b.log.jsonl',
    'b',
  ],
  ['a file without an ending in its place', { place: '~/.tool/s-*' }, '/h/.tool/s-1.json', 's-1'],
  ['the folder', { place: '~/.tool/*/log/events.jsonl' }, '/h/.tool/b.c/log/events.jsonl', 'b.c'],
  [
    'the folder named first',
    { place: '~/.tool/*/agents/*/w.jsonl', session: 1 },
    '/m/x/s.1/agents/main/w.jsonl',
    's.1',
  ],
  [
    'the folder above a sub-agent’s',
    { place: '~/.tool/*/*/agent-*.jsonl', session: 2 },
    '/h/.tool/p/s/agent-1.jsonl',
    's',
  ],
  ['nothing where no part does', { place: '~/.tool/*/all.jsonl', session: 0 }, '/h/.tool/v1/all.jsonl', null],
  ['nothing where there is none to', { place: '~/.tool/all.jsonl' }, '/h/.tool/all.jsonl', null],
])('a session is named by %s', (_, signal, file, name) => {
  expect(sessionName(signal, file)).toBe(name)
})
