// One check-in: seals what waits, sends it, and writes down what the answer settles. What each refusal means for the agent
// stands in one table; none of them ever destroys a credential.
import {
  PROTOCOL_VERSION,
  Receipt,
  releaseName,
  type CheckInResponse,
  type EnvelopeHeader,
} from '#shared/protocol.ts'
import type { ProblemCode } from '#shared/problem.ts'
import type { DeviceClock } from '../device-clock.ts'
import { learnDrift, toldSoFar } from '../drift.ts'
import { isGivenBack, takeOnTrial } from '../policy-trial.ts'
import { agentRecord } from '../report/agent-record.ts'
import { learnLooks } from '../server-looks.ts'
import type { State } from '../state.ts'
import { sha256, verifies, type Enrolment } from '../state/keys.ts'
import type { Answer, Client } from './client.ts'
import { measureClock, withMeasure, type Exchange } from './clock.ts'
import { readPolicy, takePolicy, type PolicyRefusal } from './policy.ts'

export interface CheckInParts {
  readonly state: State
  readonly client: Client
  readonly enrolment: Enrolment
  /** The organisation's that count, by the first digits of their fingerprints. */
  readonly organisationKeys: readonly string[]
  /** Which start of the machine and setting of its clock an instant of now belongs to. */
  readonly clock: Pick<DeviceClock, 'read' | 'save'>
  readonly now: () => number
}

export type CheckInOutcome =
  | {
      readonly is: 'received'
      readonly more: boolean
      readonly policyChanged: boolean
      /** The organisation's, as the server says and nobody has checked; undefined where it does not. */
      readonly organisationKey: string | undefined
    }
  | {
      readonly is: 'failed'
      readonly code: string
      readonly detail: string
      readonly retryAfterMs: number | null
    }

/**
 * What to do about each refusal. `retry`: the same envelope again, later · `new-epoch`: begin a new chain that cites the old
 * head, then send again · `smaller`: seal fewer records · `enrol`: enrol again with the same key · `renew`: ask the server
 * where this device is enrolled for its keys again · `new-identity`: enrol as another device · `patience`: nothing that waiting a moment would change. The old credential holds until a new one does.
 */
export const responses = {
  'bad-request': 'patience',
  'bad-signature': 'enrol',
  'bad-envelope': 'patience',
  'bad-record': 'patience',
  'not-signed-in': 'patience',
  'link-expired': 'patience',
  'bad-token': 'patience',
  'unknown-device': 'enrol',
  revoked: 'patience',
  forbidden: 'patience',
  'bad-csrf': 'patience',
  'reason-needed': 'patience',
  'not-found': 'patience',
  'clock-skew': 'retry',
  replayed: 'new-epoch',
  'state-diverged': 'new-epoch',
  'clone-suspected': 'new-identity',
  conflict: 'retry',
  'too-large': 'smaller',
  'unsupported-encoding': 'patience',
  'policy-invalid': 'patience',
  'policy-version': 'patience',
  'too-many-requests': 'retry',
  internal: 'retry',
  unavailable: 'retry',
} as const satisfies Record<
  ProblemCode,
  'retry' | 'new-epoch' | 'smaller' | 'enrol' | 'new-identity' | 'patience'
>

/** What to do about a code; null for one that no server tells. */
export function responseTo(code: string): (typeof responses)[ProblemCode] | 'renew' | null {
  // Signed with a key that is not known here: the server may have another one now.
  if (code === 'bad-receipt') return 'renew'
  return Object.hasOwn(responses, code) ? responses[code as ProblemCode] : null
}

