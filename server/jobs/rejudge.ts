// Judges all devices again, a few at a time, between check-ins; goes on after a restart where it was.
import type { Context } from '../context.ts'
import { judgeHeld } from '../judging/judge-device.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { heldFacts } from '../store/held-facts.ts'
import { deviceIdsAfter, endJob, leaseJob, moveJob } from '../store/jobs.ts'

/** Small enough that a check-in waits for no longer than one group of them takes. */
const devicesPerStep = 25
const leaseMs = 60_000

/** Does one step of the oldest job; false when there is none. */
export async function stepJobs(context: Context, readRules: RulesReader): Promise<boolean> {
  const { store, now } = context
  return store.write(async (db) => {
    const job = await leaseJob(db, now(), leaseMs)
    if (job === undefined) return false
    const devices = await deviceIdsAfter(db, job.cursor, devicesPerStep)
    const last = devices.at(-1)
    if (last === undefined) {
      await endJob(db, job.id)
      return true
    }
    const rules = await readRules(db)
    const at = now()
    for (const held of await heldFacts(db, devices)) await judgeHeld(db, context, rules, held, at)
    // Given back at once: whoever comes next takes the next step.
    await moveJob(db, job.id, last, 0)
    return true
  })
}

/** Does every job there is. */
export async function runJobs(context: Context, readRules: RulesReader): Promise<void> {
  while (await stepJobs(context, readRules)) {
    // Requests come first.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
