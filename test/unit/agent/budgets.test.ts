import { expect, test } from 'vitest'
import { createBudgets } from '../../../agent/budgets.ts'

/** Which looks a collector took part in, if each turn ends as `over` says. */
function turns(looks: number, over: (turn: number) => boolean): number[] {
  const budgets = createBudgets()
  const taken: number[] = []
  for (let look = 0; look < looks; look++) {
    if (!budgets.takeTurn('package')) continue
    budgets.turnEnded('package', over(taken.length))
    taken.push(look)
  }
  return taken
}

test.each<[string, (turn: number) => boolean, number[]]>([
  ['that keeps to its time has every turn', () => false, [0, 1, 2, 3, 4, 5, 6, 7]],
  [
    'that ran over once does not wait: the machine may have been busy',
    (turn) => turn === 0,
    [0, 1, 2, 3, 4, 5, 6, 7],
  ],
  ['that runs over again and again waits twice as long each time', () => true, [0, 1, 3, 6]],
  ['that is back in time has every turn again', (turn) => turn < 3, [0, 1, 3, 6, 7]],
])('a collector %s', (_, over, expected) => {
  expect(turns(8, over)).toEqual(expected)
})

test('no collector waits for more than a day of hourly looks', () => {
  const taken = turns(400, () => true)
  const longest = taken.map((look, index) => look - (taken[index - 1] ?? look)).toSorted((a, b) => b - a)[0]
  expect(longest).toBe(24)
})

test('one collector does not wait for another', () => {
  const budgets = createBudgets()
  for (const _ of [1, 2]) if (budgets.takeTurn('package')) budgets.turnEnded('package', true)
  expect(budgets.waiting()).toEqual(['package'])
  expect(budgets.takeTurn('trace')).toBe(true)
})
