// Reporting as a whole: enrol if that is still to be done or to be done again, check in until nothing waits, take a new policy;
// and say when next. Failures change only the waiting time; nothing is lost and no credential is given up.
import type { State } from '../state.ts'
import type { Enrolment } from '../state/keys.ts'
import { regularDelayMs, retryDelayMs } from './backoff.ts'
import { checkIn, fetchPolicy, noteFailure, responseTo, type CheckInParts, type Failed } from './check-in.ts'
import type { Client } from './client.ts'
import type { Enrolled } from './enrol.ts'
import { readPolicy } from './policy.ts'
import type { KeyRotation, Rotated } from './rotate.ts'

export interface ReportingParts {
  readonly state: State
  readonly clock: CheckInParts['clock']
  readonly now: () => number
  readonly random: () => number
  readonly clientFor: (server: URL) => Client
  /** For the last report, which comes after giving up. */
  readonly lastClientFor: (server: URL) => Client
  /** Ends all requests but those of the last report, on their way or to come. */
  readonly giveUp: () => void
  /** Tries to enrol with what the settings hold; null when they hold nothing. */
  readonly enrol: (() => Promise<Enrolled>) | null
  /** The same as another device, which takes over when it worked: this state lives on two machines. */
  readonly enrolSuccessor?: (() => Promise<Enrolled>) | null
  /** Asks the server where this device is enrolled for its keys again, and takes those that may take the place of the known ones. */
  readonly renew: (enrolment: Enrolment) => Promise<Enrolled>
  /** Whether the settings let this key of the organisation's take the place of the one that is believed. */
  readonly isNextKey: (organisationKey: string, believed: string) => boolean
  /** The believed key of the organisation's and those that may follow it, by the first digits of their fingerprints. */
  readonly keysThatCount: (believed: string) => readonly string[]
  /** How the device gets another key, where it does. */
  readonly rotation?: KeyRotation
  /** Whether the settings now name another server or organisation than the one where this device is enrolled. */
  readonly isElsewhere?: (enrolment: Enrolment) => boolean
  /** Says what went wrong, or, as `info`, what went as it should. */
  readonly log: (line: string, level?: 'info') => void
}

export interface Reported {
  /** When to report again. */
  readonly nextMs: number
  readonly policyChanged: boolean
}

export interface Reporting {
  readonly report: () => Promise<Reported>
  /** Before the agent ends: a report on its way is not waited for. It is as if no answer had come, and waits for the last one. */
  readonly giveUp: () => void
  /**
   * Before the agent ends: what waits is told, as far as the time goes; nothing is asked for and nobody enrols.
   * @param mostMs for all of it
   * @returns whether all of that was received
   */
  readonly reportLast: (mostMs: number) => Promise<boolean>
  /** Whether a report out of turn would be welcome: not after a refusal, nor while the server asked for patience. */
  readonly mayHurry: () => boolean
}

/** How long an end may wait for the last report. */
export const lastReportMs = 3000
/** Without a policy yet: often enough that the first one comes soon. */
const defaultEverySeconds = 900
const limits = {
  /** No answer: a moment first, then up to half an hour. */
  retry: { firstMs: 5000, mostMs: 30 * 60_000 },
  /** A refusal that time alone does not change. */
  patience: { firstMs: 5 * 60_000, mostMs: 6 * 3_600_000 },
} as const
/** The settings name another place and not with what to enrol there. */
const notAsked = {
  ok: false,
  code: 'enrolment-missing',
  message:
    'the settings name another server or organisation than the one where this device is enrolled: give tokenFile and organisationKey with them, or run cutoff-agent enrol',
  retryAfterMs: null,
} as const satisfies Enrolled
/** More than any backlog needs at once; the rest goes on at the next turn. */
const envelopesPerTurn = 50

