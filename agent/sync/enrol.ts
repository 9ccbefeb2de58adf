// Enrolment: makes a device known to a server with a token from the managed side, and again when the settings name another
// server, or the server says that it knows this device no more. The organisation's key is believed by the fingerprint that came
// beside the token, never because the server says so; and what was believed before holds until the new is believed.
import { createHash } from 'node:crypto'
import { machineHashes, type MachineNumbers } from '#shared/machine.ts'
import { PROTOCOL_VERSION, type EnrolRequest, type EnrolResponse } from '#shared/protocol.ts'
import { copyText, ServerKeyProof } from '#shared/vouching.ts'
import type { State } from '../state.ts'
import { deviceKey, newIdentity, sha256, verifies, type Enrolment } from '../state/keys.ts'
import type { Successor } from '../state/successor.ts'
import { beginEpoch, learnTime, type CheckInParts } from './check-in.ts'
import type { Client } from './client.ts'
import type { Exchange } from './clock.ts'

export interface EnrolParts {
  readonly state: State
  readonly client: Client
  readonly server: URL
  readonly token: string
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
  const { state, client, now } = parts
  const organisation = bareFingerprint(parts.organisationKeyFingerprint)
  const request = { ...asked, machine: machineHashes(parts.machine, organisation, sha256) }
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
  if (!isServerKeyBelieved(state.enrolment(), answer.value)) {
    return failed(
      'server-key',
      'the server’s key for receipts is another than before, and the organisation’s key does not vouch for it: update the server if it is of an older version, else somebody stands in its place',
      null,
    )
  }
  const enrolment = {
    server: parts.server.href,
    device,
    serverKey,
    organisationKey,
    sessionKey,
    enrolledAt: now(),
  }
  return { ok: true, enrolment, answer: answer.value, exchange: answer.exchange }
}

/** The first key of a server is taken as it comes; one in place of it only where the organisation's key says so. */
export function isServerKeyBelieved(
  known: Enrolment | null,
  { serverKey, serverKeyProof: proof, organisationKey }: EnrolResponse,
): boolean {
  if (known === null || known.serverKey === serverKey) return true
  if (proof === undefined || !verifies(organisationKey, proof.text, proof.signature)) return false
  try {
    return ServerKeyProof.parse(JSON.parse(proof.text)).serverKey === serverKey
  } catch {
    return false // signed by the organisation, but to say something else
  }
}

function failed(code: string, message: string, retryAfterMs: number | null): EnrolFault {
  return { ok: false, code, message, retryAfterMs }
}

/** Compares with a fingerprint as people write it: hexadecimal, with or without spaces, colons and capitals. */
export function fingerprintFits(organisationKey: string, fingerprint: string): boolean {
  return bareFingerprint(fingerprint) === fingerprintOf(organisationKey)
}

function bareFingerprint(fingerprint: string): string {
  return fingerprint.replace(/[\s:]/g, '').toLowerCase()
}

/** SHA-256 of the organisation's public key, hexadecimal digits alone. */
export function fingerprintOf(organisationKey: string): string {
  return createHash('sha256').update(organisationKey).digest('hex')
}
