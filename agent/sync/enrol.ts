// Enrolment: makes a device known to a server with a token from the managed side, and again when the settings name another
// server, or the server says that it knows this device no more. The organisation's key is believed by the fingerprint that came
// beside the token, never because the server says so; and what was believed before holds until the new is believed.
import { machineHashes, type MachineNumbers } from '#shared/machine.ts'
import { PROTOCOL_VERSION, type EnrolRequest, type EnrolResponse } from '#shared/protocol.ts'
import { fingerprintsOf } from '#shared/settings.ts'
import { copyText, ServerKeyProof } from '#shared/vouching.ts'
import type { State } from '../state.ts'
import { deviceKey, newIdentity, sha256, verifies, type Enrolment } from '../state/keys.ts'
import type { Successor } from '../state/successor.ts'
import { beginEpoch, learnTime, type CheckInParts } from './check-in.ts'
import type { Client } from './client.ts'
import type { Exchange } from './clock.ts'
import { fingerprintFits, fingerprintOf, isFormerKey } from './organisation-key.ts'

export interface EnrolParts {
  readonly state: State
  readonly client: Client
  readonly server: URL
  /** Empty where the server knows the key of this device, which then needs none. */
  readonly token: string
  /** One, or several as the setting names them. */
  readonly organisationKeyFingerprint: string
  readonly host: EnrolRequest['host']
  readonly machine: MachineNumbers
  readonly clock: CheckInParts['clock']
  readonly now: () => number
}

export type Enrolled = { readonly ok: true; readonly device: string } | EnrolFault

export interface EnrolFault {
  readonly ok: false
  readonly code: string
  readonly message: string
  readonly retryAfterMs: number | null
}

/** Enrols with the key of this state; the same key is the same device where it is known. */
export async function enrol(parts: EnrolParts): Promise<Enrolled> {
  const { state, host, token, clock, now } = parts
  const boot = clock.read().id
  const asked = await ask(parts, { protocol: PROTOCOL_VERSION, token, key: state.key.publicKey, host })
  if (!asked.ok) return asked
  const { enrolment, answer, exchange } = asked
  const before = state.enrolment()
  if (!state.enrol(enrolment))
    return failed('state-denied', 'the enrolment could not be written to the state folder', null)
  if (before !== null && before.device !== enrolment.device) {
    // Another server, or anew at the same: it knows nothing of what was told, and its policy is another.
    state.transact(() => {
      beginEpoch(state, 'enrolled anew', now())
      state.write('policy', null)
      state.write('verdicts', null)
    })
  }
  state.transact(() => learnTime({ ...parts, enrolment }, answer.time, { ...exchange, boot }))
  return { ok: true, device: enrolment.device }
}

export interface SuccessorParts extends EnrolParts {
  /** A client that signs with this key. */
  readonly clientWith: (key: State['key']) => Client
  readonly random: (bytes: number) => Buffer
  /** Writes down who takes over; false when the disk refused. */
  readonly appoint: (successor: Successor) => boolean
}

/**
 * Enrols another device in place of this one, whose state lives on another machine too. This state stays as it is; it ends
 * when it is opened the next time and finds its successor.
 */
export async function enrolSuccessor(parts: SuccessorParts): Promise<Enrolled> {
  const { state, host, token, now } = parts
  const identity = newIdentity(now(), parts.random)
  const key = deviceKey(identity)
  if (key === null) throw new Error('a new key cannot be read')
  const before = state.enrolment()
  const copyOf =
    before === null
      ? {}
      : {
          copyOf: {
            device: before.device,
            signature: state.key.sign(copyText(before.device, key.publicKey)).toString('base64url'),
          },
        }
  const request = { protocol: PROTOCOL_VERSION, token, key: key.publicKey, host, ...copyOf }
  const asked = await ask({ ...parts, client: parts.clientWith(key) }, request)
  if (!asked.ok) return asked
  const { enrolment } = asked
  if (!parts.appoint({ identity, enrolment, why: 'the state was on two machines' }))
    return failed('state-denied', 'the new identity could not be written to the state folder', null)
  return { ok: true, device: enrolment.device }
}

type Asked =
  | {
      readonly ok: true
      readonly enrolment: Enrolment
      readonly answer: EnrolResponse
      readonly exchange: Exchange
    }
  | EnrolFault

