// A short run of each harness that `npm run test:faults` has: the promise holds for these seeds.
import { expect, test } from 'vitest'
import { harnesses } from '../../faults/harnesses.ts'
import { seeded } from '../../faults/seeded.ts'

const shortRuns = 3
/** The others wait long for what may come late. */
const short = ['kills', 'compaction', 'losses', 'uses', 'full-disk', 'week', 'policies', 'flips']

for (const { name, whyNot, run } of harnesses.filter((harness) => short.includes(harness.name))) {
  test.skipIf(whyNot() !== undefined)(
    `a short run finds nothing: ${name}`,
    { timeout: 240_000 },
    async () => {
      expect((await run(shortRuns, seeded(11))).failures).toEqual([])
    },
  )
}
