// What collectors gave at the look before, for as long as they would give the same again: most laptops are left alone for most
// hours of a day, and asking the disk whether anything has changed costs a fraction of working all of it out anew. The state keeps
// it too, for the first look of another process: the daemon's after a start, and that of a command such as `scan`.
import type { Account, ObservationKind } from '#shared/observation.ts'
import type { AnyCollected, AnyCollector, ScanContext } from './collectors/collector.ts'
import type { Memory } from './memory.ts'
import type { Answers } from './platform/answers.ts'
import { type Listed, nothingListed } from './platform/host.ts'

export interface Repeats {
  /**
   * What the collector gives, or gave: then with the times of the look that it was collected at, or that this process began with.
   * @throws whatever it throws
   */
  readonly collect: (collector: AnyCollector, context: ScanContext) => Promise<AnyCollected>
  /** What the state should keep now, by the device's clock; each is told once. */
  readonly due: (now: number) => readonly (readonly [ObservationKind, Repeat])[]
}

/** What a collector gave, and what that followed from. */
export interface Repeat {
  readonly collected: AnyCollected
  readonly given: Given
  readonly answers: Answers
}

/** What a collector is given besides files, the catalogue and what the system lists. */
export interface Given extends Pick<ScanContext, 'inventory' | 'confirmUse'> {
  readonly accounts: string
  readonly remembered: string
  /** Of collectors that tell of it (`Collector.passing`), else empty. */
  readonly passing: string
}

interface Before extends Repeat {
  readonly wanted: ScanContext['wanted']
  readonly listed: Listed
  readonly isStored: boolean
}

/** What another process of the same program left; it was given the same catalogue. */
export type Stored = (kind: ObservationKind) => Repeat | null

/** Of a home where something changes all the time nothing is worth being written all the time. */
const storeEveryMs = 3_600_000

export function createRepeats(stored: Stored = () => null): Repeats {
  const before = new Map<ObservationKind, Before>()
  const storedAt = new Map<ObservationKind, number>()
  const begun = new Set<ObservationKind>()

  function known({ kind }: AnyCollector, { wanted, now }: ScanContext): Before | undefined {
    if (!begun.has(kind)) {
      begun.add(kind)
      const repeat = stored(kind)
      if (repeat !== null) {
        const collected = asOf(now, repeat.collected)
        before.set(kind, { ...repeat, collected, wanted, listed: nothingListed, isStored: true })
      }
    }
    return before.get(kind)
  }

  return {
    async collect(collector, context) {
      if (collector.repeats !== true) return collector.collect(context)
      const { kind } = collector
      const { host, wanted } = context
      const isOver = (): boolean => context.signal.aborted
      const [given, listed] = [givenBy(collector, context), host.listed()]
      const last = known(collector, context)
      if (
        last !== undefined &&
        last.wanted === wanted &&
        last.listed === listed &&
        isSame(last.given, given) &&
        host.files.wouldAnswerTheSame(last.answers, isOver)
      )
        return last.collected
      before.delete(kind)
      const end = host.files.noteAnswers()
      try {
        const collected = await collector.collect(context, given.passing)
        const answers = end()
        // What it has just taught the memory it may take into account the next time.
        if (
          answers !== null &&
          !isOver() &&
          isSame(given, givenBy(collector, context)) &&
          host.listed() === listed
        )
          before.set(kind, { collected, given, answers, wanted, listed, isStored: false })
        return collected
      } finally {
        end()
      }
    },

    due(now) {
      const due: (readonly [ObservationKind, Repeat])[] = []
      for (const [kind, repeat] of before) {
        const waits = now - (storedAt.get(kind) ?? -Infinity) < storeEveryMs
        // What a system lists is made anew by each process.
        if (repeat.isStored || waits || repeat.listed !== nothingListed) continue
        before.set(kind, { ...repeat, isStored: true })
        storedAt.set(kind, now)
        due.push([kind, repeat])
      }
      return due
    },
  }
}

/** Seen again: what is stored tells of a look that this process did not make. */
function asOf(now: number, { observations, gaps }: AnyCollected): AnyCollected {
  return {
    observations: observations.map((one) => ({ ...one, at: now })),
    gaps: gaps.map((one) => ({ ...one, at: now })),
  }
}

function givenBy(collector: AnyCollector, context: ScanContext): Given {
  const { accounts, memory, inventory, confirmUse } = context
  return {
    inventory,
    confirmUse,
    accounts: JSON.stringify(accounts),
    remembered: JSON.stringify(accounts.map((account) => rememberedOf(account, memory))),
    passing: collector.passing?.(context) ?? '',
  }
}

function rememberedOf({ name }: Account, memory: Memory): readonly unknown[] {
  return [memory.roots(name), memory.movedHomes(name)]
}

function isSame(a: Given, b: Given): boolean {
  return (
    a.inventory === b.inventory &&
    a.confirmUse === b.confirmUse &&
    a.accounts === b.accounts &&
    a.remembered === b.remembered &&
    a.passing === b.passing
  )
}
