// The harnesses, in the order in which they run.
import { flipBits } from './flips.ts'
import { fillDisk } from './full-disk.ts'
import { killAgents } from './kills.ts'
import { deleteRecords } from './losses.ts'
import { whyNoMachine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'
import { answerInItsPlace } from './strangers.ts'

export interface Harness {
  readonly name: string
  /** Why it cannot run here. */
  readonly whyNot: () => string | undefined
  readonly run: (runs: number, chance: Chance) => Promise<Outcome>
}

const always = (): undefined => undefined
const part = (runs: number, of: number): number => Math.max(1, Math.ceil(runs / of))

export const harnesses: readonly Harness[] = [
  { name: 'kills', whyNot: whyNoMachine, run: killAgents },
  { name: 'losses', whyNot: whyNoMachine, run: (runs, chance) => deleteRecords(part(runs, 10), chance) },
  {
    name: 'strangers',
    whyNot: whyNoMachine,
    run: (runs, chance) => answerInItsPlace(part(runs, 10), chance),
  },
  { name: 'full-disk', whyNot: whyNoMachine, run: (runs, chance) => fillDisk(part(runs, 10), chance) },
  { name: 'flips', whyNot: always, run: (runs, chance) => flipBits(runs * 20, chance) },
]
