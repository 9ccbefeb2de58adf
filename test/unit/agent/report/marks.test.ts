import { describe, expect, test } from 'vitest'
import type { Disagreement } from '#shared/disagreement.ts'
import { sessionMarks, type DatedMark } from '../../../../agent/marks.ts'
import { toldAgain } from '../../../../agent/report/marks.ts'
import {
  boot,
  hour,
  lookOver,
  minute,
  noon,
  packageSeen,
  sessionSeen,
} from '../../../helpers/observations.ts'
import { contextOf, hash, policyFrom } from '../../../helpers/report-context.ts'

const day = 24 * hour

function witnessed(): DatedMark {
  const [mark] = sessionMarks(lookOver([packageSeen(), sessionSeen([noon - minute])]))
  if (mark?.basis !== 'witnessed') throw new Error('not witnessed')
  return { ...mark, doubts: ['times-disagree'] }
}

/** As it leaves under a rule in force since `from`. */
function toldOf(change: Partial<DatedMark>, from: number) {
  const mark = { ...witnessed(), ...change }
  return toldAgain(mark, { ...contextOf({ policy: policyFrom(from) }), hashSession: hash })?.disagreement
}

const again = (policy: ReturnType<typeof policyFrom> | null) =>
  toldAgain(witnessed(), { ...contextOf({ policy }), hashSession: hash })

describe('a mark that is told again', () => {
  test('comes with its doubts, and claims no more than that it was found', () => {
    expect(again(policyFrom(noon - hour))).toMatchObject({
      type: 'mark',
      at: noon - minute,
      basis: 'found',
      doubts: ['times-disagree'],
    })
  })

  test.each([
    ['under a policy that does not reach back to it', policyFrom(noon + hour)],
    ['without a policy', null],
  ])('stays here %s', (_, policy) => {
    expect(again(policy)).toBeNull()
  })
})

describe('by how much times disagree', () => {
  const by = (byMs: number) => ({ with: 'file-written', byMs }) as const
  const from = noon - day

  test.each<[string, Partial<DatedMark>, Disagreement | undefined]>([
    ['to the second at the finest', { resolutionMs: 1, disagreement: by(61_400) }, by(61_000)],
    ['no finer than the mark itself', { resolutionMs: minute, disagreement: by(61_400) }, by(minute)],
    ['in its direction', { resolutionMs: minute, disagreement: by(-91_000) }, by(-2 * minute)],
    ['not where nothing is left of it', { resolutionMs: hour, disagreement: by(61_400) }, undefined],
    ['not where nothing disagrees', { disagreement: undefined }, undefined],
  ])('is told %s', (_, change, told) => {
    expect(toldOf(change, from)).toEqual(told)
  })

  test('is not told where it would date something from before the rule', () => {
    const back = { boot: boot.id, disagreement: by(-2 * day) }
    const mark = { ...witnessed(), ...back }
    const context = { ...contextOf({ policy: policyFrom(from) }), hashSession: hash }
    expect(toldAgain(mark, context)?.disagreement).toEqual({ with: 'file-written', byMs: null })
    expect(toldAgain({ ...mark, disagreement: by(-hour) }, context)?.disagreement).toEqual(by(-hour))
  })
})
