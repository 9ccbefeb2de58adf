// What collectors gave at the look before, for as long as they would give the same again: most laptops are left alone for most
// hours of a day, and asking the disk whether anything has changed costs a fraction of working all of it out anew.
import type { Account, ObservationKind } from '#shared/observation.ts'
import type { AnyCollected, AnyCollector, ScanContext } from './collectors/collector.ts'
import type { Memory } from './memory.ts'
import type { Answers } from './platform/answers.ts'
import type { Listed } from './platform/host.ts'

export interface Repeats {
  /**
   * What the collector gives, or gave: then with the times of the look that it was collected at.
   * @throws whatever it throws
   */
  readonly collect: (collector: AnyCollector, context: ScanContext) => Promise<AnyCollected>
}

/** What a collector is given besides files. */
interface Given extends Pick<ScanContext, 'wanted' | 'inventory' | 'confirmUse'> {
  readonly accounts: string
  readonly remembered: string
  readonly listed: Listed
}

interface Before {
  readonly collected: AnyCollected
  readonly given: Given
  readonly answers: Answers
}

export function createRepeats(): Repeats {
  const before = new Map<ObservationKind, Before>()
  return {
    async collect(collector, context) {
      if (collector.repeats !== true) return collector.collect(context)
      const { files } = context.host
      const isOver = (): boolean => context.signal.aborted
      const given = givenBy(context)
      const known = before.get(collector.kind)
      if (
        known !== undefined &&
        isSame(known.given, given) &&
        files.wouldAnswerTheSame(known.answers, isOver)
      )
        return known.collected
      before.delete(collector.kind)
      const end = files.noteAnswers()
      try {
        const collected = await collector.collect(context)
        const answers = end()
        // What it has just taught the memory it may take into account the next time.
        if (answers !== null && !isOver() && isSame(given, givenBy(context)))
          before.set(collector.kind, { collected, given, answers })
        return collected
      } finally {
        end()
      }
    },
  }
}

function givenBy({ accounts, memory, wanted, inventory, confirmUse, host }: ScanContext): Given {
  return {
    wanted,
    inventory,
    confirmUse,
    accounts: JSON.stringify(accounts),
    remembered: JSON.stringify(accounts.map((account) => rememberedOf(account, memory))),
    listed: host.listed(),
  }
}

function rememberedOf({ name }: Account, memory: Memory): readonly unknown[] {
  return [memory.roots(name), memory.movedHomes(name)]
}

function isSame(a: Given, b: Given): boolean {
  return (
    a.wanted === b.wanted &&
    a.inventory === b.inventory &&
    a.confirmUse === b.confirmUse &&
    a.accounts === b.accounts &&
    a.remembered === b.remembered &&
    a.listed === b.listed
  )
}
