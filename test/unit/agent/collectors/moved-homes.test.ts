// Folders that a variable moved: what is looked at there, and what is not.
import { describe, expect, test } from 'vitest'
import { appCollector } from '../../../../agent/collectors/app.ts'
import { commandCollector } from '../../../../agent/collectors/command.ts'
import { configCollector } from '../../../../agent/collectors/config.ts'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import { packageCollector } from '../../../../agent/collectors/package.ts'
import { traceCollector } from '../../../../agent/collectors/trace.ts'
import { emptyMemory, mostMoved } from '../../../../agent/memory.ts'
import type { TraceSignal } from '../../../../shared/tool.ts'
import { aNow, fakeHost, type FakeNode, type FakeTree } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const trace: TraceSignal = {
  place: '~/.agent/sessions/*.jsonl',
  means: 'session',
  record: { format: 'json-lines', time: 'at', held: [{ key: 'type', equals: 'answer' }] },
  ...observed,
}
const wanted = {
  trace: [trace],
  config: [{ place: '~/.agent/settings.json', ...observed }],
  movedHomes: [{ variable: 'AGENT_HOME', place: '~/.agent', ...observed }],
}
const answer = `${JSON.stringify({ at: aNow - 1000, type: 'answer' })}\n`
const moved = '/data/agent-of-ann'
const inMoved = (owner: number): FakeTree => ({
  [moved]: { folder: true, owner },
  [`${moved}/sessions/a.jsonl`]: { content: answer, owner },
  [`${moved}/settings.json`]: { content: '{}', owner },
})
const setIn = (line: string): FakeTree => ({ '/home/ann/.bashrc': `${line}\n` })

async function seen(files: FakeTree) {
  const memory = emptyMemory()
  const host = fakeHost({ files })
  await look(commandCollector, host, { wanted, memory })
  const traces = await look(traceCollector, host, { wanted, memory })
  const configs = await look(configCollector, host, { wanted, memory })
  return {
    memory,
    places: [...traces.observations, ...configs.observations].map((o) => [o.path, o.place]),
    held: traces.observations.map((o) => o.facts?.heldAt.length),
    gaps: traces.gaps.map((gap) => [gap.reason, gap.path]),
  }
}

const followed = [
  [`${moved}/sessions/a.jsonl`, '~/.agent/sessions/a.jsonl'],
  [`${moved}/settings.json`, '~/.agent/settings.json'],
]

test.each([
  ['a variable', `AGENT_HOME=${moved}`],
  ['an exported variable with quotes and a slash', `export AGENT_HOME="${moved}/"`],
  ['fish', `set -gx AGENT_HOME ${moved}`],
])('a home moved by %s in a start-up file is looked at as if it had not been moved', async (_title, line) => {
  const { places, held } = await seen({ ...setIn(line), ...inMoved(1000) })
  expect(places).toEqual(followed)
  expect(held).toEqual([1])
})

test('both are looked at: what was there before it was moved is still evidence', async () => {
  const { places } = await seen({
    ...setIn(`AGENT_HOME=${moved}`),
    ...inMoved(1000),
    '/home/ann/.agent/sessions/b.jsonl': answer,
  })
  expect(places.map(([path]) => path)).toContain('/home/ann/.agent/sessions/b.jsonl')
  expect(places).toHaveLength(3)
})

test('somebody else’s folder is a gap, and nothing in it is told', async () => {
  const { places, gaps } = await seen({ ...setIn(`AGENT_HOME=${moved}`), ...inMoved(1001) })
  expect(places).toEqual([])
  expect(gaps).toEqual([['foreign-owner', moved]])
})

test.each([
  ['a relative path', 'AGENT_HOME=agent'],
  ['a path that climbs', 'AGENT_HOME=/data/../etc'],
  ['what depends on a command', 'AGENT_HOME=$(mktemp -d)'],
  ['the usual place', 'AGENT_HOME=$HOME/.agent'],
  ['another variable', `OTHER_HOME=${moved}`],
])('%s moves nothing', async (_title, line) => {
  const { memory } = await seen({ ...setIn(line), ...inMoved(1000) })
  expect(memory.movedHomes('ann')).toEqual([])
})

