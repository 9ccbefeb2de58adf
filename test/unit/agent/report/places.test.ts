import { expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { placeOfSignal, placesOf } from '../../../../agent/report/places.ts'

const places = placesOf(tools)

test.each([
  ['/home/ann/.claude/projects/-src-secret/0b2f.jsonl', '~/.claude/projects/*/*'],
  ['/home/ann/.claude.json', '~/.claude.json'],
  ['/home/ann', '~'],
  ['/home/ann/work/client-x/node_modules/@anthropic-ai/claude-code', '~/*/*/node_modules/*/*'],
  ['/home/ann/.nvm/versions/node/v20.1.0/bin/claude', '~/.nvm/versions/node/*/bin/claude'],
  ['/home/claude/.claude', '/home/*/.claude'],
  ['/home/bin', '/home/*'],
  ['/home/bob/.claude/projects', '/home/*/.claude/projects'],
  ['/usr/lib/node_modules/secret', '/usr/lib/node_modules/*'],
  ['/srv/secret/run.sh', '/srv/*/*'],
  ['C:\\Users\\ann\\secret', '*/Users/*/*'],
])('%s leaves as %s', (path, template) => {
  expect(places.template(path, '/home/ann')).toBe(template)
})

test('a path as deep as a file system allows stays within bounds', () => {
  const template = places.template(`/home/ann${'/secret'.repeat(600)}`, '/home/ann')
  expect(template).toBe(`~${'/*'.repeat(15)}`)
})

test.each([
  ['trace:~/.claude/projects/*/*.jsonl', '~/.claude/projects/*/*.jsonl'],
  ['config:~/.claude.json', '~/.claude.json'],
  ['package:npm:@anthropic-ai/claude-code', null],
  ['command:claude', null],
])('the place of signal %s is %s', (signal, place) => {
  expect(placeOfSignal(signal)).toBe(place)
})
