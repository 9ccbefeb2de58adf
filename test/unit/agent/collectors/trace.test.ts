import { describe, expect, test } from 'vitest'
import { traceCollector } from '../../../../agent/collectors/trace.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { TraceSignal } from '../../../../shared/tool.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const signal: TraceSignal = {
  place: '~/.tool/sessions/*/*.jsonl',
  means: 'session',
  appended: true,
  record: { format: 'json-lines', time: 'at', held: [{ key: 'type', equals: 'answer' }] },
  ...observed,
}
const wanted = { trace: [signal] }
const second = aNow - 3_600_000
const file = '/home/ann/.tool/sessions/-src/0a.jsonl'
const ask = (n: number) => `${JSON.stringify({ at: second + n * 1000, type: 'question' })}\n`
const answer = (n: number) => `${JSON.stringify({ at: second + n * 1000, type: 'answer' })}\n`

test('a session is seen with its place, its own name and the times of its answers, and none of its text', async () => {
  const host = fakeHost({
    files: { [file]: { content: ask(0) + answer(1) + ask(2) + answer(3), modifiedAt: second + 3000 } },
  })

  const { observations, gaps } = await look(traceCollector, host, { wanted })

  expect(observations).toEqual([
    {
      kind: 'trace',
      account: 'ann',
      at: aNow,
      path: file,
      place: '~/.tool/sessions/-src/0a.jsonl',
      bytes: Buffer.byteLength(ask(0) + answer(1) + ask(2) + answer(3)),
      modifiedAt: second + 3000,
      createdAt: aNow - 86_400_000,
      session: '0a',
      facts: { heldAt: [second + 1000, second + 3000], beganAt: second, whole: true },
      lastLookAt: null,
      grew: false,
    },
  ])
  expect(gaps).toEqual([])
})

test('without confirmation no file is opened', async () => {
  const host = fakeHost({ files: { [file]: answer(1) } })
  const opened: string[] = []
  host.beforeOpen = (path) => void opened.push(path)

  const { observations } = await look(traceCollector, host, { wanted, confirmUse: false })

  expect(observations.map(({ facts }) => facts)).toEqual([null])
  expect(opened.filter((path) => path.endsWith('.jsonl'))).toEqual([])
})

