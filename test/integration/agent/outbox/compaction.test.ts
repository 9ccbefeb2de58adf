// A full spool on a real database: what is given up, what the next envelope says of it, and what stays a loss.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEnvelope } from '#shared/envelope.ts'
import { Envelope, type WireRecord } from '#shared/protocol.ts'
import { unaccounted } from '#shared/tombstone.ts'
import { planCompaction, type CompactionLevel } from '../../../../agent/compaction.ts'
import type { SealedEnvelope } from '../../../../agent/outbox.ts'
import { createSpool } from '../../../../agent/spool.ts'
import type { State } from '../../../../agent/state.ts'
import { sha256, verifies } from '../../../../agent/state/keys.ts'
import { noon } from '../../../helpers/observations.ts'
import { openTestState, temporaryFolder, waitingRecords } from '../../../helpers/test-agent.ts'
import { inventoryRecord, markRecord } from '../../../helpers/wire-records.ts'

const facts = { device: 'dev-1', clock: null, policyVersion: null }
const dayMs = 86_400_000
const days = { since: 0, until: 2 * dayMs }
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

const append = (...records: WireRecord[]) => state.transact(() => state.outbox.append(records))
const seal = () => state.transact(() => state.outbox.seal(facts, noon))
const versions = (...all: string[]) => all.map((version) => inventoryRecord({ version }))

function compact(level: CompactionLevel = 'superseded'): void {
  const plan = planCompaction(state.outbox.behind(), level, { sideOf: () => '', digest: sha256 })
  state.transact(() => state.outbox.compact(plan, days))
}

function open(sealed: SealedEnvelope) {
  const envelope = Envelope.parse(JSON.parse(gunzipSync(sealed.body).toString()))
  const opened = openEnvelope(envelope, sha256, (text, signature) =>
    verifies(state.key.publicKey, text, signature),
  )
  if (!opened.ok) throw new Error(opened.fault)
  return { header: opened.header, records: opened.records.map(({ text }) => JSON.parse(text) as WireRecord) }
}

function receive(sealed: SealedEnvelope): void {
  const { epoch } = state.outbox.chain()
  const { last: sequence, head, counter } = sealed
  const receipt = { device: 'dev-1', epoch, sequence, head, counter, token: 't', at: noon }
  expect(state.transact(() => state.outbox.acknowledge(receipt))).toBe(true)
}

test('the newest stays, under a later number, and the next envelope says which numbers nothing will come under', () => {
  append(...versions('1', '2', '3'), markRecord(noon))
  compact()
  const { header, records } = open(seal())
  expect(records).toEqual([...versions('3'), markRecord(noon)])
  expect(header).toMatchObject({
    from: 4,
    to: 5,
    tombstone: { ranges: [{ from: 0, to: 3 }], records: 2, kinds: { inventory: 2 }, ...days },
  })
})

test('it is said once, and what is given up later is said anew', () => {
  append(...versions('1', '2'))
  compact()
  receive(seal())
  append(...versions('3'))
  const second = seal()
  expect(open(second).header.tombstone).toBeUndefined()
  receive(second)
  append(...versions('4', '5'))
  compact()
  expect(open(seal()).header).toMatchObject({
    from: 6,
    tombstone: { ranges: [{ from: 4, to: 5 }], records: 1 },
  })
})

test('several compactions before an envelope are one', () => {
  append(...versions('1', '2'))
  compact()
  append(...versions('3'), markRecord(noon), markRecord(noon + 1), markRecord(noon + 2))
  compact()
  compact('sessions')
  const { header, records } = open(seal())
  expect(records).toEqual([...versions('3'), markRecord(noon), markRecord(noon + 2, { more: 1 })])
  expect(header.tombstone).toMatchObject({
    ranges: [{ from: 0, to: header.from - 1 }],
    records: 3,
    kinds: { inventory: 2, mark: 1 },
  })
})

