// Another key for the same device: made here, signed for by the one before, and used once the server says over its own signature that
// it counts. By age or by this machine's administrator; nothing that a server says leads to it. A lost answer is asked for again.
import { PROTOCOL_VERSION, type EnrolRequest, type EnrolResponse } from '#shared/protocol.ts'
import { machineHashes, type MachineNumbers } from '#shared/machine.ts'
import { DeviceKeyProof, rotationText } from '#shared/vouching.ts'
import type { State } from '../state.ts'
import {
  deviceKey,
  newIdentity,
  sha256,
  verifies,
  type DeviceKey,
  type Enrolment,
  type Identity,
} from '../state/keys.ts'
import type { Client } from './client.ts'
import { serverKeyBelief } from './enrol.ts'
import { fingerprintOf } from './organisation-key.ts'

/** As certificates of machines are renewed: what was read from an old backup is worth nothing after it. */
export const keyLastsMs = 365 * 86_400_000
/** Older ones would take the request for a new device's. */
const sinceProtocol = 8

export interface RotationParts {
  readonly state: State
  readonly clientWith: (key: DeviceKey, server: URL) => Client
  readonly host: () => EnrolRequest['host']
  readonly machine: () => MachineNumbers
  readonly now: () => number
  readonly random: (bytes: number) => Buffer
  /** Whether the settings let this key of the organisation's take the place of the one that is believed. */
  readonly isNextKey: (organisationKey: string, believed: string) => boolean
}

export type Rotated =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: string
      readonly detail: string
      /** Whether the server heard of the new key is not known. */
      readonly isUnanswered: boolean
      readonly retryAfterMs: number | null
    }

export interface KeyRotation {
  /** A new key was announced, or is about to be: the server may know it already, and this agent not know that. */
  readonly isUnderWay: () => boolean
  readonly isDue: () => boolean
  /** Call with no report on its way, or when the key that signed it is refused. */
  readonly rotate: (enrolment: Enrolment) => Promise<Rotated>
}

/** Whether the server, as far as this device has heard, knows what a new key is. */
export function takesNewKeys(state: Pick<State, 'read'>): boolean {
  return (state.read('serverProtocol') ?? 0) >= sinceProtocol
}

export function createKeyRotation(parts: RotationParts): KeyRotation {
  const { state, now } = parts
  const isUnderWay = (): boolean => state.nextKey.read() !== null
  return {
    isUnderWay,
    isDue() {
      if (isUnderWay()) return takesNewKeys(state) || state.read('serverProtocol') === null
      if (!takesNewKeys(state) || state.outbox.chain().token === null) return false
      // Either way: a clock that was wrong when the key was made is right some day.
      const age = Math.abs(now() - (state.read('keySince') ?? state.identity.createdAt))
      return age > keyLastsMs || state.nextKey.isWished()
    },
    async rotate(enrolment) {
      const next = state.nextKey.read() ?? prepared(parts)
      const key = next === null ? null : deviceKey(next)
      if (next === null || key === null)
        return { ...failed('state-denied', 'the new key could not be written down'), isUnanswered: false }
      const request = requestOf(parts, enrolment, key)
      state.transact(() => state.outbox.noteSent(now(), 'key-rotation', Buffer.from(JSON.stringify(request))))
      const answer = await parts.clientWith(key, new URL(enrolment.server)).enrol(request, key.publicKey)
      if (answer.is !== 'value') {
        const isUnanswered = answer.is !== 'problem'
        const { code, detail, retryAfterMs } =
          answer.is === 'unchanged' ? { code: 'http-304', detail: 'no answer', retryAfterMs: null } : answer
        return { ok: false, code, detail, isUnanswered, retryAfterMs }
      }
      state.transact(() => state.outbox.confirmSent('key-rotation'))
      const counted = deviceOfKey(parts, answer.value, enrolment, key)
      if (counted === null)
        return failed('device-key', 'the server’s word for the new key is not the server’s')
      // As another device's, which a state that was put together from two could meet: never this one's.
      if (counted !== enrolment.device) {
        state.nextKey.done()
        return failed('device-key', 'the new key belongs to another device')
      }
      state.transact(() => state.write('keySince', now()))
      if (!state.adopt(next)) return failed('state-denied', 'the new key could not be written down')
      state.nextKey.done()
      return { ok: true }
    },
  }
}

function failed(code: string, detail: string): Extract<Rotated, { ok: false }> {
  return { ok: false, code, detail, isUnanswered: true, retryAfterMs: null }
}

/** A new key in the place of the present one, everything else as it is; null when the disk refused. */
function prepared({ state, now, random }: RotationParts): Identity | null {
  const next = { ...state.identity, privateKey: newIdentity(now(), random).privateKey }
  return state.nextKey.write(next) ? next : null
}

function requestOf(parts: RotationParts, enrolment: Enrolment, key: DeviceKey): EnrolRequest {
  const { device, organisationKey } = enrolment
  const token = parts.state.outbox.chain().token ?? ''
  const signature = parts.state.key.sign(rotationText(device, key.publicKey, token)).toString('base64url')
  return {
    protocol: PROTOCOL_VERSION,
    // The key before lets it in; and a server of an older version, which would take it for a new device, lets it not.
    token: '',
    key: key.publicKey,
    host: parts.host(),
    rotates: { device, token, signature },
    machine: machineHashes(parts.machine(), fingerprintOf(organisationKey), sha256),
  }
}

/** The device whose key this one is by the server's signed word; null without one that is believed. */
function deviceOfKey(
  { isNextKey }: RotationParts,
  answer: EnrolResponse,
  enrolment: Enrolment,
  key: DeviceKey,
): string | null {
  const { deviceKeyProof: proof, serverKey } = answer
  // Another organisation's word counts only where the settings name it.
  const believed = enrolment.organisationKey
  const organisationKey = isNextKey(answer.organisationKey, believed) ? answer.organisationKey : believed
  if (serverKeyBelief(enrolment, { ...answer, organisationKey }, enrolment.server) === null) return null
  if (proof === undefined || !verifies(serverKey, proof.text, proof.signature)) return null
  try {
    const { device, deviceKey: counted } = DeviceKeyProof.parse(JSON.parse(proof.text))
    return counted === key.publicKey ? device : null
  } catch {
    return null // signed by the server, but to say something else
  }
}