/** Sends one envelope. @param timeoutMs for this request, where there is little time left */
export async function checkIn(parts: CheckInParts, timeoutMs?: number): Promise<CheckInOutcome> {
  const { state, client, enrolment, organisationKeys, now } = parts
  const boot = parts.clock.read().id
  const clock = (state.read('clocks') ?? []).find((measure) => measure.boot === boot) ?? null
  const stored = state.read('policy')
  const policy = stored === null ? null : readPolicy(stored.signed.text)
  const held: Held = {
    policyVersion: policy?.version ?? null,
    release:
      stored === null || policy === null ? null : releaseName(policy.version, stored.signed.text, sha256),
  }
  const sealed = state.transact(() => {
    if (state.outbox.sealed() === null) state.write('sealedClock', clock?.boot ?? null)
    const told = () => toldSoFar(state, policy, now())
    return state.outbox.seal(
      { device: enrolment.device, clock, ...held, organisationKeys: [...organisationKeys] },
      now(),
      told,
    )
  })
  const answer = await client.checkIn(sealed.body, enrolment.device, timeoutMs)
  if (answer.is === 'value') return receive(parts, answer.value, { ...answer.exchange, boot }, held)
  const failed = failureOf(answer)
  state.transact(() => {
    if (answer.is === 'problem') respond(state, answer.code, now())
    noteFailure(state, failed, now())
  })
  return failed
}

/** The policy that the device acts on. */
type Held = Pick<EnvelopeHeader, 'policyVersion'> & { readonly release: string | null }

/** Whether the server has another policy for this device; by versions alone where it knows no names. */
function isOther({ policyVersion, release }: CheckInResponse, held: Held): boolean {
  return release === undefined
    ? policyVersion !== null && policyVersion !== held.policyVersion
    : release !== null && release !== held.release
}

export type Failed = Extract<CheckInOutcome, { is: 'failed' }>

function failureOf(answer: Exclude<Answer<CheckInResponse>, { is: 'value' }>): Failed {
  if (answer.is === 'unchanged')
    return { is: 'failed', code: 'http-304', detail: 'no answer', retryAfterMs: null }
  return { is: 'failed', code: answer.code, detail: answer.detail, retryAfterMs: answer.retryAfterMs }
}

/** For `status`. */
export function noteFailure(state: State, failed: Pick<Failed, 'code' | 'detail'>, now: number): void {
  const lastAt = state.read('sync')?.lastAt ?? null
  state.write('sync', {
    lastAt,
    lastError: { at: now, code: failed.code, message: failed.detail.slice(0, 300) },
  })
}

function respond(state: State, code: ProblemCode, now: number): void {
  const response = responses[code]
  if (response === 'new-epoch') beginEpoch(state, code, now)
  if (response === 'smaller') state.outbox.reseal()
}

/** Begins a new chain and lets everything be told again, since the server may know another state than ours. */
export function beginEpoch(state: State, why: string, now: number): void {
  state.outbox.beginEpoch()
  tellAgain(state)
  state.write('drift', null)
  state.write('toldClock', null)
  state.outbox.append([agentRecord('new-epoch', why, now)])
}

/** Lets all that is known be told again with the next look. Call inside a transaction. */
function tellAgain(state: State): void {
  state.told.clear()
  state.marks.tellAgain()
}

/**
 * What a server of an older version kept as signed without understanding it is told again once it is newer. Call inside a
 * transaction.
 * @param protocol of the server; absent: of before it said so
 */
function learnVersion(state: State, protocol = 0): void {
  const before = state.read('serverProtocol')
  if (before === protocol) return
  state.write('serverProtocol', protocol)
  if (before !== null && before < PROTOCOL_VERSION && protocol > before) tellAgain(state)
}

