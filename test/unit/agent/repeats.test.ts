import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyCollector } from '../../../agent/collectors/collector.ts'
import { collectors } from '../../../agent/collectors/registry.ts'
import { emptyMemory } from '../../../agent/memory.ts'
import { createRepeats, type Repeats } from '../../../agent/repeats.ts'
import { openRepeatStore, type RepeatStore } from '../../../agent/state/repeat-store.ts'
import { scan, type ScanResult } from '../../../agent/scan.ts'
import { observationKinds } from '../../../shared/observation.ts'
import type { Tool } from '../../../shared/tool.ts'
import { type FakeHost, fakeHost, type FakeNode } from '../../helpers/fake-host.ts'
import { observed, scanContext, unknownTool } from '../../helpers/scan-context.ts'

const tool: Tool = {
  ...unknownTool,
  movedHomes: [{ variable: 'TOOL_HOME', place: '~/.tool', ...observed }],
  signals: {
    package: [{ manager: 'npm', name: 'tool', ...observed }],
    command: [{ name: 'tool', ...observed }],
    config: [{ place: '~/.tool/settings.json', ...observed }],
    mcp: [{ place: '~/.tool/mcp.json', format: 'json', key: 'mcpServers', ...observed }],
    extension: [{ host: 'vscode', id: 'example.tool', ...observed }],
  },
}

const tools = [tool]
const home = '/home/ann'
const modules = `${home}/.npm-global/lib/node_modules`
/** Longer than a file system's clock needs to tell two changes apart. */
const laterMs = 10_000

const program = { content: '#!/usr/bin/env node\n', mode: 0o755 } as const
const settings = '{"mcpServers":{"files":{"command":"npx","args":["-y","server"]}}}'
const extensions =
  '[{"identifier":{"id":"example.tool"},"version":"1.0.0","relativeLocation":"example.tool-1.0.0"}]'

/** What can be at a path, and what else: each of it matters to some collector. */
const places: Readonly<Record<string, readonly FakeNode[]>> = {
  [`${modules}/tool/package.json`]: [
    '{"name":"tool","version":"1.0.0","bin":"cli.js"}',
    '{"name":"tool","version":"2.0.0","bin":"cli.js"}',
    'no manifest',
  ],
  [`${modules}/tool/cli.js`]: [program],
  [`${home}/.npm-global/bin/tool`]: [
    { link: '../lib/node_modules/tool/cli.js' },
    program,
    { link: '/etc/passwd' },
  ],
  [`${home}/bin/other`]: [program, { fifo: true }, { ...program, fails: 'EACCES' }],
  [`${home}/elsewhere/tool`]: [program],
  [`${home}/.bashrc`]: [
    `export PATH=$HOME/elsewhere:$PATH\n`,
    `export TOOL_HOME=${home}/data/deep/er/still/moved\nalias t=tool\n`,
    'true\n',
  ],
  [`${home}/.profile`]: [{ link: '.bashrc' }, { content: '', owner: 1001 }],
  [`${home}/.tool/settings.json`]: ['{}'],
  [`${home}/data/deep/er/still/keep`]: ['text'],
  [`${home}/data/deep/er/still/moved/settings.json`]: ['{}'],
  [`${home}/.tool/mcp.json`]: [settings, '{'],
  [`${home}/.mystery/mcp.json`]: [settings],
  [`${home}/.vscode/extensions/extensions.json`]: [extensions, '[]'],
  [`${home}/.vscode/extensions/example.tool-1.0.0/package.json`]: [
    '{"publisher":"example","name":"tool","version":"1.0.0"}',
  ],
  [`${home}/.local/share/applications/tool.desktop`]: ['[Desktop Entry]\nName=Tool\nExec=tool\n'],
  [`${home}/.config/autostart/tool.desktop`]: [`[Desktop Entry]\nExec=${home}/bin/other\n`],
  '/usr/local/bin/tool': [program, { link: `${modules}/tool/cli.js` }],
  '/tmp/unrelated': ['text'],
  '/tmp/bunx-1000-tool@latest/node_modules/tool/package.json': [
    { content: '{"name":"tool","version":"3.0.0","bin":"cli.js"}', owner: 1000 },
  ],
}

const change = fc
  .constantFrom(...Object.keys(places))
  .chain((path) => fc.tuple(fc.constant(path), fc.constantFrom(null, ...(places[path] ?? []))))

function put(host: FakeHost, path: string, node: FakeNode | null): void {
  host.put(path, null)
  if (node === null) return
  const given = typeof node === 'string' || node instanceof Uint8Array ? { content: node } : node
  host.put(path, { ...given, modifiedAt: host.now() })
}

function looker(host: FakeHost, repeats?: Repeats, memory = emptyMemory()): () => Promise<ScanResult> {
  return () =>
    scan(host, tools, {
      memory,
      confirmUse: true,
      inventory: 'full',
      now: host.now(),
      budgetMs: 60_000,
      catalogue: 'test',
      ...(repeats === undefined ? {} : { repeats }),
    })
}

