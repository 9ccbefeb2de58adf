// A generator of repeatable choices from one number: the corpus is the same wherever and whenever it is made.

export interface Random {
  /** From 0 up to, not including, `below`. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** Some of them, each once, in a chosen order. */
  some<T>(from: readonly T[], atMost: number): readonly T[]
  uuid(): string
}

/** Mulberry32: small, and good enough to choose with. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number): number => Math.floor(next() * below)
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[int(from.length)]
    if (chosen === undefined) throw new Error('nothing to choose from: a bug in the corpus')
    return chosen
  }
  return {
    int,
    chance: (probability) => next() < probability,
    pick,
    some(from, atMost) {
      const left = [...from]
      const taken: (typeof left)[number][] = []
      for (let count = int(atMost + 1); count > 0 && left.length > 0; count -= 1)
        taken.push(...left.splice(int(left.length), 1))
      return taken
    },
    uuid() {
      const hex = (length: number): string => Array.from({ length }, () => int(16).toString(16)).join('')
      return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
    },
  }
}
