import { describe, expect, test } from 'vitest'
import { sessionMarks, type DatedMark } from '../../../../agent/marks.ts'
import { toldAgain } from '../../../../agent/report/marks.ts'
import { hour, lookOver, minute, noon, packageSeen, sessionSeen } from '../../../helpers/observations.ts'
import { contextOf, hash, policyFrom } from '../../../helpers/report-context.ts'

function witnessed(): DatedMark {
  const [mark] = sessionMarks(lookOver([packageSeen(), sessionSeen([noon - minute])]))
  if (mark?.basis !== 'witnessed') throw new Error('not witnessed')
  return { ...mark, doubts: ['times-disagree'] }
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
