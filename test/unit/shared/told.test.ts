// The hash over what was told: the same for the same things, another when one of them is another.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestOf, isHidden, ToldKind, type LastingRecord } from '#shared/told.ts'
import { detectionRecord, gapRecord, inventoryRecord, unlistedRecord } from '../../helpers/wire-records.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
const all = ToldKind.options
const digest = (records: readonly LastingRecord[], kinds = all) => digestOf(records, kinds, hash)
const some = [detectionRecord(), gapRecord(), inventoryRecord(), unlistedRecord()] as const

describe('the hash over what was told', () => {
  test('is the same in any order, however often something is said', () => {
    const record = fc.oneof(
      fc.string({ unit: 'binary' }).map((name) => inventoryRecord({ name })),
      fc.string({ unit: 'binary' }).map((account) => detectionRecord({ account })),
    )
    fc.assert(
      fc.property(fc.array(record), fc.infiniteStream(fc.nat()), (records, order) => {
        const shuffled = [...records, ...records.slice(0, 2)]
          .map((one) => [order.next().value ?? 0, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one)
        expect(digest(shuffled)).toBe(digest(records))
      }),
    )
  })

  test.each<[string, readonly LastingRecord[]]>([
    ['one thing less', some.slice(1)],
    ['a version', [...some, inventoryRecord({ name: 'other' })]],
    ['a version of an item', [some[0], some[1], inventoryRecord({ version: '2.1.331' }), some[3]]],
    ['an account', [some[0], some[1], inventoryRecord({ account: 'bob' }), some[3]]],
    ['a state', [detectionRecord({ state: 'installed' }), ...some.slice(1)]],
    ['running', [detectionRecord({ running: null }), ...some.slice(1)]],
    ['why something is a candidate', [...some.slice(0, 3), unlistedRecord({ behaviours: [] })]],
    ['why something could not be seen', [some[0], gapRecord({ reason: 'blind-spot' }), some[2], some[3]]],
  ])('is another with %s changed', (_, changed) => {
    expect(digest(changed)).not.toBe(digest(some))
  })

  test.each<[string, LastingRecord]>([
    ['what is gone', inventoryRecord({ name: 'old', gone: true })],
    ['a tool that is gone', detectionRecord({ tool: 'codex-cli', gone: true })],
    ['a gap that is over', gapRecord({ collector: 'app', until: 5 })],
    ['a name with half a character, of which two are one to a server', inventoryRecord({ name: 'a\ud800' })],
    ['a name in which such a one was replaced', inventoryRecord({ name: 'a\ufffd' })],
  ])('leaves out %s', (_, record) => {
    expect(digest([...some, record])).toBe(digest(some))
  })

  test('takes half a character in a version as a server keeps it', () => {
    const [sent, kept] = ['1\udc00', '1\ufffd'].map((version) => digest([inventoryRecord({ version })]))
    expect(sent).toBe(kept)
  })

  test('is over the kinds that are asked for alone', () => {
    expect(digest(some, ['inventory'])).toBe(digest([some[2]]))
  })
})

test.each([
  ['a gap of its account and collector', { collector: 'package', account: 'ann' }, true],
  ['one of the whole machine', { collector: 'package', account: null }, true],
  ['one of the accounts themselves', { collector: 'host', account: 'ann' }, true],
  ['one of another account', { collector: 'package', account: 'bob' }, false],
  ['one of another collector', { collector: 'app', account: 'ann' }, false],
])('%s hides a package of an account: %s', (_, gap, hidden) => {
  expect(isHidden([gap], 'ann', new Set(['package']))).toBe(hidden)
})
