// One mark from two reports of it.
import { expect, test } from 'vitest'
import { mergeMarks } from '../../../../../server/ingest/records/tools.ts'
import type { MarkFact } from '../../../../../server/store/facts.ts'

const known: MarkFact = {
  device: 'd',
  account: 'alice',
  tool: 'claude-code',
  kind: 'session',
  session: 's',
  device_at: 1000,
  boot: null,
  resolution_ms: 60_000,
  basis: 'found',
  strength: 'likely',
  doubts: '["arrived-together"]',
  disagreement: null,
  without_record: 0,
  more: 0,
  signal: 'old',
  evidence: '{"signal":"old"}',
}

test('the same again adds nothing', () => {
  expect(mergeMarks(known, { ...known })).toBe(known)
})

test('the larger number of marks that it stands for is kept', () => {
  expect(mergeMarks(known, { ...known, more: 3 })).toEqual({ ...known, more: 3 })
  const many = { ...known, more: 9 }
  expect(mergeMarks(many, { ...known, more: 3 })).toBe(many)
})

test('a witnessed one makes it witnessed, with its evidence', () => {
  const merged = mergeMarks(known, {
    ...known,
    basis: 'witnessed',
    boot: 'b',
    signal: 'new',
    evidence: '{"signal":"new"}',
  })
  expect(merged).toMatchObject({ basis: 'witnessed', boot: 'b', signal: 'new', evidence: '{"signal":"new"}' })
})

test('a mark once witnessed stays witnessed', () => {
  const witnessed: MarkFact = { ...known, basis: 'witnessed', boot: 'b' }
  expect(mergeMarks(witnessed, { ...known, resolution_ms: 1 })).toMatchObject({
    basis: 'witnessed',
    boot: 'b',
    resolution_ms: 1,
  })
})

test('the finer time, the stronger proof and every doubt are kept', () => {
  const reported: MarkFact = { ...known, resolution_ms: 1, strength: 'proven', doubts: '["times-disagree"]' }
  expect(mergeMarks(known, reported)).toMatchObject({
    resolution_ms: 1,
    strength: 'proven',
    doubts: '["arrived-together","times-disagree"]',
  })
  expect(mergeMarks(reported, known)).toMatchObject({ resolution_ms: 1, strength: 'proven' })
})

test('of two amounts by which times disagree the larger is kept, and an older report takes none away', () => {
  const of = (byMs: number | null) => JSON.stringify({ with: 'file-born', byMs })
  const merged = (before: string | null, now: string | null) =>
    mergeMarks({ ...known, disagreement: before }, { ...known, disagreement: now }).disagreement
  expect(merged(null, of(5000))).toBe(of(5000))
  expect(merged(of(5000), null)).toBe(of(5000))
  expect(merged(of(5000), of(-9000))).toBe(of(-9000))
  expect(merged(of(null), of(1000))).toBe(of(1000))
})

test('whether a run kept no record is for the newest look to say', () => {
  const run: MarkFact = { ...known, kind: 'run' }
  expect(mergeMarks(run, { ...run, without_record: 1 }).without_record).toBe(1)
  expect(mergeMarks({ ...run, without_record: 1 }, run).without_record).toBe(0)
})
