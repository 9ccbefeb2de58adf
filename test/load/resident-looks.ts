// Full looks inside one process, as the daemon makes them: collecting, matching, and writing down what changed. Prints the
// CPU milliseconds of each, the first one first, as JSON. Leaves the state of its looks in the folder that it is given.
import { setTimeout as sleep } from 'node:timers/promises'
import { thisHost } from '../../agent/platform/this-host.ts'
import { testAgent } from '../helpers/test-agent.ts'

const looks = 10
/** Long enough that no timer of one look falls into the next. */
const pauseMs = 200

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: resident-looks.ts FOLDER')
const agent = testAgent({ host: await thisHost(), folder })
const cpuMs: number[] = []
for (let n = 0; n < looks; n++) {
  const before = process.cpuUsage()
  await agent.looks.full()
  const { user, system } = process.cpuUsage(before)
  cpuMs.push((user + system) / 1000)
  await sleep(pauseMs)
}
agent.close()
console.log(JSON.stringify(cpuMs))
