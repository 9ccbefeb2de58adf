import { describe, expect, test } from 'vitest'
import { emptyMemory } from '../../../agent/memory.ts'
import type { ScanOptions } from '../../../agent/scan.ts'
import { coverageOf, lookAt, scan } from '../../../agent/scan.ts'
import type { GapReason } from '../../../shared/observation.ts'
import { Gap, Observation } from '../../../shared/observation.ts'
import type { Tool, TraceSignal } from '../../../shared/tool.ts'
import type { FakeTree } from '../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../helpers/fake-host.ts'
import { observed, unknownTool } from '../../helpers/scan-context.ts'

const trace: TraceSignal = {
  place: '~/.tool/*.jsonl',
  means: 'session',
  appended: true,
  record: { format: 'json-lines', time: 'at', held: [{ key: 'type', equals: 'answer' }] },
  ...observed,
}
const tool: Tool = {
  ...unknownTool,
  signals: {
    package: [{ manager: 'npm', name: 'tool', ...observed }],
    command: [{ name: 'tool', ...observed }],
    config: [{ place: '~/.tool.json', ...observed }],
    trace: [trace],
  },
}
const modules = '/home/ann/.npm-global/lib/node_modules'
const files: FakeTree = {
  '/home/ann/.npm-global/bin/tool': { link: '../lib/node_modules/tool/cli.js' },
  [`${modules}/tool/package.json`]: '{"name":"tool","version":"1.0.0","bin":"cli.js"}',
  [`${modules}/tool/cli.js`]: { content: '#!/usr/bin/env node', mode: 0o755 },
  '/home/ann/.tool.json': '{}',
  '/home/ann/.tool/0a.jsonl': '{"at":1795380000000,"type":"answer"}\n',
}
const processes = [{ pid: 5, executable: '/usr/bin/node', argv: ['node', `${modules}/tool/cli.js`] }]

function options(given: Partial<ScanOptions> = {}): ScanOptions {
  return {
    memory: emptyMemory(),
    confirmUse: true,
    inventory: 'full',
    now: aNow,
    budgetMs: 60_000,
    catalogue: '2026.11.22-test',
    ...given,
  }
}

describe('a scan', () => {
  test('runs every collector, and all that comes of it fits the schemas', async () => {
    const result = await scan(fakeHost({ files, processes }), [tool], options())

    expect(result.observations.map(({ kind }) => kind)).toEqual([
      'process',
      'command',
      'package',
      'trace',
      'config',
    ])
    for (const observation of result.observations) expect(Observation.parse(observation)).toEqual(observation)
    expect(result.gaps).toEqual([])
    expect(result.accounts.map(({ name }) => name)).toEqual(['root', 'ann'])
    expect(result.collectors.map(({ name, observations, gaps }) => [name, observations, gaps])).toEqual([
      ['process', 1, 0],
      ['command', 1, 0],
      ['package', 1, 0],
      ['trace', 1, 0],
      ['config', 1, 0],
      ['mcp-server', 0, 0],
      ['extension', 0, 0],
      ['app', 0, 0],
      ['behaviour', 0, 0],
    ])
    expect(result.startedAt).toBe(aNow)
    expect(result.finishedAt).toBeGreaterThanOrEqual(aNow)
  })

  test('without a gap everybody is attested under the catalogue', async () => {
    const { coverage } = await scan(fakeHost({ files }), [tool], options())
    expect(coverage.map(({ account, state, catalogue }) => [account, state, catalogue])).toEqual([
      [null, 'attested', '2026.11.22-test'],
      ['root', 'attested', '2026.11.22-test'],
      ['ann', 'attested', '2026.11.22-test'],
    ])
  })

  test('a home that cannot be looked into is a gap of its account alone', async () => {
    const closed = { '/home/ann': { folder: true, fails: 'EACCES', owner: 1000 } } as const
    const { coverage, gaps, observations } = await scan(fakeHost({ files: closed }), [tool], options())
    expect(observations).toEqual([])
    expect(gaps.map((gap) => [gap.collector, gap.account, gap.reason])).toEqual([['host', 'ann', 'denied']])
    expect(coverage.map(({ state }) => state)).toEqual(['attested', 'attested', 'not-attested'])
  })

  test('a collector that breaks is a gap, and the others go on', async () => {
    const host = fakeHost({ files })
    const broken = {
      ...host,
      processes: () => {
        throw new TypeError('a bug')
      },
    }
    const { gaps, collectors } = await scan(broken, [tool], options())
    expect(gaps.map((gap) => Gap.parse(gap))).toMatchObject([
      { collector: 'process', account: null, reason: 'failed', detail: 'TypeError: a bug' },
    ])
    expect(collectors.map(({ observations }) => observations)).toEqual([0, 1, 1, 1, 1, 0, 0, 0, 0])
  })

  test('when the time is up what is left is a gap', async () => {
    const { gaps, coverage } = await scan(fakeHost({ files, processes }), [tool], options({ budgetMs: -1 }))
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['over-budget']))
    expect(coverage.every(({ state }) => state === 'not-attested')).toBe(true)
  })

  test('a collector that waits is a gap of the machine and of each account, and the others go on', async () => {
    const waits = { takeTurn: (kind: string) => kind !== 'package', turnEnded: () => {}, waiting: () => [] }
    const { gaps, collectors } = await scan(fakeHost({ files }), [tool], options({ budgets: waits }))
    expect(
      gaps.filter(({ reason }) => reason === 'over-budget').map((gap) => [gap.collector, gap.account]),
    ).toEqual([
      ['package', null],
      ['package', 'root'],
      ['package', 'ann'],
    ])
    expect(collectors.find(({ name }) => name === 'package')).toMatchObject({ observations: 0 })
    expect(collectors.find(({ name }) => name === 'trace')?.observations).toBe(1)
  })

  test('a thousand gaps of one kind are told in fifty, the last of which says how many more', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`/home/ann/.tool/${n}.jsonl`, { fifo: true as const }]),
    )
    const { gaps } = await scan(fakeHost({ files: many }), [tool], options())
    expect(gaps.length).toBe(50)
    expect(gaps.at(-1)).toMatchObject({ reason: 'not-regular', detail: 'and 950 more' })
  })
})