function emptyStore(program: string | null = 'this program'): RepeatStore {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
  return openRepeatStore(database, program)
}

/** Looks as a process of its own each time, with what the one before left. */
function restarted(host: FakeHost, store = emptyStore()): () => Promise<ScanResult> {
  const memory = emptyMemory()
  return async () => {
    const repeats = createRepeats(store.of)
    const result = await looker(host, repeats, memory)()
    for (const [kind, repeat] of repeats.due(host.now())) store.keep(kind, repeat)
    return result
  }
}

/** Without the time of the look, which is that of the one that first saw it so. */
function timeless({ observations, gaps }: ScanResult): unknown {
  return [...observations, ...gaps].map((one) => ({ ...one, at: 0 }))
}

test('a look that repeats what it may gives what a look without would give, whatever changed between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
      const host = fakeHost()
      const [repeating, anew] = [looker(host, createRepeats()), looker(host)]
      const restarting = restarted(host)
      for (const changes of [[], ...rounds]) {
        for (const [path, node] of changes) put(host, path, node)
        host.advance(laterMs)
        const expected = timeless(await anew())
        expect(timeless(await repeating())).toEqual(expected)
        expect(timeless(await restarting())).toEqual(expected)
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  )
}, 60_000)

const all = Object.fromEntries(Object.entries(places).map(([path, [node = '']]) => [path, node]))

describe('of a device where nothing changed', () => {
  test('the very observations are told again, for one question each', async () => {
    const host = fakeHost({ files: all })
    const looked = looker(host, createRepeats())
    await looked()
    host.advance(laterMs)
    const before = host.touched.length
    const first = await looked()
    const { length } = host.touched
    host.advance(laterMs)

    const second = await looked()

    expect(new Set(second.observations)).toEqual(new Set(first.observations))
    for (const one of second.observations) expect(first.observations).toContain(one)
    const kinds = new Set(second.observations.map(({ kind }) => kind))
    for (const kind of ['command', 'package', 'config', 'mcp-server', 'extension', 'behaviour'])
      expect(kinds).toContain(kind)
    const again = host.touched.slice(length)
    expect(again.length).toBeLessThan(length - before)
    for (const file of ['.bashrc', '.npm-global/lib/node_modules/tool/package.json'])
      expect(again).toContain(`${home}/${file}`)
  })
})

describe('what another process left', () => {
  /** How many places a look asked the disk for. */
  async function askedBy(host: FakeHost, look: () => Promise<ScanResult>): Promise<[number, ScanResult]> {
    const { length } = host.touched
    const result = await look()
    return [host.touched.length - length, result]
  }

  test('is told again as seen now, for a question each', async () => {
    const host = fakeHost({ files: all })
    const look = restarted(host)
    await look()
    host.advance(laterMs)
    const [learning] = await askedBy(host, look)
    host.advance(laterMs)

    const [later, result] = await askedBy(host, look)

    expect(later).toBeLessThan(learning)
    expect(result.observations.length).toBeGreaterThan(5)
    for (const { at } of result.observations) expect(at).toBe(host.now())
  })

  test.each([
    ['is not believed by another program', 'another program'],
    ['is nothing to one that is changed in place', null],
  ])('%s', async (_, program) => {
    const host = fakeHost({ files: all })
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
    await restarted(host, openRepeatStore(database, 'this program'))()

    const store = openRepeatStore(database, program)

    for (const kind of observationKinds) expect(store.of(kind)).toBeNull()
    expect(openRepeatStore(database, 'this program').of('package')).not.toBeNull()
  })

  test('is kept no larger than it may be, nor what was kept before in its place', async () => {
    const host = fakeHost({ files: all })
    const store = emptyStore()
    await restarted(host, store)()
    const small = store.of('package')
    if (small === null) throw new Error('nothing was kept')
    const many = Array.from({ length: 20_000 }, () => small.collected.observations).flat()

    store.keep('package', { ...small, collected: { ...small.collected, observations: many } })

    expect(store.of('package')).toBeNull()
    expect(store.of('config')).not.toBeNull()
  })

  test('is written once an hour at most, and only what is new', async () => {
    const host = fakeHost({ files: all })
    const repeats = createRepeats()
    const due = async (): Promise<string[]> => {
      await looker(host, repeats)()
      return repeats.due(host.now()).map(([kind]) => kind)
    }
    expect(await due()).toContain('package')
    host.advance(laterMs)
    expect(await due()).toEqual([])
    put(host, `${modules}/tool/package.json`, '{"name":"tool","version":"2.0.0"}')
    host.advance(laterMs)
    expect(await due()).toEqual([])
    host.advance(3_600_000)
    expect(await due()).toContain('package')
    host.advance(3_600_000)
    expect(await due()).toEqual([])
  })
})

