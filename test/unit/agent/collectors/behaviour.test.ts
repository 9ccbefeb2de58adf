// Folders of no known tool: what is found in them, and what is left alone.
import { expect, test } from 'vitest'
import { behaviourCollector } from '../../../../agent/collectors/behaviour.ts'
import { fakeHost, type FakeTree } from '../../../helpers/fake-host.ts'
import { inShort, look, observed, type GivenContext } from '../../../helpers/scan-context.ts'

const ann = '/home/ann'
const servers = JSON.stringify({ mcpServers: { files: { command: 'npx', args: ['-y', 'server-files'] } } })

function lines(...records: unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}
const asked = { role: 'user', content: 'a secret question' }
const answered = { role: 'assistant', model: 'some-model', content: 'a secret answer' }

async function seen(files: FakeTree, given: GivenContext = {}): Promise<string[]> {
  const host = fakeHost({ files })
  const { observations, gaps } = await look(behaviourCollector, host, given)
  expect(gaps.map(inShort)).toEqual([])
  expect(JSON.stringify(observations)).not.toContain('secret')
  expect(host.openFiles()).toBe(0)
  return observations.map((o) => `${o.account ?? '-'} ${o.behaviour} ${o.folder} ${o.template}`)
}

test.each([
  ['mcp.json', servers],
  ['mcp_config.json', servers],
  ['mcp_settings.json', `{ // ours\n "mcpServers": { "a": { "url": "https://example.com" }, } }`],
])('MCP settings in %s', async (name, text) => {
  expect(await seen({ [`${ann}/.mystery/${name}`]: text })).toEqual([
    `ann mcp-settings ~/.mystery ~/.*/${name}`,
  ])
  expect(await seen({ [`${ann}/.config/mystery/${name}`]: text })).toEqual([
    `ann mcp-settings ~/.config/mystery ~/.config/*/${name}`,
  ])
})

test.each([
  ['role and model', lines(asked, answered)],
  ['type and model', lines({ type: 'user' }, { type: 'assistant', model: 'm' })],
  ['type, and model in the message', lines({ type: 'assistant', message: { model: 'm' } })],
  ['role and model in the message', lines({ message: { role: 'assistant', model: 'm' } })],
  ['an answer at the end of a large file', `${lines(asked).repeat(6000)}${lines(answered)}`],
  ['an answer amid lines that are none', `not json\n{}\n[]\n${lines(answered)}tail`],
])('session records: %s', async (_, text) => {
  expect(await seen({ [`${ann}/.mystery/sessions/a.jsonl`]: text })).toEqual([
    'ann session-records ~/.mystery ~/.*/sessions/*.jsonl',
  ])
  expect(await seen({ [`${ann}/.mystery/projects/home-ann/a.jsonl`]: text })).toEqual([
    'ann session-records ~/.mystery ~/.*/projects/*/*.jsonl',
  ])
})

const wanted: GivenContext['wanted'] = {
  config: [{ place: '~/.listed/settings.json', ...observed }],
  movedHomes: [{ variable: 'MOVED_HOME', place: '~/.config/listed', ...observed }],
}

test.each<[why: string, files: FakeTree, given?: GivenContext]>([
  ['a folder of a listed tool', { [`${ann}/.listed/mcp.json`]: servers }],
  ['one below .config', { [`${ann}/.config/listed/mcp.json`]: servers }],
  ['a folder without a dot', { [`${ann}/mystery/mcp.json`]: servers }],
  ['an editor’s folder', { [`${ann}/.vscode/mcp.json`]: servers }],
  ['a cache of packages', { [`${ann}/.npm/sessions/a.jsonl`]: lines(answered) }],
  ['settings without a table of servers', { [`${ann}/.mystery/mcp.json`]: '{"servers":{}}' }],
  ['an empty table', { [`${ann}/.mystery/mcp.json`]: '{"mcpServers":{}}' }],
  ['settings that are none', { [`${ann}/.mystery/mcp.json`]: 'mcpServers' }],
  ['a chat among people', { [`${ann}/.chat/history/a.jsonl`]: lines(asked, { role: 'assistant' }) }],
  ['a list of models', { [`${ann}/.mystery/sessions/a.jsonl`]: lines({ model: 'm', type: 'model' }) }],
  ['a session that nothing answered', { [`${ann}/.mystery/sessions/a.jsonl`]: lines(asked) }],
  ['a record two folders below', { [`${ann}/.mystery/sessions/a/b/c.jsonl`]: lines(answered) }],
  ['a record elsewhere', { [`${ann}/.mystery/data/a.jsonl`]: lines(answered) }],
  [
    'a record that somebody else put there',
    { [`${ann}/.mystery/sessions/a.jsonl`]: { content: lines(answered), owner: 0 } },
  ],
  [
    'a link out of the home',
    { [`${ann}/.mystery/sessions`]: { link: '/srv/sessions' }, '/srv/sessions/a.jsonl': lines(answered) },
  ],
  [
    'records, where the policy does not confirm use',
    { [`${ann}/.mystery/sessions/a.jsonl`]: lines(answered) },
    { confirmUse: false },
  ],
])('quiet: %s', async (_, files, given = {}) => {
  expect(await seen(files, { wanted, ...given })).toEqual([])
})

test('a FIFO in the place of settings is not opened', async () => {
  expect(await seen({ [`${ann}/.mystery/mcp.json`]: { fifo: true } })).toEqual([])
})

test('what time did not allow is a gap', async () => {
  const host = fakeHost({ files: { [`${ann}/.mystery/mcp.json`]: servers } })
  const { gaps } = await look(behaviourCollector, host, { signal: { aborted: true } })
  expect(gaps.map(inShort)).toEqual([`ann over-budget ${ann}/.mystery`])
})
