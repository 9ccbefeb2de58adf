// Runs jobs while the server is up: soon after something asks for one, and whenever a rule's date passes.
import type { Context } from '../context.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { removeOldSessions } from '../store/sessions.ts'
import { sessionIdleMs, sessionMaxMs } from '../session/session.ts'
import { hearing } from '../hearing.ts'
import { refreshDevicePolicy } from '../policy/activate.ts'
import { stepRelease } from '../policy/release.ts'
import { lookForPassedDates } from './dates.ts'
import { runJobs } from './rejudge.ts'

const everyMs = 1000
const tidyEveryMs = 3_600_000
const releaseEveryMs = 60_000

export interface Runner {
  /** Waits for the step under way. */
  readonly stop: () => Promise<void>
}

export function startRunner(context: Context, readRules: RulesReader): Runner {
  let stopped = false
  let tidiedAt = 0
  let steppedAt = 0

  async function tick(heardAsOf: () => number): Promise<void> {
    const now = context.now()
    await lookForPassedDates(context, readRules)
    await runJobs(context, readRules)
    if (now - steppedAt >= releaseEveryMs || now < steppedAt) {
      steppedAt = now
      await stepRelease(context, heardAsOf())
    }
    if (now - tidiedAt < tidyEveryMs) return
    tidiedAt = now
    await context.store.write((db) => removeOldSessions(db, now - sessionIdleMs, now - sessionMaxMs))
    await refreshDevicePolicy(context)
  }

  async function run(): Promise<void> {
    const heardAsOf = await hearing(context)
    while (!stopped) {
      try {
        await tick(heardAsOf)
      } catch (error) {
        context.log.error({ err: error }, 'a job failed and is tried again')
      }
      await sleep(everyMs)
    }
  }

  let wake: () => void = () => undefined
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const running = run()
  return {
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
