// Runs jobs while the server is up: soon after something asks for one, and whenever a rule's date passes.
import type { Context } from '../context.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { instantsOf } from '#shared/rules.ts'
import { addJob } from '../store/jobs.ts'
import { removeOldSessions } from '../store/sessions.ts'
import { sessionIdleMs, sessionMaxMs } from '../session/session.ts'
import { refreshDevicePolicy } from '../policy/activate.ts'
import { runJobs } from './rejudge.ts'

const everyMs = 1000
const tidyEveryMs = 3_600_000

export interface Runner {
  /** Waits for the step under way. */
  readonly stop: () => Promise<void>
}

export function startRunner(context: Context, readRules: RulesReader): Runner {
  let stopped = false
  let lookedAt = context.now()
  let tidiedAt = 0

  async function tick(): Promise<void> {
    const now = context.now()
    if (await datePassed(context, readRules, lookedAt, now))
      await context.store.write((db) => addJob(db, 'rejudge', now))
    lookedAt = now
    await runJobs(context, readRules)
    if (now - tidiedAt < tidyEveryMs) return
    tidiedAt = now
    await context.store.write((db) => removeOldSessions(db, now - sessionIdleMs, now - sessionMaxMs))
    await refreshDevicePolicy(context)
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await tick()
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

/** Whether a rule began or ended to hold since the last look: what was ahead is then present. */
async function datePassed(
  context: Context,
  readRules: RulesReader,
  from: number,
  to: number,
): Promise<boolean> {
  const policy = (await readRules(context.store.read)).versions.at(-1)?.policy
  if (policy === undefined) return false
  return policy.rules.some((rule) => {
    const { cutoff, until } = instantsOf(rule, policy)
    return [cutoff, until].some((edge) => edge !== null && from < edge && edge <= to)
  })
}
