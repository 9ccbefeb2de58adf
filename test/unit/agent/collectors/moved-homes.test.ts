// Homes of tools that a variable moved: what is looked at there, and what is not.
import { expect, test } from 'vitest'
import { commandCollector } from '../../../../agent/collectors/command.ts'
import { configCollector } from '../../../../agent/collectors/config.ts'
import { traceCollector } from '../../../../agent/collectors/trace.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { TraceSignal } from '../../../../shared/tool.ts'
import { aNow, fakeHost, type FakeTree } from '../../../helpers/fake-host.ts'
import { look, observed } from '../../../helpers/scan-context.ts'

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
