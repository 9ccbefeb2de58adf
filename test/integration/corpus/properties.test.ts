// What must hold on every machine of the corpus, whatever its tools and noise are.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FakeNode } from '../../helpers/fake-host.ts'
import { ann, ben, type Draft } from '../../corpus/draft.ts'
import { lookAlikes } from '../../corpus/look-alikes.ts'
import { machineOf, machineOfNoise, type Machine } from '../../corpus/machine.ts'
import { outcomeOf, type Outcome } from '../../corpus/pipeline.ts'
import { randomOf } from '../../corpus/random.ts'

const seeds = fc.integer({ min: 1, max: 1_000_000 })
const runs = { numRuns: 60 }
const states = ['leftover', 'installed', 'started', 'used']
const strengths = ['weak', 'likely', 'proven']

/** What was said, without paths and times, in an order of its own. */
function saidOf({ detected, findings }: Outcome, name: (account: string | null) => string | null = (a) => a) {
  return {
    detected: detected
      .map((d) => [d.tool, name(d.account), d.state, d.running, d.strength, d.version].join(' '))
      .toSorted(),
    findings: findings.map((f) => [f.tool, name(f.account), f.status, f.row].join(' ')).toSorted(),
  }
}

/** Whom, of what, and how gravely. */
function accusedIn({ findings }: Outcome): string[] {
  return findings
    .filter(({ status }) => status === 'violation' || status === 'suspected')
    .map(({ tool, account, status }) => `${tool} ${account} ${status}`)
}

test('noise takes no detection away and makes none weaker', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const quiet = await outcomeOf(machineOf(seed, { noise: false }))
      const noisy = await outcomeOf(machineOf(seed))
      for (const one of quiet.detected) {
        const same = noisy.detected.find((d) => d.tool === one.tool && d.account === one.account)
        expect(states.indexOf(same?.state ?? '')).toBeGreaterThanOrEqual(states.indexOf(one.state))
        expect(strengths.indexOf(same?.strength ?? '')).toBeGreaterThanOrEqual(
          strengths.indexOf(one.strength),
        )
        expect(same?.running).toBe(one.running)
      }
      expect(accusedIn(noisy)).toEqual(accusedIn(quiet))
    }),
    runs,
  )
})

test('without the records nothing was used and nobody is accused', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const machine = machineOf(seed)
      for (const { records } of machine.cases)
        for (const path of records) {
          delete machine.draft.files[path]
          if (machine.later !== null) delete machine.later.files[path]
        }
      const { detected, findings } = await outcomeOf(machine)

      expect(detected.filter(({ state }) => state === 'used').map(({ tool }) => tool)).toEqual([])
      const accusing = findings.filter(({ status }) => status === 'violation' || status === 'suspected')
      expect(accusing.map(({ tool }) => tool)).toEqual([])
    }),
    runs,
  )
})

test('a detection goes with the account whose files they are, and stays with it', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const one = await outcomeOf(machineOf(seed))
      const other = await outcomeOf(machineOf(seed, { people: [ben, ann] }))
      const swapped = (account: string | null): string | null =>
        account === 'ann' ? 'ben' : account === 'ben' ? 'ann' : account

      expect(saidOf(other, swapped)).toEqual(saidOf(one))
    }),
    runs,
  )
})

test('the order of files, of folders’ listings and of processes changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, seeds, async (seed, order) => {
      const machine = machineOf(seed)
      const shuffled: Machine = { ...machine, draft: shuffledDraft(machine.draft, order) }

      expect(saidOf(await outcomeOf(shuffled))).toEqual(saidOf(await outcomeOf(machineOf(seed))))
    }),
    runs,
  )
})

test('look-alikes of one kind are never taken for a tool, whoever has them', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.constantFrom(...lookAlikes), async (seed, lookAlike) => {
      const { detected } = await outcomeOf(machineOfNoise(lookAlike, seed))

      expect(detected.map(({ tool, strength }) => [tool, strength])).toEqual([])
    }),
    runs,
  )
})

function shuffledDraft(draft: Draft, order: number): Draft {
  const random = randomOf(order)
  const shuffle = <T>(items: readonly T[]): T[] => {
    const left = [...items]
    const taken: T[] = []
    while (left.length > 0) taken.push(...left.splice(random.int(left.length), 1))
    return taken
  }
  const files: Record<string, FakeNode> = Object.fromEntries(shuffle(Object.entries(draft.files)))
  return { ...draft, files, processes: shuffle(draft.processes) }
}
