// What behaves like an AI coding agent and is in no catalogue, over full looks with the real state: told once, and its end.
import { afterEach, expect, test } from 'vitest'
import type { Process } from '../../../../agent/platform/host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { claudeInstalled, testAgent, waitingRecords, type TestAgent } from '../../../helpers/test-agent.ts'

const root = '/home/ann/.npm-global/lib/node_modules/mystery-agent'
const manifest = { name: 'mystery-agent', version: '1.0.0', bin: 'cli.js', dependencies: { openai: '7' } }
const files = {
  ...claudeInstalled(),
  [`${root}/package.json`]: JSON.stringify(manifest),
  [`${root}/cli.js`]: '#!/usr/bin/env node\n',
}
const marks: Process['variables'] = (names) => ({
  names: ['AI_AGENT'].filter((name) => names.has(name)),
  folders: [],
})
const running: (Partial<Process> & { pid: number })[] = [
  { pid: 7, executable: '/usr/bin/node', argv: ['node', `${root}/cli.js`] },
  { pid: 8, parentPid: 7, executable: '/usr/bin/bash', variables: marks },
]

let agent: TestAgent
afterEach(() => agent.close())

function told() {
  return waitingRecords(agent.state).filter((record) => record.type === 'unlisted')
}

test('told once by name and why; not when it stops, and gone when it is gone', async () => {
  const processes = [...running]
  const host = fakeHost({ files, processes })
  agent = testAgent({ host })
  const hour = 3_600_000
  await agent.looks.full()
  const record = {
    type: 'unlisted',
    account: 'ann',
    source: 'npm',
    name: 'mystery-agent',
    behaviours: [
      { behaviour: 'agent-dependency', signal: 'npm:openai' },
      { behaviour: 'agent-mark', signal: 'environment:AI_AGENT' },
    ],
    gone: false,
  }
  expect(told()).toEqual([record])

  processes.length = 0
  host.advance(hour)
  await agent.looks.full()
  processes.push(...running)
  host.advance(hour)
  await agent.looks.full()
  expect(told()).toHaveLength(1)

  processes.length = 0
  host.put(root, null)
  host.advance(hour)
  await agent.looks.full()
  expect(told()).toEqual([record, { ...record, gone: true }])
})