export function createReporting(parts: ReportingParts): Reporting {
  const { state, now, random, log, rotation } = parts
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

  /** Where nothing that can be done at once is left, waiting a moment changes nothing. */
  const isPatient = (code: string): boolean =>
    ['patience', 'enrol', 'new-identity'].includes(responseTo(code) ?? '') || code === notAsked.code

  /** The enrolment to report under; null without one. When the settings name another place, nothing more goes to the old one. */
  function enrolledHere(): Enrolment | null {
    const known = state.enrolment()
    return known === null || parts.isElsewhere?.(known) === true ? null : known
  }

  async function enrolFirst(): Promise<Enrolment | Reported> {
    const here = enrolledHere()
    if (here !== null) return here
    if (parts.enrol === null && state.enrolment() === null) return regular(false)
    const enrolled = parts.enrol === null ? notAsked : await parts.enrol()
    if (!enrolled.ok) {
      noteFailure(state, { code: enrolled.code, detail: enrolled.message }, now())
      return failed(enrolled.code, enrolled.message, enrolled.retryAfterMs, isPatient(enrolled.code))
    }
    log(`enrolled as ${enrolled.device}`, 'info')
    return state.enrolment() ?? failed('state-denied', 'the enrolment could not be read back', null, true)
  }

  /** Gives the device another key if that is due. Null: go on, with whichever key counts. */
  async function rotateFirst(enrolment: Enrolment): Promise<Reported | null> {
    // What is on its way is signed with the key that it has, and has to arrive first.
    if (rotation?.isDue() !== true || state.outbox.sealed() !== null) return null
    const rotated = await rotation.rotate(enrolment)
    note(rotated)
    // Nothing would get through; and if it does, whether the server has the new key already is not known.
    return rotated.ok || !rotated.isUnanswered
      ? null
      : failed(rotated.code, rotated.detail, rotated.retryAfterMs, false)
  }

  function note(rotated: Rotated): void {
    if (rotated.ok) log('the device has a new key', 'info')
    else log(`the device’s key was not replaced: ${rotated.code}: ${rotated.detail}`)
  }

  /** Asks again for a key on its way where the present one is refused, as it is once the server has the other; null: none is. */
  async function rotateAgain(code: string, enrolment: Enrolment): Promise<Rotated | null> {
    if (!['bad-signature', 'clone-suspected'].includes(code) || rotation?.isUnderWay() !== true) return null
    const rotated = await rotation.rotate(enrolment)
    note(rotated)
    return rotated
  }

  /** What a refusal asks for besides waiting. Nothing that is held is given up unless enrolling worked. */
  async function recover({ code, detail, retryAfterMs }: Failed, enrolment: Enrolment): Promise<Reported> {
    const rotated = await rotateAgain(code, enrolment)
    // Another identity is for whoever is told that neither key counts, not for whoever got no answer.
    if (rotated?.ok === false && (rotated.isUnanswered || responseTo(rotated.code) === 'retry'))
      return failed(rotated.code, rotated.detail, rotated.retryAfterMs, false)
    if (rotated?.ok === true) return failed(code, detail, null, false)
    const response = responseTo(code)
    const again =
      response === 'renew'
        ? () => parts.renew(enrolment)
        : response === 'enrol'
          ? parts.enrol
          : response === 'new-identity'
            ? parts.enrolSuccessor
            : null
    const enrolled = again == null ? null : await again()
    if (enrolled === null) return failed(code, detail, retryAfterMs, isPatient(code))
    if (!enrolled.ok) {
      const both = `${detail}; enrolling again failed: ${enrolled.message} (${enrolled.code})`
      return failed(code, both, enrolled.retryAfterMs ?? retryAfterMs, true)
    }
    log(`enrolled again, as ${enrolled.device}, after ${code}`, 'info')
    return failed(code, detail, null, false)
  }

  const checkInUnder = (enrolment: Enrolment, clientFor = parts.clientFor): CheckInParts => ({
    state,
    client: clientFor(new URL(enrolment.server)),
    enrolment,
    organisationKeys: parts.keysThatCount(enrolment.organisationKey),
    clock: parts.clock,
    now,
  })

  /** The enrolment to go on under where the server says that the organisation's key is this one: with it, if the settings name it next. */
  async function followTo(told: string | undefined, enrolment: Enrolment): Promise<Enrolment> {
    if (told === undefined || !parts.isNextKey(told, enrolment.organisationKey)) return enrolment
    const renewed = await parts.renew(enrolment)
    if (renewed.ok) log('the organisation has a new key', 'info')
    else log(`the organisation’s new key was not taken: ${renewed.code}: ${renewed.message}`)
    return state.enrolment() ?? enrolment
  }

  async function report(): Promise<Reported> {
    const enrolment = await enrolFirst()
    if ('nextMs' in enrolment) return enrolment
    const held = await rotateFirst(enrolment)
    if (held !== null) return held
    const checkInParts = checkInUnder(enrolment)
    let policyChanged = false
    let organisationKey: string | undefined
    for (let turn = 0; turn < envelopesPerTurn; turn++) {
      const outcome = await checkIn(checkInParts)
      if (outcome.is === 'failed') return recover(outcome, enrolment)
      policyChanged ||= outcome.policyChanged
      organisationKey = outcome.organisationKey
      if (!outcome.more) break
    }
    const under = await followTo(organisationKey, enrolment)
    // Also what the key before has signed: the new one signs it again under the same name.
    if (!policyChanged && state.read('policy')?.signed.key === under.organisationKey) return regular(false)
    const taken = await fetchPolicy(checkInUnder(under))
    if (taken.is === 'refused') log(`policy refused: ${taken.why}`)
    if (taken.is === 'failed') {
      const { detail, retryAfterMs } = taken
      return failed(taken.code, `the policy was not fetched: ${detail}`, retryAfterMs, isPatient(taken.code))
    }
    return regular(taken.is === 'taken')
  }

  async function reportLast(mostMs: number): Promise<boolean> {
    const enrolment = enrolledHere()
    // Too little time to find out which key counts: all waits on the disk.
    if (enrolment === null || rotation?.isUnderWay() === true) return false
    const checkInParts = checkInUnder(enrolment, parts.lastClientFor)
    const until = now() + mostMs
    // The clock may be set meanwhile.
    const leftMs = (): number => Math.min(until - now(), mostMs)
    const { sequence } = state.outbox.chain()
    for (let turn = 0; turn < envelopesPerTurn && leftMs() > 0; turn++) {
      const outcome = await checkIn(checkInParts, leftMs())
      if (outcome.is === 'failed') {
        log(`check-in failed: ${outcome.code}: ${outcome.detail}`)
        return false
      }
      const [next] = state.outbox.peek(1)
      // What was added meanwhile stays: nothing is to come after the last word.
      if (next === undefined || next.sequence > sequence) return true
    }
    return false
  }

  return { report, giveUp: parts.giveUp, reportLast, mayHurry: () => hurry }
}