test('an envelope on its way stays as it is, and what is given up behind it comes with the next', () => {
  append(...versions('1', '2'))
  const first = seal()
  append(...versions('3', '4'))
  compact()
  expect(seal()).toEqual(first)
  receive(first)
  expect(open(seal())).toMatchObject({
    header: { from: 4, previousHead: first.head, tombstone: { ranges: [{ from: 2, to: 3 }], records: 1 } },
    records: versions('4'),
  })
})

test('an envelope that is given up takes back what it said', () => {
  append(...versions('1', '2', '3'), markRecord(noon))
  compact()
  seal()
  state.transact(() => state.outbox.reseal())
  const { header, records } = open(seal())
  expect(records).toEqual(versions('3'))
  expect(header.tombstone).toMatchObject({ ranges: [{ from: 0, to: 3 }], records: 2 })
})

test('a new epoch has no hole, and still says how much was given up', () => {
  append(...versions('1', '2'))
  compact()
  seal()
  state.transact(() => state.outbox.beginEpoch())
  expect(open(seal()).header).toMatchObject({ from: 0, tombstone: { ranges: [], records: 1 } })
})

test('a record that was lost before is not among those given up', () => {
  append(...versions('1', '2', '3', '4', '5'))
  state.close()
  const database = new DatabaseSync(join(folder, 'state.sqlite'))
  database.exec('DELETE FROM records WHERE sequence IN (2, 4)')
  database.close()
  state = openTestState(folder, noon)
  compact()
  const { header } = open(seal())
  const hole = { from: 0, to: header.from - 1 }
  expect(unaccounted(hole, header.tombstone?.ranges ?? [])).toEqual([
    { from: 2, to: 2 },
    { from: 4, to: 4 },
  ])
})

describe('the spool', () => {
  const capBytes = 64 * 1024
  const spool = () =>
    createSpool({ state, capBytes, policy: () => null, now: () => noon, log: () => undefined })
  const bulk = (count: number) =>
    Array.from({ length: count }, (_, n) => inventoryRecord({ version: `1.${n}` }))

  test('gives up nothing while there is room', () => {
    append(...bulk(60))
    spool().keep()
    expect(waitingRecords(state)).toHaveLength(60)
  })

  test('gives up what costs least first, and uses only when that is not enough', () => {
    append(...bulk(120), ...[1, 2, 3].map((n) => markRecord(noon + n)))
    spool().keep()
    expect(waitingRecords(state)).toEqual([
      inventoryRecord({ version: '1.119' }),
      ...[1, 2, 3].map((n) => markRecord(noon + n)),
    ])
    append(...Array.from({ length: 60 }, (_, n) => markRecord(noon + 10 + n)))
    spool().keep()
    expect(waitingRecords(state)).toEqual([
      inventoryRecord({ version: '1.119' }),
      markRecord(noon + 1),
      markRecord(noon + 69, { more: 61 }),
    ])
  })

  test('gives back what is free once all was received, a little at a time', () => {
    const text = 'x'.repeat(280)
    const many = Array.from({ length: 24_000 }, (_, n) => inventoryRecord({ name: `${n} ${text}` }))
    append(...many)
    const kept = createSpool({ state, capBytes: 2 ** 26, policy: () => null, now: () => noon, log: () => {} })
    kept.keep()
    const bytes = () => {
      state.emptyLog()
      return statSync(join(folder, 'state.sqlite')).size
    }
    const full = bytes()
    while (state.outbox.waiting() > 0) receive(seal())
    const sizes = Array.from({ length: 4 }, () => {
      kept.keep()
      return bytes()
    })
    const mb = 2 ** 20
    expect(full).toBeGreaterThan(9 * mb)
    expect(sizes[0]).toBeGreaterThan(full - 3 * mb)
    expect(sizes.at(-1)).toBeLessThan(5 * mb)
  })

  test('that cannot be made smaller is left alone until it has grown', () => {
    const days = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => markRecord(noon + (from + n) * dayMs))
    append(...days(0, 60))
    const kept = spool()
    kept.keep()
    append(markRecord(noon + 1), markRecord(noon + 2))
    kept.keep()
    expect(waitingRecords(state)).toHaveLength(62)
    append(...days(60, 75))
    kept.keep()
    expect(waitingRecords(state)).toHaveLength(76)
  })
})
