// What the agent holds of the server: its policy, and how lately it reported. Pure but for the keys.
import type { DevicePolicy } from '#shared/protocol.ts'
import { wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import { apartText } from '#shared/words/time-words.ts'
import { verifies } from '../../state/keys.ts'
import { readPolicy } from '../../sync/policy.ts'
import { timeText } from '../time-text.ts'
import { doctorOwnWords } from '../words/doctor-own-words.ts'
import { doctorWords } from '../words/doctor-words.ts'
import { sentences } from '../words/said.ts'
import { fail, ok, warn, type Check } from './check.ts'
import { unknownOf, type Standing } from './standing.ts'

const soonMs = 7 * 86_400_000

export function policyCheck(standing: Standing, now: number, language: Language): Check {
  const unknown = unknownOf(standing, language)
  if (unknown !== null) return warn('policy', unknown, doctorWords[language].seeState)
  const say = doctorOwnWords[language].policy
  const { policy: known, from, enrolment } = standing
  if (from === 'copy') return ok('policy', say.copy)
  if (known === null)
    return warn('policy', say.none, enrolment === null ? say.afterEnrolment : say.afterApplied)
  const { signed, organisationKey, givenBack } = known
  if (signed.key !== organisationKey || !verifies(organisationKey, signed.text, signed.signature))
    return fail('policy', say.unsigned, say.nextGood)
  const policy = readPolicy(signed.text)
  if (policy === null) return fail('policy', say.unreadable, say.update)
  // Its name begins with its version.
  if (givenBack !== null && Number.parseInt(givenBack, 10) > policy.version)
    return warn('policy', say.wentBack(policy.version, givenBack), say.correct)
  return ageCheck(policy, now, say)
}

function ageCheck(
  policy: DevicePolicy,
  now: number,
  say: (typeof doctorOwnWords)[Language]['policy'],
): Check {
  const { version, organisation, activatedAt, expiresAt } = policy
  const facts = [version, organisation, timeText(activatedAt), timeText(expiresAt)] as const
  if (expiresAt <= now) return fail('policy', say.expired(...facts), say.renew)
  const says = say.expires(...facts)
  return expiresAt - now < soonMs ? warn('policy', says, say.renew) : ok('policy', says)
}

const usualSeconds = 900
const dayMs = 86_400_000

export function checkInCheck(standing: Standing, now: number, language: Language): Check {
  const unknown = unknownOf(standing, language)
  if (unknown !== null) return warn('check-in', unknown, doctorWords[language].seeState)
  const say = doctorOwnWords[language].report
  const { sync, enrolment, waiting, policy } = standing
  if (enrolment === null) return warn('check-in', say.notYet, say.seeEnrolment)
  const ago = (then: number) => apartText(wordsOf(language).times, now - then)
  const error = sync?.lastError ?? null
  const failure = error === null ? null : say.failed(ago(error.at), error.message, error.code)
  const told = (first: string) => sentences(language, [first, failure, say.wait(waiting)])
  if (sync?.lastAt == null) return warn('check-in', told(say.never), say.seeAbove)
  const agoMs = now - sync.lastAt
  const says = told(say.received(ago(sync.lastAt)))
  if (agoMs > dayMs) return fail('check-in', says, say.seeAbove)
  const every = (policy === null ? null : readPolicy(policy.signed.text)?.checkInSeconds) ?? usualSeconds
  // Every 10 % more, and a moment for a machine that just woke up.
  return failure !== null || agoMs > every * 3300 + 120_000
    ? warn('check-in', says, say.seeAbove)
    : ok('check-in', says)
}
