// Reporting as a whole: enrol if that is still to be done, check in until nothing waits, take a new policy; and say when next.
// Failures change only the waiting time; nothing is lost and no credential is given up.
import type { State } from '../state.ts'
import type { Enrolment } from '../state/keys.ts'
import { regularDelayMs, retryDelayMs } from './backoff.ts'
import { checkIn, fetchPolicy, responses, type CheckInParts } from './check-in.ts'
import type { Client } from './client.ts'
import type { Enrolled } from './enrol.ts'
import { readPolicy } from './policy.ts'

export interface ReportingParts {
  readonly state: State
  readonly clock: CheckInParts['clock']
  readonly now: () => number
  readonly random: () => number
  readonly clientFor: (server: URL) => Client
  /** Tries to enrol with what the settings hold; null when they hold nothing. */
  readonly enrol: (() => Promise<Enrolled>) | null
  /** Says what went wrong, or, as `info`, what went as it should. */
  readonly log: (line: string, level?: 'info') => void
}

export interface Reported {
  /** When to report again. */
  readonly nextMs: number
  readonly policyChanged: boolean
}

export interface Reporting {
  /** @param timeoutMs for each request, where there is little time left; then only one is made */
  readonly report: (timeoutMs?: number) => Promise<Reported>
  /** Whether a report out of turn would be welcome: not after a refusal, nor while the server asked for patience. */
  readonly mayHurry: () => boolean
}

/** Without a policy yet: often enough that the first one comes soon. */
const defaultEverySeconds = 900
const limits = {
  /** No answer: a moment first, then up to half an hour. */
  retry: { firstMs: 5000, mostMs: 30 * 60_000 },
  /** A refusal that time alone does not change. */
  patience: { firstMs: 5 * 60_000, mostMs: 6 * 3_600_000 },
} as const
/** More than any backlog needs at once; the rest goes on at the next turn. */
const envelopesPerTurn = 50

export function createReporting(parts: ReportingParts): Reporting {
  const { state, now, random, log } = parts
  let failures = 0
  let hurry = true

  const failed = (code: string, detail: string, retryAfterMs: number | null, patient: boolean): Reported => {
    failures++
    hurry = !patient && retryAfterMs === null
    log(`check-in failed: ${code}: ${detail}`)
    const bounds = patient ? limits.patience : limits.retry
    return { nextMs: retryDelayMs(failures, bounds, retryAfterMs, random), policyChanged: false }
  }

  const regular = (policyChanged: boolean): Reported => {
    failures = 0
    hurry = true
    const stored = state.read('policy')
    const every = stored === null ? null : (readPolicy(stored.signed.text)?.checkInSeconds ?? null)
    return { nextMs: regularDelayMs(every ?? defaultEverySeconds, random), policyChanged }
  }

  const isPatient = (code: string): boolean =>
    Object.hasOwn(responses, code) && responses[code as keyof typeof responses] === 'patience'

  async function enrolFirst(): Promise<Enrolment | Reported> {
    const known = state.enrolment()
    if (known !== null) return known
    if (parts.enrol === null) return regular(false)
    const enrolled = await parts.enrol()
    if (!enrolled.ok)
      return failed(enrolled.code, enrolled.message, enrolled.retryAfterMs, isPatient(enrolled.code))
    log(`enrolled as ${enrolled.device}`, 'info')
    return state.enrolment() ?? failed('state-denied', 'the enrolment could not be read back', null, true)
  }

  async function report(timeoutMs?: number): Promise<Reported> {
    const enrolment = timeoutMs === undefined ? await enrolFirst() : state.enrolment()
    if (enrolment === null) return regular(false)
    if ('nextMs' in enrolment) return enrolment
    const server = new URL(enrolment.server)
    const checkInParts: CheckInParts = {
      state,
      client: parts.clientFor(server),
      enrolment,
      clock: parts.clock,
      now,
    }
    let policyChanged = false
    for (let turn = 0; turn < envelopesPerTurn; turn++) {
      const outcome = await checkIn(checkInParts, timeoutMs)
      if (outcome.is === 'failed') {
        return failed(outcome.code, outcome.detail, outcome.retryAfterMs, isPatient(outcome.code))
      }
      policyChanged ||= outcome.policyChanged
      if (!outcome.more || timeoutMs !== undefined) break
    }
    if (timeoutMs !== undefined || !(policyChanged || state.read('policy') === null)) return regular(false)
    const taken = await fetchPolicy(checkInParts)
    if (taken.is === 'refused') log(`policy refused: ${taken.why}`)
    if (taken.is === 'failed') log(`policy not fetched: ${taken.code}`)
    return regular(taken.is === 'taken')
  }

  return { report, mayHurry: () => hurry }
}
