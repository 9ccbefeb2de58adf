// In which stages a policy goes out, when to the next, and what halts it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allBy,
  isDrawn,
  nextStep,
  reachOf,
  stagesFor,
  watchMs,
  type Tally,
} from '../../../../server/policy/rollout.ts'

const minute = 60_000
const hold = 30 * minute
const none: Tally = { fetched: 0, well: 0, refused: 0, failed: 0, silent: 0, awaited: 0 }

test.each([
  ['nobody', 0, []],
  ['a fleet of five', 5, []],
  ['nineteen', 19, []],
  ['twenty', 20, [3]],
  ['fifty', 50, [3, 10]],
  ['five hundred', 500, [5, 50]],
  ['ten thousand', 10_000, [100, 1000]],
])('stages for %s', (_, fleet, expected) => {
  expect(stagesFor(fleet, hold)).toEqual(expected)
})

test('no stages where none are wanted', () => {
  expect(stagesFor(10_000, 0)).toEqual([])
})

test('more are drawn than there is room for, of those that are awake, and all in the end', () => {
  const stages = [5, 50]
  expect(reachOf({ stages, stage: 0 }, 500)).toBeCloseTo(0.03)
  expect(reachOf({ stages, stage: 0 }, 4)).toBe(1)
  expect(reachOf({ stages, stage: 0 }, 0)).toBe(1)
  expect(reachOf({ stages, stage: 2 }, 500)).toBe(1)
})

test('who is drawn first is still drawn later', () => {
  const hash = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((b) => Buffer.from(b).toString('base64url'))
  const reach = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(hash, reach, reach, (one, a, b) => {
      expect(isDrawn(one, Math.min(a, b)) && !isDrawn(one, Math.max(a, b))).toBe(false)
      expect([isDrawn(one, 1), isDrawn(one, 0)]).toEqual([true, false])
    }),
  )
})

test('all have it after the holds that are left', () => {
  expect(allBy({ stages: [5, 50], stage: 0, stageAt: 1000 }, hold)).toBe(1000 + 2 * hold)
  expect(allBy({ stages: [5, 50], stage: 2, stageAt: 1000 }, hold)).toBe(1000)
})

describe('the next step', () => {
  const step = (stage: number, tally: Partial<Tally>, sinceMs: number) =>
    nextStep({ stages: [5, 50], stage, stageAt: 1000 }, { ...none, ...tally }, hold, 1000 + sinceMs)

  test.each<[string, number, Partial<Tally>, number, string]>([
    ['nobody has come for it', 0, {}, hold, 'hold'],
    ['all are well, and too soon', 0, { fetched: 5, well: 5 }, hold - 1, 'hold'],
    ['all are well', 0, { fetched: 5, well: 5 }, hold, 'advance'],
    ['half of the stage is well', 0, { fetched: 3, well: 3 }, hold, 'advance'],
    ['less than half is well', 0, { fetched: 2, well: 2 }, hold, 'hold'],
    ['less than half is well, for long', 0, { fetched: 2, well: 2 }, 4 * hold, 'advance'],
    ['nobody is well, for long', 0, { fetched: 1, awaited: 1 }, 4 * hold, 'hold'],
    ['two are awaited', 0, { fetched: 5, well: 3, awaited: 2 }, hold, 'hold'],
    ['two are awaited, for long', 0, { fetched: 5, well: 3, awaited: 2 }, 9 * hold, 'hold'],
    ['one laptop was closed at once', 0, { fetched: 5, well: 4, awaited: 1 }, hold, 'advance'],
    ['one of five refuses', 0, { fetched: 5, well: 4, refused: 1 }, hold, 'advance'],
    [
      'one refuses and another one is awaited',
      0,
      { fetched: 5, well: 3, refused: 1, awaited: 1 },
      hold,
      'hold',
    ],
    ['two of five refuse', 0, { fetched: 5, well: 3, refused: 2 }, 1, 'halt refused'],
    ['one refuses and one fails', 0, { fetched: 5, well: 3, refused: 1, failed: 1 }, 1, 'halt refused'],
    ['two fail', 1, { fetched: 40, well: 38, failed: 2 }, 1, 'halt failed'],
    ['two of fifty-one fail', 1, { fetched: 51, well: 49, failed: 2 }, hold, 'advance'],
    ['two fall silent', 0, { fetched: 5, well: 3, silent: 2 }, 1, 'halt silent'],
    ['all have it', 2, { fetched: 400, well: 400 }, hold, 'hold'],
    ['all have it and a few are unlucky', 2, { fetched: 400, well: 381, failed: 19 }, hold, 'hold'],
    ['all have it and more are', 2, { fetched: 400, well: 380, failed: 20 }, hold, 'halt failed'],
    ['all have had it for a day', 2, { fetched: 400, well: 400 }, watchMs, 'complete'],
    ['the clock was set back', 0, { fetched: 5, well: 5 }, -hold, 'hold'],
  ])('where %s', (_, stage, tally, sinceMs, expected) => {
    const next = step(stage, tally, sinceMs)
    expect(next.is === 'halt' ? `halt ${next.why}` : next.is).toBe(expected)
  })

  test('one device never halts anything, and the same trouble of more devices halts no later', () => {
    const count = fc.nat({ max: 200 })
    fc.assert(
      fc.property(count, count, count, count, fc.nat({ max: 3 }), (well, refused, failed, silent, stage) => {
        const fetched = well + refused + failed + silent
        const halts = (more: number) =>
          step(stage, { fetched: fetched + more, well, refused: refused + more, failed, silent }, hold).is ===
          'halt'
        expect(halts(0) && refused + failed + silent < 2).toBe(false)
        expect(halts(0) && !halts(1)).toBe(false)
      }),
    )
  })
})
