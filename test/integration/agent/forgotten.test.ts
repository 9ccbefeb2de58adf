// An agent that runs for months: what it remembers of sessions that are gone, and what it makes of one that comes back.
import { expect, test } from 'vitest'
import { fakeHost } from '../../helpers/fake-host.ts'
import { claudeInstalled, testAgent, transcript } from '../../helpers/test-agent.ts'

const day = 86_400_000
const session = '/home/ann/.claude/projects/-src/one.jsonl'

test('a session that was cleared away is forgotten; restored it is found again, and nothing about it is told twice', async () => {
  const host = fakeHost({ files: claudeInstalled() })
  const agent = testAgent({ host })
  await agent.looks.full()
  host.advance(600_000)
  const at = host.now() - 1000
  const file = { content: transcript(at), modifiedAt: at, createdAt: at - 500 }
  host.put(session, file)
  await agent.looks.full()
  const remembered = () => agent.state.memory.tracesBefore(Infinity)
  const marks = () => agent.state.marks.of('claude-code', 'ann').filter(({ kind }) => kind === 'session')
  const before = marks()
  expect(before.map(({ basis }) => basis)).toEqual(['witnessed'])
  expect(remembered()).toEqual([session])

  host.put(session, null)
  host.advance(59 * day)
  await agent.looks.full()
  expect(remembered()).toEqual([session])
  host.advance(2 * day)
  await agent.looks.full()
  expect(remembered()).toEqual([])

  host.put(session, file)
  await agent.looks.full()
  expect(remembered()).toEqual([session])
  expect(marks()).toEqual(before)
  agent.close()
})
