// The outbox on a real database: order, gaps, receipts, epochs and the exact bytes.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstHead, openEnvelope } from '#shared/envelope.ts'
import { Envelope, type WireRecord } from '#shared/protocol.ts'
import type { SealedEnvelope } from '../../../../agent/outbox.ts'
import type { State } from '../../../../agent/state.ts'
import { sha256, verifies } from '../../../../agent/state/keys.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'
import { noon } from '../../../helpers/observations.ts'

const facts = { device: 'dev-1', clock: null, policyVersion: null }
let folder: string
let state: State
beforeEach(() => {
  folder = temporaryFolder()
  state = openTestState(folder, noon)
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

const event = (detail: string): WireRecord => ({ type: 'agent', event: 'started', detail, at: noon })
const append = (...details: string[]) => state.transact(() => state.outbox.append(details.map(event)))
const seal = () => state.transact(() => state.outbox.seal(facts, noon))

function open(sealed: SealedEnvelope) {
  const envelope = Envelope.parse(JSON.parse(gunzipSync(sealed.body).toString()))
  const opened = openEnvelope(envelope, sha256, (text, signature) =>
    verifies(state.key.publicKey, text, signature),
  )
  if (!opened.ok) throw new Error(opened.fault)
  return {
    header: opened.header,
    details: opened.records.map(({ text }) => (JSON.parse(text) as { detail: string }).detail),
  }
}

function receive(sealed: SealedEnvelope, change = {}): boolean {
  const { epoch } = state.outbox.chain()
  const receipt = {
    device: 'dev-1',
    epoch,
    sequence: sealed.last,
    head: sealed.head,
    counter: sealed.counter,
    token: 't',
    at: noon,
  }
  return state.transact(() => state.outbox.acknowledge({ ...receipt, ...change }))
}

test('an envelope holds the oldest records in order, chained from the epoch’s own head', () => {
  append('a', 'b')
  const { header, details } = open(seal())
  const { epoch } = state.outbox.chain()
  expect(details).toEqual(['a', 'b'])
  expect(header).toMatchObject({
    epoch,
    counter: 1,
    from: 0,
    to: 1,
    previousHead: firstHead(epoch, sha256),
    token: null,
  })
})

test('the next envelope follows on the one that was received, with its token', () => {
  append('a', 'b')
  const first = seal()
  expect(receive(first)).toBe(true)
  append('c')
  const { header, details } = open(seal())
  expect(details).toEqual(['c'])
  expect(header).toMatchObject({ counter: 2, from: 2, to: 2, previousHead: first.head, token: 't' })
})

test('without records an envelope is a sign of life', () => {
  const sealed = seal()
  expect(open(sealed)).toMatchObject({ header: { counter: 1, from: 0, commitments: [] }, details: [] })
  expect(receive(sealed)).toBe(true)
  append('a')
  expect(open(seal()).header).toMatchObject({ counter: 2, from: 0, to: 0 })
})

test('until it is received the same bytes are sent again, whatever is added and however often the agent starts', () => {
  append('a')
  const first = seal()
  append('b')
  expect(seal()).toEqual(first)
  state.close()
  state = openTestState(folder, noon)
  expect(seal()).toEqual(first)
})

describe('a receipt', () => {
  test.each([
    ['of another epoch', { epoch: 'other' }],
    ['for another counter', { counter: 7 }],
    ['for another head', { head: 'other' }],
    ['for another number of records', { sequence: 0 }],
  ])('%s makes nothing be forgotten', (_, change) => {
    append('a', 'b')
    const sealed = seal()
    expect(receive(sealed, change)).toBe(false)
    expect(state.outbox.waiting()).toBe(2)
    expect(seal()).toEqual(sealed)
  })
})

describe('records that vanished from the disk', () => {
  const sabotage = (sql: string) => {
    state.close()
    const database = new DatabaseSync(join(folder, 'state.sqlite'))
    database.exec(sql)
    database.close()
    state = openTestState(folder, noon)
  }

  test('in the middle leave a hole in the sequence', () => {
    append('a', 'b', 'c')
    sabotage('DELETE FROM records WHERE sequence = 1')
    const first = seal()
    expect(open(first)).toMatchObject({ header: { from: 0, to: 0 }, details: ['a'] })
    receive(first)
    expect(open(seal())).toMatchObject({
      header: { from: 2, to: 2, previousHead: first.head },
      details: ['c'],
    })
  })

  test('all together leave a hole too', () => {
    append('a', 'b', 'c')
    sabotage('DELETE FROM records')
    expect(open(seal())).toMatchObject({ header: { from: 3 }, details: [] })
  })
})

test('a new epoch cites the old head and takes every waiting record with it', () => {
  append('a')
  const received = seal()
  receive(received)
  append('b', 'c')
  seal()
  const old = state.outbox.chain()
  state.transact(() => state.outbox.beginEpoch())
  const { header, details } = open(seal())
  expect(details).toEqual(['b', 'c'])
  expect(header).toMatchObject({
    counter: 1,
    from: 0,
    to: 1,
    token: null,
    previousEpoch: { epoch: old.epoch, head: received.head },
    previousHead: firstHead(header.epoch, sha256),
  })
})

test('an envelope that was too large is sealed anew over half as many records', () => {
  append('a', 'b', 'c', 'd')
  expect(open(seal()).details).toHaveLength(4)
  state.transact(() => state.outbox.reseal())
  expect(open(seal())).toMatchObject({ header: { counter: 2 }, details: ['a', 'b'] })
})

test('many large records go in several envelopes, none lost', () => {
  const text = 'x'.repeat(290)
  const details = Array.from({ length: 5000 }, (_, n) => `${n} ${text}`.slice(0, 300))
  append(...details)
  const got: string[] = []
  while (state.outbox.waiting() > 0) {
    const sealed = seal()
    got.push(...open(sealed).details)
    receive(sealed)
  }
  expect(got).toEqual(details)
})

test('what was sent is kept to the byte', () => {
  append('a')
  const sealed = seal()
  const [sent] = state.outbox.sent()
  expect(sent).toMatchObject({ request: 'check-in 1', at: noon, answer: null })
  expect(sent?.body.equals(gunzipSync(sealed.body))).toBe(true)
  receive(sealed)
  expect(state.outbox.sent()[0]?.answer).toBe('received')
})
