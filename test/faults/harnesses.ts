// The harnesses, in the order in which they run.
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

export const harnesses: readonly Harness[] = [{ name: 'kills', whyNot: whyNoMachine, run: killAgents }]
