import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

describe('extensions', () => {
  const folder = '/home/ann/.vscode/extensions'
  const listed = (id: string, version: string) => ({
    identifier: { id },
    version,
    relativeLocation: `${id.toLowerCase()}-${version}`,
  })

  test.each<[string, FakeTree, string[]]>([
    [
      'what the editor lists is installed, what it leaves out is left over',
      {
        [`${folder}/extensions.json`]: JSON.stringify([listed('Vendor.Tool', '2.0.0')]),
        [`${folder}/vendor.tool-2.0.0/package.json`]: '{}',
        [`${folder}/vendor.tool-1.0.0/package.json`]: '{}',
      },
      ['vendor.tool 2.0.0 installed', 'vendor.tool 1.0.0 leftover'],
    ],
    [
      'what the editor marked for removal is left over',
      {
        [`${folder}/extensions.json`]: JSON.stringify([listed('v.t', '1.0.0')]),
        [`${folder}/.obsolete`]: '{"v.t-1.0.0":true}',
        [`${folder}/v.t-1.0.0/package.json`]: '{}',
      },
      ['v.t 1.0.0 leftover'],
    ],
    [
      'what is listed and not there is gone',
      { [`${folder}/extensions.json`]: JSON.stringify([listed('v.t', '1.0.0')]) },
      [],
    ],
    [
      'without a list the folders tell',
      { '/home/ann/.cursor/extensions/v.t-1.0.0-linux-x64/package.json': '{}' },
      ['v.t 1.0.0 installed'],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations.map((one) => `${one.id} ${one.version} ${one.status}`)).toEqual(expected)
    expect(gaps).toEqual([])
  })

  test('what VS Code 1.139 left after an upgrade and a removal, until it starts again', async () => {
    const fixture = (name: string) =>
      readFileSync(new URL(`../../../fixtures/editor-extensions/${name}.json`, import.meta.url), 'utf8')
    const server = '/home/ann/.vscode-server/extensions'
    const left = ['anthropic.claude-code-2.1.331', 'esbenp.prettier-1.0.0', 'saoudrizwan.claude-dev-3.30.0']
    const files = Object.fromEntries(
      ['anthropic.claude-code-2.1.330', ...left].map((name) => [`${server}/${name}/package.json`, '{}']),
    )
    const after = {
      ...files,
      [`${server}/extensions.json`]: fixture('extensions'),
      [`${server}/.obsolete`]: fixture('obsolete'),
    }
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files: after }))
    expect(observations.map((one) => `${one.id} ${one.version} ${one.status}`)).toEqual([
      'esbenp.prettier 1.0.0 installed',
      'anthropic.claude-code 2.1.331 installed',
      'anthropic.claude-code 2.1.330 leftover',
      'saoudrizwan.claude-dev 3.30.0 leftover',
    ])
    expect(gaps).toEqual([])
  })

  test('a list that cannot be read is a gap, and the folders tell', async () => {
    const files = { [`${folder}/extensions.json`]: '{', [`${folder}/v.t-1.0.0/package.json`]: '{}' }
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations).toMatchObject([{ id: 'v.t', status: 'installed', path: `${folder}/v.t-1.0.0` }])
    expect(gaps.map(inShort)).toEqual([`ann unparsable ${folder}/extensions.json`])
  })

  test('with the catalogue alone only its extensions are told', async () => {
    const files = { [`${folder}/v.t-1.0.0/x`]: '', [`${folder}/o.o-1.0.0/x`]: '' }
    const { observations } = await look(extensionCollector, fakeHost({ files }), {
      wanted: { extension: [{ host: 'vscode', id: 'V.T', ...observed }] },
      inventory: 'catalogue-only',
    })
    expect(observations.map(({ id }) => id)).toEqual(['v.t'])
  })
})