/** Asks the server, and believes the answer or not. */
async function ask(parts: EnrolParts, asked: EnrolRequest): Promise<Asked> {
  const expected = expectedOrganisation(parts)
  const answer = await askUnder(parts, asked, expected)
  if (!answer.ok) return answer
  const organisation = fingerprintOf(answer.enrolment.organisationKey)
  // Of several keys it has another than was expected, by which its machines are known: told again, for that alone.
  return organisation === expected ? answer : askUnder(parts, asked, organisation)
}

/** The key that the server has, as far as that is known here; null: one of several. */
function expectedOrganisation({ state, organisationKeyFingerprint: named }: EnrolParts): string | null {
  const fingerprints = fingerprintsOf(named)
  const known = state.enrolment()
  const before = known === null ? undefined : fingerprintOf(known.organisationKey)
  if (before !== undefined && fingerprints.includes(before)) return before
  const [only, second] = fingerprints
  return only === undefined || second !== undefined ? null : only
}

/** @param organisation fingerprint that the machine's numbers are hashed with; null: they are not told */
async function askUnder(parts: EnrolParts, asked: EnrolRequest, organisation: string | null): Promise<Asked> {
  const { state, client, now } = parts
  const request =
    organisation === null ? asked : { ...asked, machine: machineHashes(parts.machine, organisation, sha256) }
  // Kept for `sent` without the token, which is a secret of the organisation.
  const shown = Buffer.from(JSON.stringify({ ...request, token: '(the enrolment token)' }))
  const answer = await client.enrol(request, request.key)
  state.transact(() => state.outbox.noteSent(now(), 'enrolment', shown))
  if (answer.is === 'unchanged') return failed('http-304', 'the server did not answer', null)
  if (answer.is !== 'value') return failed(answer.code, answer.detail, answer.retryAfterMs)
  state.transact(() => state.outbox.confirmSent('enrolment'))
  const { device, serverKey, organisationKey, sessionKey } = answer.value
  if (!fingerprintFits(organisationKey, parts.organisationKeyFingerprint)) {
    return failed(
      'organisation-key',
      'the server’s policy key is not the one whose fingerprint was given: check the fingerprint and the address',
      null,
    )
  }
  const known = state.enrolment()
  if (
    known !== null &&
    isFormerKey(organisationKey, known.organisationKey, parts.organisationKeyFingerprint)
  ) {
    return failed(
      'organisation-key',
      'the server’s policy key is one that another has taken the place of here: the server was put back to an older state, or somebody stands in its place',
      null,
    )
  }
  const serverKeySince = serverKeyBelief(known, answer.value, parts.server.href)
  if (serverKeySince === null) {
    return failed(
      'server-key',
      'the server’s key for receipts is another than before, and the organisation’s key does not vouch for it as the newer one: update the server if it is of an older version, else it was put back to an older state, or somebody stands in its place',
      null,
    )
  }
  const enrolment = {
    server: parts.server.href,
    device,
    serverKey,
    serverKeySince,
    organisationKey,
    sessionKey,
    enrolledAt: now(),
  }
  return { ok: true, enrolment, answer: answer.value, exchange: answer.exchange }
}

/**
 * Whether a server's key is believed: the first one as it comes, one in place of it only where the organisation's key says so, and
 * says that it is the newer one. Another organisation's, and those of another server that the settings name, follow in no order.
 * @returns since when it counts, by the server's clock; null: not believed
 */
export function serverKeyBelief(
  known: Enrolment | null,
  {
    serverKey,
    serverKeyProof: proof,
    organisationKey,
  }: Pick<EnrolResponse, 'serverKey' | 'serverKeyProof' | 'organisationKey'>,
  server: string,
): number | null {
  const since = vouchedSince(serverKey, proof, organisationKey)
  if (known === null) return since ?? 0
  if (known.organisationKey !== organisationKey || known.server !== server) return since
  const before = known.serverKeySince
  if (known.serverKey === serverKey) return Math.max(before, since ?? 0)
  // Servers before protocol 10 do not say since when: they lead nobody away from one that does.
  return since !== null && (since > before || (since === 0 && before === 0)) ? since : null
}

function vouchedSince(
  serverKey: string,
  proof: EnrolResponse['serverKeyProof'],
  organisationKey: string,
): number | null {
  if (proof === undefined || !verifies(organisationKey, proof.text, proof.signature)) return null
  try {
    const said = ServerKeyProof.parse(JSON.parse(proof.text))
    return said.serverKey === serverKey ? said.since : null
  } catch {
    return null // signed by the organisation, but to say something else
  }
}

function failed(code: string, message: string, retryAfterMs: number | null): EnrolFault {
  return { ok: false, code, message, retryAfterMs }
}
