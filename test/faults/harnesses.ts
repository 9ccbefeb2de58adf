// The harnesses, in the order in which they run.
import { flipBits } from './flips.ts'
import { fillDisk } from './full-disk.ts'
import { killCompactions } from './compaction-kills.ts'
import { killAgents } from './kills.ts'
import { deleteRecords } from './losses.ts'
import { whyNoMachine } from './machine.ts'
import { sitOut } from './outage.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'
import { bendPolicies } from './policies.ts'
import { answerInItsPlace } from './strangers.ts'
import { writeUses } from './uses.ts'

export interface Harness {
  readonly name: string
  /** Why it cannot run here. */
  readonly whyNot: () => string | undefined
  readonly run: (runs: number, chance: Chance) => Promise<Outcome>
}

/** From so many runs on, those that take a time instead of a number take all of it. */
const longRuns = 20
const always = (): undefined => undefined
const part = (runs: number, of: number): number => Math.max(1, Math.ceil(runs / of))

export const harnesses: readonly Harness[] = [
  { name: 'kills', whyNot: whyNoMachine, run: killAgents },
  { name: 'compaction', whyNot: always, run: (runs, chance) => killCompactions(part(runs, 2), chance) },
  { name: 'losses', whyNot: whyNoMachine, run: (runs, chance) => deleteRecords(part(runs, 10), chance) },
  {
    name: 'strangers',
    whyNot: whyNoMachine,
    run: (runs, chance) => answerInItsPlace(part(runs, 10), chance),
  },
  { name: 'uses', whyNot: whyNoMachine, run: (runs, chance) => writeUses(runs * 8, chance) },
  { name: 'full-disk', whyNot: whyNoMachine, run: (runs, chance) => fillDisk(part(runs, 10), chance) },
  {
    name: 'week',
    whyNot: always,
    run: (runs, chance) =>
      sitOut(
        runs < longRuns
          ? { days: 4, capMegabytes: 16, sessions: 260, updates: 40 }
          : { days: 7, capMegabytes: 64, sessions: 250, updates: 400 },
        chance,
      ),
  },
  {
    name: 'month',
    whyNot: always,
    run: (runs, chance) =>
      sitOut(
        runs < longRuns
          ? { days: 30, capMegabytes: 16, sessions: 40, updates: 20 }
          : { days: 30, capMegabytes: 64, sessions: 250, updates: 100 },
        chance,
      ),
  },
  { name: 'policies', whyNot: always, run: (runs, chance) => bendPolicies(runs * 1000, chance) },
  { name: 'flips', whyNot: always, run: (runs, chance) => flipBits(runs * 20, chance) },
]
