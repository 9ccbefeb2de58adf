// Which collectors wait because they ran out of their time: one that does so at every look would cost a laptop that much for ever.
// Each time it does again it waits for twice as many looks, a day's at most; until then its places are a gap.
import type { ObservationKind } from '#shared/observation.ts'

export interface Budgets {
  /** Whether the collector has its turn at this look; one that waits has waited for one look more. Once a look. */
  readonly takeTurn: (collector: ObservationKind) => boolean
  /** What became of its turn. */
  readonly turnEnded: (collector: ObservationKind, overBudget: boolean) => void
  /** Those that wait now. */
  readonly waiting: () => readonly ObservationKind[]
}

/** With a look an hour, once a day at least. */
const mostLooks = 23

export function createBudgets(): Budgets {
  const overruns = new Map<ObservationKind, number>()
  const waits = new Map<ObservationKind, number>()
  return {
    takeTurn(collector) {
      const left = waits.get(collector) ?? 0
      if (left === 0) return true
      waits.set(collector, left - 1)
      return false
    },
    turnEnded(collector, overBudget) {
      const times = overBudget ? (overruns.get(collector) ?? 0) + 1 : 0
      overruns.set(collector, times)
      // The first time may have been a busy moment of the machine's.
      waits.set(collector, times < 2 ? 0 : Math.min(2 ** (times - 2), mostLooks))
    },
    waiting: () => [...waits].flatMap(([collector, left]) => (left > 0 ? [collector] : [])),
  }
}
