// Enrolment: makes a device known to a server, once, with a token from the managed side. The organisation's key is believed
// by the fingerprint that came beside the token, never because the server says so.
import { createHash } from 'node:crypto'
import { PROTOCOL_VERSION, type EnrolRequest } from '#shared/protocol.ts'
import type { State } from '../state.ts'
import { beginEpoch, learnTime, type CheckInParts } from './check-in.ts'
import type { Client } from './client.ts'

export interface EnrolParts {
  readonly state: State
  readonly client: Client
  readonly server: URL
  readonly token: string
  readonly organisationKeyFingerprint: string
  readonly host: EnrolRequest['host']
  readonly clock: CheckInParts['clock']
  readonly now: () => number
}

export type Enrolled =
  | { readonly ok: true; readonly device: string }
  | {
      readonly ok: false
      readonly code: string
      readonly message: string
      readonly retryAfterMs: number | null
    }

export async function enrol(parts: EnrolParts): Promise<Enrolled> {
  const { state, client, token, host, clock, now } = parts
  const boot = clock.read().id
  const request: EnrolRequest = { protocol: PROTOCOL_VERSION, token, key: state.key.publicKey, host }
  // Kept for `sent` without the token, which is a secret of the organisation.
  const shown = Buffer.from(JSON.stringify({ ...request, token: '(the enrolment token)' }))
  const answer = await client.enrol(request, state.key.publicKey)
  state.transact(() => state.outbox.noteSent(now(), 'enrolment', shown))
  if (answer.is === 'unchanged') return failed('http-304', 'the server did not answer', null)
  if (answer.is !== 'value') return failed(answer.code, answer.detail, answer.retryAfterMs)
  const { device, serverKey, organisationKey, sessionKey, time } = answer.value
  if (!fingerprintFits(organisationKey, parts.organisationKeyFingerprint)) {
    return failed(
      'organisation-key',
      'the server’s policy key is not the one whose fingerprint was given: check the fingerprint and the address',
      null,
    )
  }
  const before = state.enrolment()
  const enrolment = {
    server: parts.server.href,
    device,
    serverKey,
    organisationKey,
    sessionKey,
    enrolledAt: now(),
  }
  state.transact(() => state.outbox.confirmSent('enrolment'))
  if (!state.enrol(enrolment))
    return failed('state-denied', 'the enrolment could not be written to the state folder', null)
  if (before !== null && before.device !== device) {
    // Another server, or anew at the same: it knows nothing of what was told, and its policy is another.
    state.transact(() => {
      beginEpoch(state, 'enrolled anew', now())
      state.write('policy', null)
      state.write('verdicts', null)
    })
  }
  state.transact(() => learnTime({ ...parts, enrolment }, time, { ...answer.exchange, boot }))
  return { ok: true, device }
}

function failed(code: string, message: string, retryAfterMs: number | null): Enrolled {
  return { ok: false, code, message, retryAfterMs }
}

/** Compares with a fingerprint as people write it: hexadecimal, with or without spaces, colons and capitals. */
export function fingerprintFits(organisationKey: string, fingerprint: string): boolean {
  const given = fingerprint.replace(/[\s:]/g, '').toLowerCase()
  return given === createHash('sha256').update(organisationKey).digest('hex')
}
