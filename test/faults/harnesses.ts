// The harnesses, in the order in which they run.
import { flipBits } from './flips.ts'
import { killAgents } from './kills.ts'
import { whyNoMachine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

export interface Harness {
  readonly name: string
  /** Why it cannot run here. */
  readonly whyNot: () => string | undefined
  readonly run: (runs: number, chance: Chance) => Promise<Outcome>
}

const always = (): undefined => undefined

export const harnesses: readonly Harness[] = [
  { name: 'kills', whyNot: whyNoMachine, run: killAgents },
  { name: 'flips', whyNot: always, run: (runs, chance) => flipBits(runs * 20, chance) },
]
