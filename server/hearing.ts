// As of when silence is told: a server that was down itself has heard of nobody, which is no silence of theirs.
import type { Context } from './context.ts'
import { datesLookedAt } from './store/jobs.ts'

/** Twice the time between two reports: whoever reports has done so by then. */
const settlingMs = 30 * 60_000

/**
 * Answers the time as of which silence is told: now, and for half an hour after the server's start the last minute in which the
 * run before was up, as its jobs have noted it. Ask before they begin again.
 */
export async function hearing({ store, now }: Pick<Context, 'store' | 'now'>): Promise<() => number> {
  const heardUntil = await datesLookedAt(store.read)
  const startedAt = now()
  return () => {
    const at = now()
    const isSettling = at >= startedAt && at < startedAt + settlingMs
    return isSettling ? Math.min(at, heardUntil) : at
  }
}
