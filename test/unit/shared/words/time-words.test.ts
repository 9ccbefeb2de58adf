import { describe, expect, test } from 'vitest'
import type { Disagreement } from '#shared/disagreement.ts'
import { wordsOf } from '#shared/words.ts'
import { apartText, disagreementText, mostAtOdds } from '#shared/words/time-words.ts'

const { times } = wordsOf('en')
const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [10 * day + 22 * hour + 58 * minute, '10 days 23 h'],
  [-(10 * day + 22 * hour + 58 * minute), '10 days 23 h'],
  [day, '1 day'],
  [day - 20 * second, '1 day'],
  [2 * hour + 5 * minute, '2 h 5 min'],
  [hour - second / 4, '1 h'],
  [2 * minute + second, '2 min 1 s'],
  [3 * second, '3 s'],
  [400, '0 s'],
])('%d ms apart reads %s', (ms, text) => {
  expect(apartText(times, ms)).toBe(text)
})

describe('the sentence', () => {
  const at = Date.UTC(2026, 6, 3, 10, 2)
  const instant = (when: number) => new Date(when).toISOString().slice(0, 16)
  const of = (disagreement: Disagreement | undefined) =>
    disagreementText(times, { at, disagreement }, instant)

  test('names both times and how far they lie apart', () => {
    expect(of({ with: 'file-written', byMs: 10 * day + 22 * hour + 58 * minute })?.text).toBe(
      'The record says 2026-07-03T10:02, its file was last written 2026-07-14T09:00: they differ by 10 days 23 h.',
    )
  })

  test.each([
    ['earlier than its file', { with: 'file-born', byMs: hour }, times.behind.earlier],
    ['later than its file', { with: 'file-written', byMs: -hour }, times.behind.later],
    ['ahead of the clock', { with: 'look', byMs: -hour }, times.behind.later],
    ['from a clock that was set, which says it all', { with: 'clock-set', byMs: hour }, null],
  ] as const)('says what may lie behind a record %s', (_, disagreement, behind) => {
    expect(of(disagreement)?.behind).toBe(behind)
  })

  test('names no other time where the amount may not be told', () => {
    expect(of({ with: 'file-written', byMs: null })).toEqual({
      text: 'The record says 2026-07-03T10:02; the other time lies outside the dates of the rule, so that by how much they differ is not told.',
      behind: null,
    })
  })

  test('is none where nothing is known to disagree', () => {
    expect(of(undefined)).toBeNull()
  })
})

test('of several marks the one furthest off is told', () => {
  const near = { disagreement: { with: 'look', byMs: -hour } } as const
  const far = { disagreement: { with: 'file-born', byMs: day } } as const
  const untold = { disagreement: { with: 'file-born', byMs: null } } as const
  expect(mostAtOdds([{}, near, untold, far])).toBe(far)
  expect(mostAtOdds([{}, untold])).toBe(untold)
  expect(mostAtOdds([{}])).toBeUndefined()
})
