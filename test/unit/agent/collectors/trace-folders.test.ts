import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceCollector } from '../../../../agent/collectors/trace.ts'
import { emptyMemory, type Memory } from '../../../../agent/memory.ts'
import type { TraceObservation } from '../../../../shared/observation.ts'
import type { TraceSignal } from '../../../../shared/tool.ts'
import { aNow, type FakeHost, fakeHost, type FakeNode } from '../../../helpers/fake-host.ts'
import { look, observed } from '../../../helpers/scan-context.ts'

const all: TraceSignal = {
  place: '~/.tool/sessions/*/*.jsonl',
  means: 'session',
  appended: true,
  record: { format: 'json-lines', time: 'at', held: [{ key: 'type', equals: 'answer' }] },
  ...observed,
}
const wanted = {
  trace: [
    all,
    { ...all, place: '~/.tool/sessions/*/*/agents/*.jsonl' },
    { ...all, place: '~/.tool/sessions/*/a*' },
    { place: '~/.tool/sessions/two/b.jsonl', means: 'session', ...observed },
  ] as readonly TraceSignal[],
}
const home = '/home/ann/.tool/sessions'
const answers = (n: number) => `${JSON.stringify({ at: aNow - 3_600_000, type: 'answer' })}\n`.repeat(n)
/** Longer than a file system's clock needs to tell two changes apart. */
const laterMs = 10_000

async function traces(
  host: FakeHost,
  memory: Memory,
  trace: readonly TraceSignal[] = wanted.trace,
): Promise<readonly TraceObservation[]> {
  return (await look(traceCollector, host, { wanted: { trace }, memory })).observations
}

test('what a look at folders that it knows finds is what a first look would find', async () => {
  const folder = fc.constantFrom('one', 'two', 'two/x/agents')
  const name = fc.constantFrom('a.jsonl', 'b.jsonl', 'c.jsonl', 'notes.txt')
  const node = fc.oneof(
    fc.integer({ min: 0, max: 3 }).map((n) => ({ content: answers(n) })),
    fc.record({ content: fc.constant(answers(1)), owner: fc.constantFrom(0, 1000) }),
    fc.record({ link: fc.tuple(folder, name).map((path) => `${home}/${path.join('/')}`) }),
    fc.constant({ fifo: true } as const),
    fc.constant(null),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(folder, name, node), { maxLength: 4 }), { maxLength: 8 }),
      async (rounds) => {
        const host = fakeHost({ files: filled })
        const memory = emptyMemory()
        for (const changes of [[], [], ...rounds]) {
          for (const [where, what, made] of changes) change(host, `${home}/${where}/${what}`, made)
          host.advance(laterMs)
          expect(stripped(host, await traces(host, memory))).toEqual(
            stripped(host, await traces(host, emptyMemory())),
          )
        }
      },
    ),
    { numRuns: 100 },
  )
})

const filled = {
  [`${home}/one/a.jsonl`]: answers(1),
  [`${home}/one/c.jsonl`]: answers(2),
  [`${home}/two/a.jsonl`]: answers(1),
  [`${home}/two/b.jsonl`]: answers(3),
  [`${home}/two/x/agents/c.jsonl`]: answers(1),
}

function change(host: FakeHost, path: string, node: Exclude<FakeNode, string | Uint8Array> | null): void {
  host.put(path, null)
  if (node !== null) host.put(path, { ...node, modifiedAt: host.now() })
}

/** Which of two names of a file is the one that counts depends on which was seen first. */
function stripped(host: FakeHost, observations: readonly TraceObservation[]): readonly string[] {
  const real = (path: string): string => {
    let at = path
    for (let links = 0; links < 5; links++) {
      const status = host.disk.lstat(at)
      if (status === undefined || (status.mode & 0o170000) !== 0o120000) break
      at = host.disk.readlink(at)
    }
    return at
  }
  return observations.map(({ path, bytes, modifiedAt }) => `${real(path)} ${bytes} ${modifiedAt}`).toSorted()
}

test('each file of a known folder is still asked for, and its very observation is told again', async () => {
  const host = fakeHost({ files: filled })
  const memory = emptyMemory()
  const first = await traces(host, memory, [all])
  await traces(host, memory, [all])
  const before = host.touched.length

  const later = await traces(host, memory, [all])

  const asked = host.touched.slice(before)
  for (const { path } of first) expect(asked.filter((one) => one === path)).toEqual([path])
  expect(new Set(later)).toEqual(new Set(first))
  for (const one of later) expect(first).toContain(one)
})

test('a folder that another memory knows, another account has now, or no record may be read in is looked into anew', async () => {
  const host = fakeHost({ files: filled })
  const memory = emptyMemory()
  await traces(host, memory)
  const before = await traces(host, memory)

  const anew = await traces(host, emptyMemory())
  const unread = (await look(traceCollector, host, { wanted, memory, confirmUse: false })).observations

  for (const one of before) expect(anew).not.toContain(one)
  expect(unread.map(({ facts }) => facts)).toEqual(before.map(() => null))
})

test('what a moved folder shares with the home counts once', async () => {
  const host = fakeHost({ files: filled })
  const memory = emptyMemory()
  memory.moveHome('ann', '~/.tool', '/home/ann/moved')
  host.put('/home/ann/moved', { link: '/home/ann/.tool' })
  const first = await traces(host, memory)
  await traces(host, memory)

  const later = await traces(host, memory)

  expect(first.length).toBe(5)
  expect(later.length).toBe(5)
})
