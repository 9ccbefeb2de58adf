// A device's key gives its place to another: asked for with the new one, allowed by a signature of the one before. The device stays
// the same. Whoever then comes with the one before holds a copy of the state, or one that was rolled back, and it shows.
import { rotationText, type Rotates } from '#shared/vouching.ts'
import { isSignedBy } from '../crypto.ts'
import { deviceOfFormerKey, formerKeysOf, replaceKey } from '../store/device-keys.ts'
import { chainOf, deviceById, spendNonce } from '../store/devices.ts'
import { addEvent, hasEventSince, type NewEvent } from '../store/events.ts'
import type { Queries } from '../store/store.ts'
import { dayOf } from './device-time.ts'

/** An agent asks once a year, or when its administrator says so: more often only fills the database. */
export const rotationEveryMs = 3_600_000

export type Rotation =
  | { readonly kind: 'enrolled'; readonly device: string }
  | {
      readonly kind: 'refused'
      readonly code:
        | 'bad-signature'
        | 'unknown-device'
        | 'revoked'
        | 'state-diverged'
        | 'clone-suspected'
        | 'too-many-requests'
    }

/**
 * Lets the key of a request, with which it is signed and which no device has or had, take the place of a device's.
 * Call inside a transaction.
 */
export async function rotateKey(
  db: Queries,
  key: string,
  rotates: Rotates,
  nonce: string,
  at: number,
): Promise<Rotation> {
  const { token, signature } = rotates
  const device = await deviceById(db, rotates.device)
  if (device === undefined) return refused('unknown-device')
  const text = rotationText(device.id, key, token)
  if (!isSignedBy(device.key, text, signature)) {
    if (!(await hasFormer(db, device.id, text, signature))) return refused('bad-signature')
    await noteFormerKey(db, device.id, at)
    return refused('clone-suspected')
  }
  if (device.status === 'revoked') return refused('revoked')
  if (token !== (await chainOf(db, device.id))?.token) {
    const values = { why: 'rotation' }
    if (token !== '') await noteOnceADay(db, { device: device.id, at, code: 'state-diverged', values })
    return refused('state-diverged')
  }
  if (device.key_since !== null && at - device.key_since < rotationEveryMs)
    return refused('too-many-requests')
  await replaceKey(db, device, key, { token, signature }, at)
  await spendNonce(db, device.id, 'enrol', nonce, at)
  await addEvent(db, { device: device.id, at, type: 'agent', code: 'key-rotated' })
  return { kind: 'enrolled', device: device.id }
}

function refused(code: Extract<Rotation, { kind: 'refused' }>['code']): Rotation {
  return { kind: 'refused', code }
}

/** Whether one of the keys that a device had before signed a text. */
async function hasFormer(db: Queries, device: string, text: string, signature: string): Promise<boolean> {
  return (await formerKeysOf(db, device)).some((key) => isSignedBy(key, text, signature))
}

/** Tells on its device that a key was used which has given its place to another; once a day, however often it comes. */
export function noteFormerKey(db: Queries, device: string, at: number): Promise<void> {
  return noteOnceADay(db, { device, at, code: 'clone-suspected', values: { why: 'former-key' } })
}

/** The device whose former key this is; told on it, where there is one. Call inside a transaction. */
export async function noteIfFormer(db: Queries, key: string, at: number): Promise<boolean> {
  const device = await deviceOfFormerKey(db, key)
  if (device !== null) await noteFormerKey(db, device, at)
  return device !== null
}

async function noteOnceADay(db: Queries, event: Omit<NewEvent, 'type'>): Promise<void> {
  if (await hasEventSince(db, dayOf(event.at), event)) return
  await addEvent(db, { ...event, type: 'state-diverged' })
}