describe('from look to look', () => {
  test('only what was added is read, and it is known since when', async () => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: ask(0) + answer(1) } })
    await look(traceCollector, host, { wanted, memory })
    host.advance(60_000)
    // What was read before is gone: had it been read again, its times would be missing.
    host.put(file, {
      content: ' '.repeat(Buffer.byteLength(ask(0) + answer(1))) + answer(900),
      modifiedAt: aNow + 30_000,
    })

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([
      {
        facts: { heldAt: [second + 1000, second + 900_000] },
        lastLookAt: aNow,
        grew: true,
        at: aNow + 60_000,
      },
    ])
  })

  test('an unchanged file is not opened again and has not grown', async () => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: ask(0) + answer(1) } })
    const first = await look(traceCollector, host, { wanted, memory })
    const opened: string[] = []
    host.beforeOpen = (path) => void opened.push(path)

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([{ facts: { heldAt: [second + 1000] }, grew: false }])
    expect(observations[0]).toBe(first.observations[0])
    expect(opened.filter((path) => path.endsWith('.jsonl'))).toEqual([])
  })

  test.each([
    ['another file of the same size and time', answer(2), true, { facts: { heldAt: [second + 2000] } }],
    ['a file under a policy that lets no record be read', null, false, { facts: null }],
  ])('%s is not taken for what was seen before', async (_, content, confirmUse, expected) => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: answer(1) } })
    await look(traceCollector, host, { wanted, memory })
    if (content !== null) {
      host.put(file, null)
      host.put(file, content)
    }
    const { observations } = await look(traceCollector, host, { wanted, memory, confirmUse })
    expect(observations).toMatchObject([expected])
  })

  test('an unchanged file is not its account’s any more once the account has another number', async () => {
    const memory = emptyMemory()
    const passwd = (uid: number) => `ann:x:${uid}:1000::/home/ann:/bin/bash\n`
    const host = fakeHost({ files: { '/etc/passwd': passwd(1000), [file]: answer(1) } })
    const seen = () => look(traceCollector, host, { wanted, memory })
    expect(await seen()).toMatchObject({ observations: [{}], gaps: [] })
    host.put('/etc/passwd', passwd(1001))
    expect(await seen()).toMatchObject({ observations: [], gaps: [{ reason: 'foreign-owner' }] })
  })

  test('a database of which only the log beside it grows has grown', async () => {
    const database = '/home/ann/.tool/tool.db'
    const kept: TraceSignal = { place: '~/.tool/tool.db', means: 'session', appended: false, ...observed }
    const memory = emptyMemory()
    const host = fakeHost({ files: { [database]: 'pages' } })
    const seen = () => look(traceCollector, host, { wanted: { trace: [kept] }, memory })
    await seen()
    await seen()
    host.put(`${database}-wal`, { content: 'more' })
    expect((await seen()).observations).toMatchObject([{ grew: true, bytes: 9 }])
  })

  test('a file that is new since the last look has grown, at a first look nothing has', async () => {
    const memory = emptyMemory()
    const host = fakeHost()
    await look(traceCollector, host, { wanted, memory })
    host.put(file, answer(1))

    expect((await look(traceCollector, host, { wanted, memory })).observations).toMatchObject([
      { lastLookAt: aNow, grew: true },
    ])
    expect((await look(traceCollector, host, { wanted })).observations).toMatchObject([
      { lastLookAt: null, grew: false },
    ])
  })

  test('another file in the place of a known one is read from its beginning', async () => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: answer(1) } })
    await look(traceCollector, host, { wanted, memory })
    host.put(file, null)
    host.put(file, answer(50) + answer(60))

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([
      { facts: { heldAt: [second + 50_000, second + 60_000] }, grew: true },
    ])
  })

  test('a file that became shorter is read from its beginning', async () => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: answer(1) + answer(700) } })
    await look(traceCollector, host, { wanted, memory })
    host.put(file, { content: answer(5), modifiedAt: aNow })

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([{ facts: { heldAt: [second + 5000], beganAt: second + 5000 } }])
  })

  test('a file that was given the inode of one that was removed is read from its beginning', async () => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: answer(1) } })
    await look(traceCollector, host, { wanted, memory })
    host.put(file, { content: answer(5) + answer(6) + answer(7), modifiedAt: aNow, createdAt: aNow })

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([{ facts: { beganAt: second + 5000 }, grew: true }])
  })

  test('a look with a gap is none: the next one does not take its time for the last look', async () => {
    const memory = emptyMemory()
    const host = fakeHost({
      files: { [file]: answer(1), '/home/ann/.tool/sessions/x': { folder: true, fails: 'EACCES' } },
    })
    await look(traceCollector, host, { wanted, memory })

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(observations).toMatchObject([{ lastLookAt: null, grew: false }])
  })

  test.each<[string, FakeTree]>([
    ['a link out of the home', { '/home/ann/.tool/sessions/x': { link: '/srv' }, '/srv/b.jsonl': '' }],
    ['a FIFO', { '/home/ann/.tool/sessions/x/b.jsonl': { fifo: true } }],
    ['another account’s file', { '/home/ann/.tool/sessions/x/b.jsonl': { content: answer(1), owner: 1001 } }],
  ])('%s is a gap, and keeps no use beside it from being witnessed', async (_title, beside) => {
    const memory = emptyMemory()
    const host = fakeHost({ files: { [file]: answer(1), ...beside } })
    const first = await look(traceCollector, host, { wanted, memory })
    host.advance(60_000)
    host.put(file, { content: answer(1) + answer(900), modifiedAt: aNow + 30_000 })

    const { observations } = await look(traceCollector, host, { wanted, memory })

    expect(first.gaps).toHaveLength(1)
    expect(observations).toMatchObject([{ path: file, lastLookAt: aNow, grew: true }])
  })
})

describe('large records', () => {
  const filler = `${JSON.stringify({ type: 'attachment', text: 'x'.repeat(50_000) })}\n`

  test('of a large record head and tail are read, and it says so', async () => {
    const content = ask(0) + answer(1) + filler.repeat(20) + answer(700) + filler.repeat(20) + answer(5000)
    const host = fakeHost({ files: { [file]: content } })

    const { observations } = await look(traceCollector, host, { wanted })

    expect(observations).toMatchObject([
      { facts: { heldAt: [second + 1000, second + 5_000_000], beganAt: second, whole: false } },
    ])
  })

  test('an answer before a long tail is still found', async () => {
    const host = fakeHost({ files: { [file]: ask(0) + filler.repeat(20) + answer(700) + filler.repeat(20) } })

    const { observations } = await look(traceCollector, host, { wanted })

    expect(observations).toMatchObject([{ facts: { heldAt: [second + 700_000], beganAt: second } }])
  })
})