test('packages are not looked for again for what others do in /tmp, and for what bunx does', async () => {
  const host = fakeHost({ files: all })
  const repeats = createRepeats()
  const given = { memory: emptyMemory() }
  const { wanted } = scanContext(host, given)
  const collect = async () => repeats.collect(collectors.package, { ...scanContext(host, given), wanted })
  put(host, '/tmp/bunx-1000-tool@latest/node_modules/tool/package.json', null)
  put(host, '/tmp/bunx-1000-tool@latest/node_modules/tool', null)
  put(host, '/tmp/bunx-1000-tool@latest/node_modules', null)
  put(host, '/tmp/bunx-1000-tool@latest', null)
  host.advance(laterMs)
  host.files.refresh()
  const first = await collect()
  put(host, '/tmp/another', 'text')
  host.advance(laterMs)
  host.files.refresh()
  expect(await collect()).toBe(first)

  host.put('/tmp/bunx-1000-tool@latest/node_modules/tool/package.json', {
    content: '{"name":"tool","version":"3.0.0","bin":"cli.js"}',
    owner: 1000,
  })
  host.advance(laterMs)
  host.files.refresh()
  const { observations } = await collect()
  expect(observations.map((o) => (o.kind === 'package' ? o.version : null))).toContain('3.0.0')
})

const command: AnyCollector = collectors.command

describe('is collected anew', () => {
  test.each<
    [string, (host: FakeHost, given: Parameters<typeof scanContext>[1]) => Parameters<typeof scanContext>[1]]
  >([
    ['for another extent of the inventory', (_, given) => ({ ...given, inventory: 'catalogue-only' })],
    ['for records that may not be read', (_, given) => ({ ...given, confirmUse: false })],
    ['for another catalogue', (_, given) => ({ ...given, wanted: {} })],
    [
      'for what was learnt meanwhile',
      (_, given) => {
        given?.memory?.rememberRoot('ann', `${home}/unpacked/tool`)
        return given
      },
    ],
    [
      'for an account that came',
      (host, given) => {
        host.put('/etc/passwd', 'ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n')
        host.put('/home/bob', { folder: true })
        return given
      },
    ],
    ['when the time is up', (_, given) => ({ ...given, signal: { aborted: true } })],
  ])('%s', async (_, changed) => {
    const host = fakeHost({ files: all })
    const repeats = createRepeats()
    const given = { memory: emptyMemory() }
    const wanted = scanContext(host, given).wanted
    const collect = (now: Parameters<typeof scanContext>[1]) =>
      repeats.collect(command, {
        ...scanContext(host, now),
        ...(now?.wanted === undefined ? { wanted } : {}),
      })
    const first = await collect(given)
    expect(await collect(given)).toBe(first)

    expect(await collect(changed(host, given))).not.toBe(first)
  })

  test('after one that ran out of time', async () => {
    const host = fakeHost({ files: all })
    const repeats = createRepeats()
    const context = scanContext(host)
    const cut = await repeats.collect(command, { ...context, signal: { aborted: true } })
    expect(cut.gaps.map(({ reason }) => reason)).toContain('over-budget')

    expect((await repeats.collect(command, context)).gaps).toEqual([])
  })

  test('as long as what it teaches the memory does not stay', async () => {
    const host = fakeHost({
      files: {
        [`${home}/.bashrc`]: `export TOOL_HOME=${home}/data/deep/er/still/moved\n`,
        [`${home}/data/deep/er/still/keep`]: 'text',
      },
    })
    const looked = looker(host, createRepeats())
    const configs = async () =>
      (await looked()).observations.flatMap((o) => (o.kind === 'config' ? [o.path] : []))
    expect(await configs()).toEqual([])
    host.advance(laterMs)
    expect(await configs()).toEqual([])

    host.put(`${home}/data/deep/er/still/moved/settings.json`, '{}')
    host.advance(laterMs)
    expect(await configs()).toEqual([`${home}/data/deep/er/still/moved/settings.json`])
  })

  test('after it threw', async () => {
    const host = fakeHost({ files: all })
    const repeats = createRepeats()
    let throws = true
    const failing: AnyCollector = {
      ...collectors.config,
      collect(context) {
        if (throws) throw new Error('a bug')
        return collectors.config.collect(context)
      },
    }
    await expect(repeats.collect(failing, scanContext(host))).rejects.toThrow('a bug')
    throws = false
    expect((await repeats.collect(failing, scanContext(host))).gaps).toEqual([])
  })

  test('what runs, each time', async () => {
    const host = fakeHost({ files: all })
    const repeats = createRepeats()
    const first = await repeats.collect(collectors.process, scanContext(host))
    expect(await repeats.collect(collectors.process, scanContext(host))).not.toBe(first)
  })
})