test.each<[string, readonly GapReason[], string]>([
  ['no gap', [], 'attested'],
  ['blind spots only', ['blind-spot', 'blind-spot'], 'attested-but-blind-spots'],
  ['any other gap', ['blind-spot', 'denied'], 'not-attested'],
])('coverage with %s', (_title, reasons, state) => {
  const gaps = reasons.map((reason) => ({
    collector: 'x',
    account: 'ann',
    path: '/',
    reason,
    detail: null,
    at: 1,
  }))
  const ann = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }
  expect(coverageOf([ann], gaps, 'c', 1)).toEqual([
    { account: null, state: 'attested', at: 1, catalogue: 'c', gaps: 0 },
    { account: 'ann', state, at: 1, catalogue: 'c', gaps: reasons.length },
  ])
})

describe('a look at one change', () => {
  const ann = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }

  test('sees what was added to a file since the scan', async () => {
    const host = fakeHost({ files })
    const memory = emptyMemory()
    await scan(host, [tool], options({ memory }))
    host.advance(5000)
    const text = '{"at":1795380000000,"type":"answer"}\n{"at":1795380900000,"type":"answer"}\n'
    host.put('/home/ann/.tool/0a.jsonl', { content: text, modifiedAt: aNow + 4000 })

    const change = { signal: trace, path: '/home/ann/.tool/0a.jsonl' }
    const { observations } = lookAt(host, ann, change, options({ memory, now: host.now() }))

    expect(observations).toMatchObject([
      {
        facts: { heldAt: [1_795_380_000_000, 1_795_380_900_000] },
        lastLookAt: aNow,
        grew: true,
        at: aNow + 5000,
      },
    ])
  })

  test('sees a file that is new, by the template', async () => {
    const host = fakeHost({ files })
    const memory = emptyMemory()
    await scan(host, [tool], options({ memory }))
    host.put('/home/ann/.tool/new.jsonl', '{"at":1795380000000,"type":"answer"}\n')

    const { observations } = lookAt(host, ann, { signal: trace }, options({ memory }))

    expect(observations.map(({ session, grew }) => [session, grew])).toEqual([
      ['0a', false],
      ['new', true],
    ])
  })

  test.each([
    ['a file that fits no template', '/home/ann/other.jsonl'],
    ['a file of another account', '/root/.tool/a.jsonl'],
    ['a file that is gone again', '/home/ann/.tool/gone.jsonl'],
  ])('%s is nothing', (_title, path) => {
    expect(lookAt(fakeHost({ files }), ann, { signal: trace, path }, options())).toEqual({
      observations: [],
      gaps: [],
    })
  })
})