describe('what is in the way', () => {
  const inside = '/home/ann/.tool/sessions'
  test.each<[string, FakeTree, string[]]>([
    ['nothing there', {}, []],
    ['a FIFO', { [`${inside}/a/b.jsonl`]: { fifo: true } }, [`ann not-regular ${inside}/a/b.jsonl`]],
    [
      'a link to a secret',
      { [`${inside}/a/b.jsonl`]: { link: '/etc/shadow' }, '/etc/shadow': '' },
      ['ann outside-home /etc'],
    ],
    ['a linked folder out of the home', { [`${inside}/a`]: { link: '/srv' } }, ['ann outside-home /srv']],
    [
      'another account’s file',
      { [`${inside}/a/b.jsonl`]: { content: answer(1), owner: 1007 } },
      [`ann foreign-owner ${inside}/a/b.jsonl (uid:1007)`],
    ],
    [
      'a file that root put there',
      { [`${inside}/a/b.jsonl`]: { content: answer(1), owner: 0 } },
      [`ann foreign-owner ${inside}/a/b.jsonl (uid:0)`],
    ],
    ['a refused folder', { [inside]: { folder: true, fails: 'EACCES' } }, [`ann denied ${inside} (EACCES)`]],
    ['a folder called like a file', { [`${inside}/a/b.jsonl/c`]: '' }, []],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(traceCollector, fakeHost({ files }), { wanted })
    expect(observations).toEqual([])
    expect(gaps.map(inShort)).toEqual(expected)
  })

  test('what cannot be opened is still seen to be there', async () => {
    const host = fakeHost({ files: { [file]: { content: answer(1), fails: 'EACCES' } } })
    const { observations, gaps } = await look(traceCollector, host, { wanted })
    expect(observations).toMatchObject([{ path: file, facts: { heldAt: [], beganAt: null } }])
    expect(gaps.map(inShort)).toEqual([`ann denied ${file} (EACCES)`])
  })

  test('when the time is up the rest is a gap', async () => {
    const host = fakeHost({ files: { [file]: answer(1) } })
    const { observations, gaps } = await look(traceCollector, host, { wanted, signal: { aborted: true } })
    expect(observations).toEqual([])
    expect(gaps.map(({ reason }) => reason)).toEqual(['over-budget'])
  })

  test('a link within the home is one file, not two', async () => {
    const host = fakeHost({
      files: { [file]: answer(1), '/home/ann/.tool/sessions/b/c.jsonl': { link: file } },
    })
    const { observations } = await look(traceCollector, host, { wanted })
    expect(observations.length).toBe(1)
  })
})

test.each<[string, string, string | null]>([
  ['~/.tool/sessions/*/events.jsonl', '/home/ann/.tool/sessions/0a.b/events.jsonl', '0a.b'],
  ['~/.tool/history.jsonl', '/home/ann/.tool/history.jsonl', null],
  ['~/.tool/*.json', '/home/ann/.tool/one.json', 'one'],
])('the session of %s', async (place, path, session) => {
  const host = fakeHost({ files: { [path]: answer(1) } })
  const { observations } = await look(traceCollector, host, { wanted: { trace: [{ ...signal, place }] } })
  expect(observations.map((one) => one.session)).toEqual([session])
})

const json: TraceSignal = {
  ...signal,
  place: '~/.tool/*.json',
  appended: false,
  record: { format: 'json', records: 'list', time: 'at', held: [{ key: 'type', equals: 'answer' }] },
}
const content = (n: number) =>
  JSON.stringify({
    list: [
      { at: second, type: 'q' },
      { at: second + n, type: 'answer' },
    ],
  })

test.each([
  ['that could not be read at the look before', { fails: 'EIO' }],
  ['that was half written then', { content: content(2000).replace('}', ' ') }],
  ['that changed twice within a tick of the disk’s clock', { content: content(3000) }],
])(
  'a file of whole JSON %s is read at the next one, though size and times are the same',
  async (_, before) => {
    const path = '/home/ann/.tool/a.json'
    const memory = emptyMemory()
    const host = fakeHost({ files: { [path]: content(1000) } })
    const given = { wanted: { trace: [json] }, memory }
    const changed = { bytes: content(2000).length, modifiedAt: aNow }
    await look(traceCollector, host, given)
    host.put(path, { ...changed, ...before })
    await look(traceCollector, host, given)
    host.put(path, { ...changed, content: content(2000) })
    host.advance(3_600_000)

    const { observations } = await look(traceCollector, host, given)

    expect(observations).toMatchObject([{ facts: { heldAt: [second + 2000] } }])
  },
)

test('a file of whole JSON is read anew whenever it changes', async () => {
  const memory = emptyMemory()
  const host = fakeHost({ files: { '/home/ann/.tool/a.json': content(1000), '/home/ann/.tool/b.json': '{' } })
  const given = { wanted: { trace: [json] }, memory }

  const first = await look(traceCollector, host, given)
  host.put('/home/ann/.tool/a.json', { content: content(2000), modifiedAt: aNow })
  const next = await look(traceCollector, host, given)

  expect(first.gaps.map(inShort)).toEqual(['ann unparsable /home/ann/.tool/b.json'])
  expect(first.observations[0]).toMatchObject({ facts: { heldAt: [second + 1000], beganAt: second } })
  expect(next.observations[0]).toMatchObject({ facts: { heldAt: [second + 2000], beganAt: second } })
})
