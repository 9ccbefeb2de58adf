// Dates pass without anybody asking: what was ahead is then present, what was excused is not. Asks for judging when one has.
import type { Context } from '../context.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { addJob, datesLookedAt, noteDatesLookedAt } from '../store/jobs.ts'

/** How often it is written down that nothing has passed. */
const noteEveryMs = 60_000

/** Adds a job when a date has passed since the last look, the server having run or not. */
export async function lookForPassedDates(context: Context, readRules: RulesReader): Promise<void> {
  const { store } = context
  const now = context.now()
  const since = await datesLookedAt(store.read)
  const { edges } = await readRules(store.read)
  const passed = edges.some((edge) => since < edge && edge <= now)
  if (!passed && now - since < noteEveryMs && now >= since) return
  await store.write(async (db) => {
    if (passed) await addJob(db, 'rejudge', now)
    await noteDatesLookedAt(db, now)
  })
}