test('a folder that is gone is forgotten', async () => {
  const { memory } = await seen(setIn(`AGENT_HOME=${moved}`))
  expect(memory.movedHomes('ann')).toEqual([])
})

describe('folders that are moved for every program, or for a manager of packages', () => {
  const program = (owner: number) => ({ content: '\u007fELF\u0002', mode: 0o755, owner })
  const manifest = (owner: number) => ({ content: '{"name":"tool","version":"1.0.0"}', owner })
  const own = (files: FakeTree): FakeTree =>
    Object.fromEntries(Object.entries(files).map(([path, node]) => [path, withOwner(node)]))
  const withOwner = (node: FakeNode): FakeNode =>
    typeof node === 'string' ? { content: node, owner: 1000 } : { owner: 1000, ...(node as object) }

  async function found(files: FakeTree) {
    const memory = emptyMemory()
    const host = fakeHost({ files, passwd: 'ann:x:1000:1000::/home/ann:/bin/bash' })
    const packageWanted = { ...wanted, package: [{ manager: 'npm', name: 'tool', ...observed }] } as const
    const commands = await look(commandCollector, host, { wanted: packageWanted, memory })
    const packages = await look(packageCollector, host, { wanted: packageWanted, memory })
    return {
      found: [...commands.observations, ...packages.observations].map(
        ({ account, kind, path }) => `${account ?? '-'} ${kind} ${path}`,
      ),
      gaps: [...commands.gaps, ...packages.gaps].map(inShort),
    }
  }

  test.each<[string, FakeTree, string[]]>([
    [
      'nvm’s, which only what it starts puts on a PATH',
      {
        ...setIn('export NVM_DIR="/data/ann/nvm"; . "$NVM_DIR/nvm.sh"'),
        ...own({
          '/data/ann/nvm': { folder: true },
          '/data/ann/nvm/versions/node/v26.10.0/bin/tool': { link: '../lib/node_modules/tool/cli' },
          '/data/ann/nvm/versions/node/v26.10.0/lib/node_modules/tool/cli': program(1000),
          '/data/ann/nvm/versions/node/v26.10.0/lib/node_modules/tool/package.json': manifest(1000),
        }),
      },
      [
        'ann command /data/ann/nvm/versions/node/v26.10.0/bin/tool',
        'ann package /data/ann/nvm/versions/node/v26.10.0/lib/node_modules/tool',
      ],
    ],
    [
      'all data of programs, by a file of the system’s that hangs on whose home it is',
      {
        '/etc/profile.d/xdg.sh': 'export XDG_DATA_HOME=$HOME/.data\n',
        '/home/ann/.data/mise/installs/node/26.10.0/lib/node_modules/tool/package.json': manifest(1000),
      },
      ['ann package /home/ann/.data/mise/installs/node/26.10.0/lib/node_modules/tool'],
    ],
    [
      'npm’s own, for every account',
      {
        '/etc/environment': 'NPM_CONFIG_PREFIX="/data/npm"\n',
        ...own({
          '/data/npm': { folder: true },
          '/data/npm/lib/node_modules/tool/package.json': manifest(1000),
        }),
      },
      ['ann package /data/npm/lib/node_modules/tool'],
    ],
    [
      'one among the system’s, where an administrator put it',
      {
        ...setIn('export CARGO_HOME=/usr/local/cargo'),
        '/usr/local/cargo/bin/tool': program(0),
        '/usr/local/cargo/.crates.toml': '[v1]\n"tool 2.0.0 (registry+https://x/)" = ["tool"]\n',
      },
      ['ann command /usr/local/cargo/bin/tool', 'ann package /usr/local/cargo/.crates.toml'],
    ],
  ])('%s', async (_title, files, expected) => {
    expect(await found(files)).toEqual({ found: expected, gaps: [] })
  })

  test('somebody else’s is a gap, and nothing in it is told', async () => {
    const { found: seen, gaps } = await found({
      ...setIn('export NVM_DIR=/root/nvm'),
      '/root/nvm': { folder: true, owner: 0 },
      '/root/nvm/versions/node/v26.10.0/bin/tool': program(0),
    })
    expect(seen).toEqual([])
    expect(gaps).toEqual([
      'ann foreign-owner /root/nvm (moved-home)',
      'ann foreign-owner /root/nvm (moved-home)',
    ])
  })

  test('extensions and applications are found where the desktop’s standard, or an editor’s variable, was moved to', async () => {
    const ids = { host: 'chromium', id: 'a'.repeat(32), ...observed } as const
    const memory = emptyMemory()
    const host = fakeHost({
      passwd: 'ann:x:1000:1000::/home/ann:/bin/bash',
      files: {
        ...setIn(
          'export XDG_DATA_HOME=~/.data\nexport XDG_CONFIG_HOME=~/.settings\nexport VSCODE_EXTENSIONS=/data/ext',
        ),
        '/home/ann/.data/nvim/lazy/tool.nvim/init.lua': '',
        '/home/ann/.data/applications/tool.desktop': '[Desktop Entry]\nType=Application\nName=Tool\n',
        [`/home/ann/.settings/chromium/Default/Extensions/${ids.id}/1.2_0/manifest.json`]: '{}',
        ...own({
          '/data/ext': { folder: true },
          '/data/ext/extensions.json': '[]',
          '/data/ext/maker.tool-1.0.0/package.json': '{}',
        }),
      },
    })
    await look(commandCollector, host, { memory })
    const extensions = await look(extensionCollector, host, { wanted: { extension: [ids] }, memory })
    const apps = await look(appCollector, host, { memory })
    expect([...extensions.observations, ...apps.observations].map(({ path }) => path)).toEqual([
      '/data/ext/maker.tool-1.0.0',
      '/home/ann/.data/nvim/lazy/tool.nvim',
      `/home/ann/.settings/chromium/Default/Extensions/${ids.id}`,
      '/home/ann/.data/applications/tool.desktop',
    ])
    expect([...extensions.gaps, ...apps.gaps]).toEqual([])
  })

  test('a session of a tool is found where the desktop’s standard was moved to', async () => {
    const signal = { ...trace, place: '~/.local/share/agent/sessions/*.jsonl' }
    const memory = emptyMemory()
    const files = {
      ...setIn('export XDG_DATA_HOME=/data/ann'),
      ...own({ '/data/ann': { folder: true }, '/data/ann/agent/sessions/a.jsonl': answer }),
    }
    const host = fakeHost({ files })
    await look(commandCollector, host, { memory })
    const { observations } = await look(traceCollector, host, { wanted: { trace: [signal] }, memory })
    expect(observations.map(({ path, place, facts }) => [path, place, facts?.heldAt.length])).toEqual([
      ['/data/ann/agent/sessions/a.jsonl', '~/.local/share/agent/sessions/a.jsonl', 1],
    ])
  })

  test('more folders in the place of one than are followed are a gap', async () => {
    const folders = Array.from({ length: mostMoved + 1 }, (_, index) => `/data/ann/${index}`)
    const { gaps } = await found({
      ...Object.fromEntries(
        folders.map((folder, index) => [
          `/home/ann/.config/fish/conf.d/${index}.fish`,
          `set -gx XDG_DATA_HOME ${folder}`,
        ]),
      ),
      ...own(Object.fromEntries(folders.map((folder) => [folder, { folder: true }]))),
    })
    expect(new Set(gaps)).toEqual(
      new Set([expect.stringMatching(/^ann too-many \/data\/ann\/\d+ \(moved-home\)$/)]),
    )
  })
})
