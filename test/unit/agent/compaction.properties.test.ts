// What must hold of a compaction whatever waits: no evidence of use is lost or moved, and doing it twice does nothing more.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GapRecord, MarkRecord, WireRecord } from '#shared/protocol.ts'
import {
  compactionLevels,
  foldInto,
  planCompaction,
  type CompactionLevel,
  type Spooled,
} from '../../../agent/compaction.ts'
import { gapRecord, inventoryRecord, markRecord } from '../../helpers/wire-records.ts'

const start = Date.UTC(2026, 6, 9)
const dayMs = 86_400_000
const cutoff = start + dayMs + dayMs / 3

const instant = fc.integer({ min: start, max: start + 4 * dayMs })
const mark: fc.Arbitrary<MarkRecord> = fc
  .record({
    at: instant,
    session: fc.constantFrom('a'.repeat(22), 'b'.repeat(22), null),
    account: fc.constantFrom('alice', 'bob'),
    kind: fc.constantFrom('session', 'run'),
    basis: fc.constantFrom('witnessed', 'witnessed', 'found'),
    more: fc.constantFrom(undefined, undefined, 3),
  })
  .map(({ at, more, ...rest }) => markRecord(at, { ...rest, ...(more === undefined ? {} : { more }) }))
const gap: fc.Arbitrary<GapRecord> = fc
  .record({ from: instant, lasts: fc.integer({ min: 1, max: dayMs }), open: fc.boolean() })
  .map(({ from, lasts, open }) => gapRecord({ from, until: open ? null : from + lasts }))
const other = fc.constantFrom<WireRecord>(inventoryRecord(), inventoryRecord({ version: '2.1.331' }), {
  type: 'agent',
  event: 'started',
  detail: null,
  at: start,
})
const waiting = fc.array(fc.oneof({ arbitrary: mark, weight: 5 }, gap, other), { maxLength: 60 })
const level = fc.constantFrom(...compactionLevels)

const spooled = (records: readonly WireRecord[]): Spooled[] =>
  records.map((record, sequence) => ({ sequence, bytes: JSON.stringify(record).length, record }))

const sideOf = ({ at }: MarkRecord): string => (at < cutoff ? 'before' : 'after')

function compacted(records: readonly WireRecord[], how: CompactionLevel): WireRecord[] {
  const plan = planCompaction(spooled(records), how, { sideOf, digest: (text) => text })
  return spooled(records).flatMap(({ sequence, record }) => {
    if (plan.drop.has(sequence)) return []
    const folded = plan.fold.get(sequence)
    return [folded === undefined ? record : foldInto(record, folded)]
  })
}

const marksOf = (records: readonly WireRecord[]) => records.filter((record) => record.type === 'mark')

/** First, last and number of marks per everything that a judgement looks at, day and side. */
function summary(records: readonly WireRecord[], bySession: boolean): Record<string, object> {
  const groups = Map.groupBy(marksOf(records), (m) =>
    [m.account, m.kind, m.basis, bySession ? m.session : '', Math.floor(m.at / dayMs), sideOf(m)].join(' '),
  )
  return Object.fromEntries(
    [...groups].map(([key, marks]) => {
      const times = marks.map(({ at }) => at)
      // One that is told again is no other.
      const count = marks.reduce((sum, { more }) => sum + (more ?? 0), new Set(times).size)
      return [key, { first: Math.min(...times), last: Math.max(...times), count }]
    }),
  )
}

test('first, last and number of uses stay: per session, day and side of the cutoff, at the last level per tool', () => {
  fc.assert(
    fc.property(waiting, level, (records, how) => {
      const bySession = how !== 'tools'
      expect(summary(compacted(records, how), bySession)).toEqual(summary(records, bySession))
    }),
  )
})

test('no more than the first and the last of each stay', () => {
  fc.assert(
    fc.property(waiting, (records) => {
      const groups = Object.keys(summary(records, true)).length
      expect(marksOf(compacted(records, 'sessions')).length).toBeLessThanOrEqual(2 * groups)
    }),
  )
})

test('whatever cutoff comes to be set later, there is evidence before it, and after it, exactly where there was', () => {
  fc.assert(
    fc.property(waiting, level, instant, (records, how, later) => {
      const sides = (all: readonly WireRecord[]) =>
        [...new Set(marksOf(all).map((m) => `${m.account} ${m.basis} ${m.at < later}`))].toSorted()
      expect(sides(compacted(records, how))).toEqual(sides(records))
    }),
  )
})

test('what is not told as it was is told with a count or a longer time alone, and nothing is new', () => {
  fc.assert(
    fc.property(waiting, level, (records, how) => {
      const bare = (record: WireRecord) =>
        JSON.stringify({
          ...record,
          more: undefined,
          ...(record.type === 'gap' ? { from: 0, until: 0 } : {}),
        })
      const known = records.map(bare)
      expect(compacted(records, how).filter((record) => !known.includes(bare(record)))).toEqual([])
    }),
  )
})

test('every moment that lay in a gap still does', () => {
  fc.assert(
    fc.property(waiting, level, (records, how) => {
      const gapsOf = (all: readonly WireRecord[]) => all.filter((record) => record.type === 'gap')
      const left = gapsOf(compacted(records, how))
      for (const { from, until } of gapsOf(records)) {
        const end = until ?? from
        expect(left.some((g) => g.from <= from && (g.until ?? end) >= end)).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})

test('what the agent says of itself stays, every time that it said it but for the last level', () => {
  fc.assert(
    fc.property(waiting, level, (records, how) => {
      const health = (all: readonly WireRecord[]) => {
        const said = all.flatMap((record) => (record.type === 'agent' ? [JSON.stringify(record)] : []))
        return how === 'tools' ? [...new Set(said)] : said
      }
      expect(health(compacted(records, how))).toEqual(health(records))
    }),
  )
})

test('doing it again gives up nothing more', () => {
  fc.assert(
    fc.property(waiting, level, (records, how) => {
      const once = compacted(records, how)
      expect(compacted(once, how)).toEqual(once)
    }),
  )
})

test('each level gives up all that the ones before do', () => {
  fc.assert(
    fc.property(waiting, (records) => {
      const sizes = compactionLevels.map((how) => compacted(records, how).length)
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    }),
  )
})