/** The state of an editor, with the table that VS Code keeps; other keys before and after. */
function stateOf(disabled: readonly string[]): Buffer {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)')
  const insert = db.prepare('INSERT INTO ItemTable (key, value) VALUES (?, ?)')
  insert.run('large', 'x'.repeat(100_000))
  insert.run('extensionsIdentifiers/disabled', JSON.stringify(disabled.map((id) => ({ id, uuid: 'u' }))))
  insert.run('telemetry.machineId', 'y')
  const image = Buffer.from(db.serialize())
  db.close()
  return image
}

describe('extensions that are switched off', () => {
  const folder = '/home/ann/.vscode/extensions'
  const user = '/home/ann/.config/Code/User'
  const entry = (id: string) => ({ identifier: { id }, version: '1.0.0', relativeLocation: `${id}-1.0.0` })
  const there = {
    [`${folder}/a.one-1.0.0/x`]: '',
    [`${folder}/a.two-1.0.0/x`]: '',
    [`${folder}/extensions.json`]: JSON.stringify([entry('a.one'), entry('a.two')]),
  }

  test.each<[string, FakeTree, string[]]>([
    [
      'in the usual profile',
      { ...there, [`${user}/globalStorage/state.vscdb`]: stateOf(['A.One']) },
      ['a.one disabled', 'a.two installed'],
    ],
    [
      'in the usual profile, and not in another',
      {
        ...there,
        [`${user}/globalStorage/state.vscdb`]: stateOf(['a.one', 'a.two']),
        [`${user}/profiles/-5d1c2/extensions.json`]: JSON.stringify([entry('a.one')]),
      },
      ['a.one installed', 'a.two disabled'],
    ],
    [
      'nowhere, but only a profile lists it',
      {
        ...there,
        [`${folder}/extensions.json`]: '[]',
        [`${user}/profiles/-5d1c2/extensions.json`]: JSON.stringify([entry('a.one'), entry('a.two')]),
        [`${user}/profiles/-5d1c2/globalStorage/state.vscdb`]: stateOf(['a.two']),
      },
      ['a.one installed', 'a.two disabled'],
    ],
    [
      'of another editor',
      { ...there, '/home/ann/.config/Cursor/User/globalStorage/state.vscdb': stateOf(['a.one']) },
      ['a.one installed', 'a.two installed'],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(expected)
    expect(gaps).toEqual([])
  })

  test('a state that cannot be read is a gap', async () => {
    const files = { ...there, [`${user}/globalStorage/state.vscdb`]: 'none' }
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations.map(({ status }) => status)).toEqual(['installed', 'installed'])
    expect(gaps.map(inShort)).toEqual([`ann unparsable ${user}/globalStorage/state.vscdb`])
  })
})

describe('extensions that come with an editor', () => {
  const manifest = (publisher: string, name: string) => JSON.stringify({ publisher, name, version: '0.48.1' })
  const files = {
    '/usr/share/code/resources/app/extensions/copilot/package.json': manifest('GitHub', 'copilot-chat'),
    '/usr/share/code/resources/app/extensions/css/package.json': manifest('vscode', 'css'),
    '/home/ann/.vscode-server/cli/servers/Stable-0/server/extensions/copilot/package.json': manifest(
      'GitHub',
      'copilot-chat',
    ),
    '/home/ann/.local/lib/code-server-4.139.1/lib/vscode/extensions/copilot/package.json': manifest(
      'GitHub',
      'copilot-chat',
    ),
  }

  test('are told where the catalogue wants them', async () => {
    const { observations } = await look(extensionCollector, fakeHost({ files }), {
      wanted: { extension: [{ host: 'vscode', id: 'GitHub.copilot-chat', ...observed }] },
    })
    expect(observations.map((one) => `${one.account ?? '-'} ${one.id} ${one.version}`)).toEqual([
      '- github.copilot-chat 0.48.1',
      'ann github.copilot-chat 0.48.1',
      'ann github.copilot-chat 0.48.1',
    ])
  })

  test('are not told otherwise', async () => {
    expect((await look(extensionCollector, fakeHost({ files }))).observations).toEqual([])
  })
})
