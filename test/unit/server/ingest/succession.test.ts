// Whether a report follows on what its device sent before: every way in which it may and may not.
import { describe, expect, test } from 'vitest'
import { firstHead } from '#shared/envelope.ts'
import type { EnvelopeHeader } from '#shared/protocol.ts'
import type { SequenceRange, Tombstone } from '#shared/tombstone.ts'
import {
  succeed,
  type ChainState,
  type EndedEpoch,
  type Succession,
} from '../../../../server/ingest/succession.ts'

const hash = (text: string) => `hash of ${text}`
const chain: ChainState = {
  epoch: 'e1',
  counter: 5,
  sequence: 9,
  head: 'head-9',
  token: 'token-5',
  envelopeHash: 'envelope-5',
  nonces: ['nonce-a'],
}

function header(change: Partial<EnvelopeHeader> = {}): EnvelopeHeader {
  return {
    protocol: 1,
    device: 'd',
    epoch: 'e1',
    previousEpoch: null,
    counter: 6,
    from: 10,
    to: 10,
    previousHead: 'head-9',
    head: 'head-10',
    commitments: ['c'],
    token: 'token-5',
    clock: null,
    policyVersion: null,
    ...change,
  }
}

function tombstone(...ranges: readonly SequenceRange[]): Tombstone {
  return {
    reason: 'spool-full',
    ranges: [...ranges],
    records: 2,
    kinds: { inventory: 2 },
    since: 0,
    until: 0,
  }
}

const accepted: Succession = { kind: 'next', missing: [], newEpoch: null }

interface Case {
  readonly what: string
  readonly change?: Partial<EnvelopeHeader>
  readonly envelopeHash?: string
  readonly nonce?: string
  readonly ended?: EndedEpoch
  readonly expected: Succession
}

const begins = { epoch: 'e2', from: 0, to: 0, counter: 1, token: null, previousHead: firstHead('e2', hash) }

test.each<Case>([
  { what: 'the next report is accepted', expected: accepted },
  { what: 'a counter that jumps ahead is accepted', change: { counter: 60 }, expected: accepted },
  {
    what: 'a hole in the sequence is accepted, and named',
    change: { from: 13, to: 13, previousHead: 'head-12' },
    expected: { kind: 'next', missing: [{ from: 10, to: 12 }], newEpoch: null },
  },
  {
    what: 'a hole that the device gave up is not missing',
    change: { from: 13, to: 13, tombstone: tombstone({ from: 10, to: 12 }) },
    expected: accepted,
  },
  {
    what: 'of a hole that it gave up in part the rest is missing',
    change: { from: 15, to: 15, tombstone: tombstone({ from: 10, to: 10 }, { from: 13, to: 14 }) },
    expected: { kind: 'next', missing: [{ from: 11, to: 12 }], newEpoch: null },
  },
  {
    what: 'what it says it gave up of what was received changes nothing',
    change: { tombstone: tombstone({ from: 0, to: 9 }) },
    expected: accepted,
  },
  {
    what: 'over a hole that was given up the chain has to hold',
    change: { from: 13, to: 13, previousHead: 'head-12', tombstone: tombstone({ from: 10, to: 12 }) },
    expected: { kind: 'diverged', why: 'head' },
  },
  { what: 'a lower counter is a replay', change: { counter: 4 }, expected: { kind: 'replayed' } },
  {
    what: 'the same report with a new nonce is a retry',
    change: { counter: 5 },
    envelopeHash: 'envelope-5',
    expected: { kind: 'retry' },
  },
  {
    what: 'the same report with a nonce used before is a replay',
    change: { counter: 5 },
    envelopeHash: 'envelope-5',
    nonce: 'nonce-a',
    expected: { kind: 'replayed' },
  },
  {
    what: 'another report under the same counter diverges',
    change: { counter: 5 },
    expected: { kind: 'diverged', why: 'counter' },
  },
  {
    what: 'another token diverges',
    change: { token: 'token-4' },
    expected: { kind: 'diverged', why: 'token' },
  },
  { what: 'no token diverges', change: { token: null }, expected: { kind: 'diverged', why: 'token' } },
  {
    what: 'records that were received before diverge',
    change: { from: 9, to: 9 },
    expected: { kind: 'diverged', why: 'sequence' },
  },
  {
    what: 'another head diverges',
    change: { previousHead: 'head-8' },
    expected: { kind: 'diverged', why: 'head' },
  },
  {
    what: 'a new epoch that cites the last head continues',
    change: { ...begins, previousEpoch: { epoch: 'e1', head: 'head-9' } },
    expected: { kind: 'next', missing: [], newEpoch: 'continues' },
  },
  {
    what: 'a new epoch that cites an older head is told apart',
    change: { ...begins, previousEpoch: { epoch: 'e1', head: 'head-3' } },
    expected: { kind: 'next', missing: [], newEpoch: 'unknown-head' },
  },
  {
    what: 'a new epoch that cites nothing is told apart',
    change: begins,
    expected: { kind: 'next', missing: [], newEpoch: 'uncited' },
  },
  {
    what: 'a new epoch whose first record is not its first has a hole',
    change: { ...begins, from: 3, to: 3, previousHead: 'whatever' },
    expected: { kind: 'next', missing: [{ from: 0, to: 2 }], newEpoch: 'uncited' },
  },
  {
    what: 'a new epoch that gave up its first records begins where it says',
    change: { ...begins, from: 3, to: 3, tombstone: tombstone({ from: 0, to: 2 }) },
    expected: { kind: 'next', missing: [], newEpoch: 'uncited' },
  },
  {
    what: 'a new epoch with another beginning diverges',
    change: { ...begins, previousHead: 'head-9' },
    expected: { kind: 'diverged', why: 'head' },
  },
  {
    what: 'an old report of an epoch that ended is a replay',
    change: { ...begins, counter: 7 },
    ended: { counter: 7, head: 'h' },
    expected: { kind: 'replayed' },
  },
  {
    what: 'a new report of an epoch that ended comes from a copy',
    change: { ...begins, counter: 8 },
    ended: { counter: 7, head: 'h' },
    expected: { kind: 'clone', why: 'ended-epoch' },
  },
])('$what', ({ change = {}, envelopeHash = 'envelope-new', nonce = 'nonce-b', ended, expected }) => {
  const report = { header: header(change), envelopeHash, nonce }
  expect(succeed(chain, ended ?? null, report, hash)).toEqual(expected)
})

describe('the first report of a device', () => {
  const first = { ...begins, previousHead: firstHead('e2', hash) }

  test('is accepted', () => {
    const report = { header: header(first), envelopeHash: 'x', nonce: 'n' }
    expect(succeed(null, null, report, hash)).toEqual({ kind: 'next', missing: [], newEpoch: 'first' })
  })

  test('may lack records that were lost before it', () => {
    const report = { header: header({ ...first, from: 2, to: 2 }), envelopeHash: 'x', nonce: 'n' }
    expect(succeed(null, null, report, hash)).toMatchObject({ kind: 'next', missing: [{ from: 0, to: 1 }] })
  })
})