function receive(
  parts: CheckInParts,
  response: CheckInResponse,
  exchange: DatedExchange,
  held: Held,
): CheckInOutcome {
  const { state, enrolment, now } = parts
  const receipt = readReceipt(response, enrolment)
  const failed: Failed = {
    is: 'failed',
    code: 'bad-receipt',
    detail: 'the receipt is not the server’s for this report',
    retryAfterMs: null,
  }
  return state.transact((): CheckInOutcome => {
    if (receipt === null || !state.outbox.acknowledge(receipt)) {
      noteFailure(state, failed, now())
      return failed
    }
    state.write('toldClock', state.read('sealedClock'))
    learnTime(parts, response.time, exchange)
    learnVersion(state, response.protocol)
    learnDrift(state, response.drift, now())
    state.write('verdicts', { verdicts: response.verdicts, judgedAt: response.judgedAt })
    learnLooks(state, response.looks ?? [])
    state.write('sync', { lastAt: now(), lastError: null })
    return {
      is: 'received',
      // Also where the last records vanished from the disk: nothing waits, and an empty envelope shows that they are missing.
      more: state.outbox.waiting() > 0 || state.outbox.chain().sequence > receipt.sequence,
      policyChanged: isOther(response, held),
      organisationKey: response.organisationKey,
    }
  })
}

function readReceipt(response: CheckInResponse, enrolment: Enrolment): Receipt | null {
  const { text, signature } = response.receipt
  if (!verifies(enrolment.serverKey, text, signature)) return null
  try {
    const receipt = Receipt.parse(JSON.parse(text))
    return receipt.device === enrolment.device ? receipt : null
  } catch {
    return null
  }
}

/** An exchange, and what its instants belonged to when it began. */
export interface DatedExchange extends Exchange {
  readonly boot: string
}

/** Takes a signed time into account; call inside a transaction. */
export function learnTime(
  parts: Pick<CheckInParts, 'state' | 'enrolment' | 'clock' | 'now'>,
  time: CheckInResponse['time'],
  exchange: DatedExchange,
): void {
  const { state, enrolment, clock, now } = parts
  const fresh = measureClock(time, exchange, exchange.boot, (text, signature) =>
    verifies(enrolment.serverKey, text, signature),
  )
  // An offset is worth nothing without the clock that it belongs to.
  if (fresh === null || clock.read().id !== exchange.boot) return
  clock.save()
  const { measures, stepped } = withMeasure(state.read('clocks') ?? [], fresh)
  state.write('clocks', [...measures])
  if (stepped) state.outbox.append([agentRecord('clock-stepped', null, now())])
}

export type PolicyOutcome =
  | { readonly is: 'taken' | 'unchanged' }
  | { readonly is: 'refused'; readonly why: PolicyRefusal }
  | Failed

/** Asks for the policy, and takes it if it is good; otherwise the one before stays. */
export async function fetchPolicy(parts: CheckInParts): Promise<PolicyOutcome> {
  const { state, client, enrolment, clock, now } = parts
  const stored = state.read('policy')
  // What another key signed is no longer what to compare with, whatever it was called.
  const isOwn = stored?.signed.key === enrolment.organisationKey
  const answer = await client.policy(enrolment.device, isOwn ? stored.etag : null)
  if (answer.is === 'unchanged') return { is: 'unchanged' }
  if (answer.is !== 'value') {
    const failed = failureOf(answer)
    noteFailure(state, failed, now())
    return failed
  }
  const { id } = clock.read()
  const offsetMs = (state.read('clocks') ?? []).find((m) => m.boot === id)?.offsetMs ?? 0
  const taken = takePolicy(answer.value, {
    organisationKey: enrolment.organisationKey,
    verify: verifies,
    // Another key counts its versions anew: the managed side named it.
    current: isOwn ? (readPolicy(stored.signed.text)?.version ?? null) : null,
    isGivenBack: isGivenBack(state, answer.value),
    now: now() + offsetMs,
  })
  return state.transact((): PolicyOutcome => {
    if (taken.ok) {
      takeOnTrial(state, answer.value, answer.etag)
      return { is: 'taken' }
    }
    // The same one will come again with each check-in: it is told once.
    const refused = sha256(answer.value.text + answer.value.signature)
    if (state.read('refusedPolicy') !== refused) {
      state.write('refusedPolicy', refused)
      state.outbox.append([agentRecord('policy-refused', taken.why, now())])
    }
    return { is: 'refused', why: taken.why }
  })
}
