// What was told, in the real database: found again by how a key begins, though its parts are parted by zeros.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WireRecord } from '#shared/protocol.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { testAgent, type TestAgent } from '../../../helpers/test-agent.ts'

let agent: TestAgent
beforeEach(() => {
  agent = testAgent({ host: fakeHost() })
})
afterEach(() => agent.close())

const record: WireRecord = { type: 'account', account: 'ann', readable: true, gone: false }

test.each([
  ['gap\0', ['gap\0ann\0~\0denied', 'gap\0\0/opt\0denied']],
  ['gap\0ann\0', ['gap\0ann\0~\0denied']],
  ['gap', ['gap\0ann\0~\0denied', 'gap\0\0/opt\0denied', 'gaps']],
  ['account\0', []],
  ['GAP\0', []],
])('keys that begin with %j', (prefix, expected) => {
  const { told } = agent.state
  const keys = ['gap\0ann\0~\0denied', 'gap\0\0/opt\0denied', 'gaps', 'inventory\0package\0ann']
  agent.state.transact(() => told.keep(keys.map((key) => [key, record])))
  expect(told.keys(prefix).toSorted()).toEqual(expected.toSorted())
})

test('a key that was forgotten is no longer among them', () => {
  const { told } = agent.state
  agent.state.transact(() => told.keep([['gap\0a', record]]))
  agent.state.transact(() => told.keep([['gap\0a', null]]))
  expect(told.keys('gap\0')).toEqual([])
})
