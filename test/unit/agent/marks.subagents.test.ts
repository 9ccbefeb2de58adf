// What sub-agents write is their session's use, once; and what a tool has them write by itself when it is started is no use.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { detect } from '#shared/detect.ts'
import { matcherOf } from '#shared/match.ts'
import { sessionMarks } from '../../../agent/marks.ts'
import { emptyMemory } from '../../../agent/memory.ts'
import { scan } from '../../../agent/scan.ts'
import { fakeHost } from '../../helpers/fake-host.ts'
import { nothingBefore } from '../../helpers/observations.ts'
import { claudeInstalled } from '../../helpers/test-agent.ts'

const session = '00000000-0000-4000-8000-000000000001'
const project = '/home/ann/.claude/projects/-src-a'
const now = Date.UTC(2026, 10, 23, 12)
const matcher = matcherOf(tools, 'linux')

/** A capture, with the time of its file as the tool left it: that of its last record. */
function capture(name: string) {
  const content = readFileSync(
    new URL(`../../fixtures/traces/claude-code/${name}.jsonl`, import.meta.url),
    'utf8',
  )
  const times = [...content.matchAll(/"timestamp":"([^"]+)"/gu)].map(([, time]) => Date.parse(time ?? ''))
  return { content, createdAt: Math.min(...times), modifiedAt: Math.max(...times) }
}

/** What a look at a home with Claude Code and these files says of it. */
async function lookAt(files: Record<string, ReturnType<typeof capture>>) {
  const host = fakeHost({ files: { ...claudeInstalled(), ...files } })
  const options = {
    memory: emptyMemory(),
    confirmUse: true,
    inventory: 'full',
    now,
    budgetMs: 60_000,
    catalogue: 'test',
  } as const
  const { observations, gaps } = await scan(host, tools, options)
  const detected = detect(observations.flatMap((o) => matcher.match(o, '/home/ann')))
  const look = {
    at: now,
    boot: { id: 'boot-1', startedAt: now - 86_400_000, past: [] },
    detected,
    before: nothingBefore,
  }
  const claude = detected.find(({ tool, account }) => tool === 'claude-code' && account === 'ann')
  return {
    state: claude?.state,
    gaps,
    marks: sessionMarks(look).map(({ kind, at, session: s }) => ({ kind, at, session: s })),
  }
}

const held = (at: string) => ({ kind: 'session', at: Date.parse(at), session })

describe('a session of which sub-agents kept records', () => {
  test.each([
    [
      'beside its own, as up to version 2.1.1',
      {
        [`${project}/${session}.jsonl`]: capture('flat/session'),
        [`${project}/agent-e05e8d90.jsonl`]: capture('flat/subagent'),
        [`${project}/agent-901be335.jsonl`]: capture('flat/warm-up'),
      },
      ['2026-11-23T03:18:45.920Z', '2026-11-23T03:18:48.125Z'],
    ],
    [
      'in a folder of its own, as since version 2.1.2',
      {
        [`${project}/${session}.jsonl`]: capture('nested/session'),
        [`${project}/${session}/subagents/agent-aa26d23.jsonl`]: capture('nested/subagent'),
      },
      ['2026-11-23T03:21:05.417Z', '2026-11-23T03:21:08.286Z'],
    ],
  ])('%s is one session, held at its own times', async (_, files, times) => {
    const { state, marks, gaps } = await lookAt(files)
    expect(marks).toEqual(times.map(held))
    expect({ state, gaps }).toEqual({ state: 'used', gaps: [] })
  })

  test('is still its use where its own record is gone', async () => {
    const { state, marks } = await lookAt({
      [`${project}/${session}/subagents/agent-aa26d23.jsonl`]: capture('nested/subagent-newer'),
    })
    expect(state).toBe('used')
    expect(marks).toEqual(['2026-11-22T21:22:06.232Z', '2026-11-22T21:22:08.312Z'].map(held))
  })

  test('is named by what the records say, however much comes before and after', async () => {
    const flat = capture('flat/subagent')
    const long = `${JSON.stringify({ type: 'user', message: 'x'.repeat(400_000) })}\n`
    const { marks } = await lookAt({
      [`${project}/agent-e05e8d90.jsonl`]: { ...flat, content: flat.content + long + flat.content },
    })
    expect(marks).toEqual([{ kind: 'attempt', at: Date.parse('2026-11-23T03:18:45.976Z'), session }])
  })
})

test('sub-agents that a mere start of version 2.0.60 has answer show a beginning, and no use', async () => {
  const warmUp = capture('flat/warm-up')
  const { state, marks } = await lookAt({
    [`${project}/${session}.jsonl`]: { ...warmUp, content: '' },
    [`${project}/agent-901be335.jsonl`]: warmUp,
  })
  expect(state).toBe('started')
  expect(marks).toEqual([{ kind: 'attempt', at: Date.parse('2026-11-23T03:18:45.878Z'), session }])
})
