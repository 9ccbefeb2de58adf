import { describe, expect, test } from 'vitest'
import { blindSpots, gapsOf } from '../../corpus/blind-spots.ts'
import { lookAlikes } from '../../corpus/look-alikes.ts'
import { machineOf, machineOfNoise, machineWith } from '../../corpus/machine.ts'
import { hardMachines, machineOfHard } from '../../corpus/hard-machines.ts'
import { outcomeOf } from '../../corpus/pipeline.ts'
import { count, emptyScore } from '../../corpus/score.ts'
import { subjects } from '../../corpus/subjects.ts'

const surfaces = [...new Set(subjects.map(({ surface }) => surface))]

test('on 200 made-up machines nothing is missed and nobody is suspected falsely', async () => {
  const score = emptyScore()
  for (let seed = 1; seed <= 200; seed += 1)
    count(score, machineOf(seed), await outcomeOf(machineOf(seed)), `machine ${seed}`)

  expect(score.wrongs).toEqual([])
  const tallies = [...score.stories.values()]
  expect(tallies.reduce((sum, { toFind }) => sum + toFind, 0)).toBeGreaterThan(300)
  expect(tallies.reduce((sum, { toAccuse }) => sum + toAccuse, 0)).toBeGreaterThan(30)
})

describe('a tool that is installed is found as installed, and nothing else is', () => {
  test.each(surfaces)('%s', async (surface) => {
    const score = emptyScore()
    for (const subject of subjects.filter((one) => one.surface === surface)) {
      const machine = machineWith(subject, 'installed')
      count(score, machine, await outcomeOf(machine), subject.tool)
    }

    expect(score.wrongs).toEqual([])
    expect(score.machines).toBeGreaterThan(0)
  })
})

describe('what only carries a name is no detection', () => {
  test.each(lookAlikes)('$kind', async (lookAlike) => {
    for (const seed of [1, 2, 3, 4]) {
      const { detected, findings } = await outcomeOf(machineOfNoise(lookAlike, seed))

      expect(detected.map(({ tool, evidence }) => [tool, evidence.map((e) => e.signal)])).toEqual([])
      expect(findings).toEqual([])
    }
  })
})

describe('what is hard to tell is told rightly', () => {
  test.each(hardMachines)('$what', async (one) => {
    const { detected, findings } = await outcomeOf(machineOfHard(one))
    const accusing = findings.filter(({ status }) => status === 'violation' || status === 'suspected')

    expect(detected.map(({ tool, state }) => [tool, state])).toEqual(
      one.state === null ? [] : [[one.tool, one.state]],
    )
    expect(accusing.map(({ status }) => status)).toEqual(one.verdict === null ? [] : [one.verdict])
  })
})

describe('what is known not to be seen is a gap, where the machine shows that there is more', () => {
  test.each(blindSpots)('$what', async (spot) => {
    const { reasons, detected } = await gapsOf(spot)

    // Seen after all: then it is no blind spot, and its line goes.
    expect(detected).toEqual([])
    expect(reasons).toEqual(expect.arrayContaining(spot.gap === null ? [] : [spot.gap]))
  })
})
