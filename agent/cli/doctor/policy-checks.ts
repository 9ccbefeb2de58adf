// What the agent holds of the server: its policy, and how lately it reported. Pure but for the keys.
import type { DevicePolicy } from '#shared/protocol.ts'
import { verifies } from '../../state/keys.ts'
import { readPolicy } from '../../sync/policy.ts'
import { timeText } from '../time-text.ts'
import { fail, ok, roughly, warn, type Check } from './check.ts'
import { unknownOf, type Standing } from './standing.ts'

const soonMs = 7 * 86_400_000

export function policyCheck(standing: Standing, now: number): Check {
  const unknown = unknownOf(standing)
  if (unknown !== null) return warn('policy', unknown, 'See the state folder.')
  const { policy: known, from, enrolment } = standing
  if (from === 'copy')
    return ok(
      'policy',
      'Whether its signature fits is for the agent to say; `cutoff-agent status` shows your copy.',
    )
  if (known === null) {
    const says = 'No policy has been received.'
    return enrolment === null
      ? warn('policy', says, 'It comes after enrolment.')
      : warn('policy', says, 'It comes with the first report after a policy is applied on the server.')
  }
  const { signed, organisationKey } = known
  const advice = 'The next good one replaces it; if it stays so, move the state folder away and enrol again.'
  if (signed.key !== organisationKey || !verifies(organisationKey, signed.text, signed.signature))
    return fail('policy', 'The stored policy is not signed by the organisation’s key.', advice)
  const policy = readPolicy(signed.text)
  if (policy === null)
    return fail('policy', 'The stored policy cannot be read by this version.', 'Update the agent.')
  return ageCheck(policy, now)
}

function ageCheck({ version, organisation, activatedAt, expiresAt }: DevicePolicy, now: number): Check {
  const says = `Version ${version} of ${organisation}, signed by its key, in force since ${timeText(activatedAt)}`
  const until = `expires ${timeText(expiresAt)}`
  const advice = 'Apply it again on the server (`cutoff-server policy apply`), which renews it.'
  if (expiresAt <= now) return fail('policy', `${says}; it has expired (${timeText(expiresAt)}).`, advice)
  if (expiresAt - now < soonMs) return warn('policy', `${says}; it ${until}.`, advice)
  return ok('policy', `${says}; it ${until}.`)
}

const usualSeconds = 900
const dayMs = 86_400_000

export function checkInCheck(standing: Standing, now: number): Check {
  const unknown = unknownOf(standing)
  if (unknown !== null) return warn('check-in', unknown, 'See the state folder.')
  const { sync, enrolment, waiting, policy } = standing
  if (enrolment === null) return warn('check-in', 'Nothing is reported yet.', 'See the enrolment.')
  const failure =
    sync?.lastError == null
      ? ''
      : ` The last try failed ${roughly(now - sync.lastError.at)} ago: ${sync.lastError.message} [${sync.lastError.code}].`
  const waits = ` ${waiting} records wait.`
  const advice = 'See the server and the agent above; nothing is lost meanwhile.'
  if (sync?.lastAt == null) return warn('check-in', `No report was received yet.${failure}${waits}`, advice)
  const agoMs = now - sync.lastAt
  const says = `The last report was received ${roughly(agoMs)} ago.${failure}${waits}`
  if (agoMs > dayMs) return fail('check-in', says, advice)
  const every = (policy === null ? null : readPolicy(policy.signed.text)?.checkInSeconds) ?? usualSeconds
  // Every 10 % more, and a moment for a machine that just woke up.
  return failure !== '' || agoMs > every * 3300 + 120_000
    ? warn('check-in', says, advice)
    : ok('check-in', says)
}
