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
  signal: 'old',
  evidence: '{"signal":"old"}',
}

test('the same again adds nothing', () => {
  expect(mergeMarks(known, { ...known })).toBe(known)
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

test('whether a run kept no record is for the newest look to say', () => {
  const run: MarkFact = { ...known, kind: 'run' }
  expect(mergeMarks(run, { ...run, without_record: 1 }).without_record).toBe(1)
  expect(mergeMarks({ ...run, without_record: 1 }, run).without_record).toBe(0)
})
