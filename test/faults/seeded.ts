// Chance that can be had again: the same numbers for the same seed (mulberry32), so that a failure can be repeated.

export interface Chance {
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number, at least 0, below `below`. */
  readonly below: (below: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

export function seeded(seed: number): Chance {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    next,
    below,
    pick(from) {
      const picked = from[below(from.length)]
      if (picked === undefined) throw new Error('there is nothing to pick from')
      return picked
    },
  }
}
