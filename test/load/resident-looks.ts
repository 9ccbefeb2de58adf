// Full looks inside one process, as the daemon makes them: collecting, matching, writing down what changed, then giving memory
// back. Prints the CPU milliseconds of each, the first one first, as JSON. Leaves its state in the folder that it is given.
import { setTimeout as sleep } from 'node:timers/promises'
import { keepSmall } from '../../agent/footprint.ts'
import { thisHost } from '../../agent/platform/this-host.ts'
import { testAgent } from '../helpers/test-agent.ts'

/** CPU milliseconds. */
export interface LookCosts {
  readonly looks: readonly number[]
  readonly rests: readonly number[]
}

const count = 10
/** Long enough that no timer of one look falls into the next. */
const pauseMs = 200
/** What changed within the last three seconds may change again unseen, and is looked at anew: the state's own folder was just made. */
const settlingMs = 4000

async function main(folder: string): Promise<LookCosts> {
  const rest = keepSmall()
  const agent = testAgent({ host: await thisHost(), folder })
  await sleep(settlingMs)
  const looks: number[] = []
  const rests: number[] = []
  for (let n = 0; n < count; n++) {
    looks.push(
      await cpuMsOf(async () => {
        await agent.looks.full()
        agent.looks.keepRepeats()
      }),
    )
    await sleep(pauseMs)
    rests.push(await cpuMsOf(rest))
  }
  agent.close()
  return { looks, rests }
}

async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

if (import.meta.main) console.log(JSON.stringify(await main(process.argv[2] ?? '')))
