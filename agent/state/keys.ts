// The device's key and what it does: made on the device, kept in its state, used to sign and to hash. Never sent, never shown.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { z } from 'zod'

/** What makes a device itself, as kept on its disk. */
export const Identity = z.strictObject({
  /** Ed25519, PKCS #8 DER, base64url. */
  privateKey: z.string(),
  /** Keys the hash of places; never leaves the device. */
  placeKey: z.string(),
  createdAt: z.int(),
})
export type Identity = z.infer<typeof Identity>

/** What a server told at enrolment, as kept on the disk. */
export const Enrolment = z.strictObject({
  server: z.string(),
  device: z.string(),
  serverKey: z.string(),
  /** By the server's clock, as the organisation's key said; 0: not known. No older one takes its place. */
  serverKeySince: z.int().nonnegative().default(0),
  organisationKey: z.string(),
  sessionKey: z.string(),
  enrolledAt: z.int(),
})
export type Enrolment = z.infer<typeof Enrolment>

/** @param random cryptographically random bytes */
export function newIdentity(now: number, random: (bytes: number) => Buffer): Identity {
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'),
    placeKey: random(32).toString('base64url'),
    createdAt: now,
  }
}

export interface DeviceKey {
  /** Raw 32 bytes, base64url, as it goes on the wire. */
  readonly publicKey: string
  readonly sign: (text: string) => Buffer
}

/** Null when the stored key cannot be read. */
export function deviceKey(identity: Identity): DeviceKey | null {
  try {
    const der = Buffer.from(identity.privateKey, 'base64url')
    const privateKey = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
    const publicKey = rawPublicKey(createPublicKey(privateKey))
    return { publicKey, sign: (text) => sign(null, Buffer.from(text), privateKey) }
  } catch {
    return null
  }
}

function rawPublicKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64url')
}

/** Everything of an Ed25519 SubjectPublicKeyInfo that stands before the raw key (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

/** Whether text was signed with a raw public key; false for any malformed key or signature. */
export function verifies(publicKey: string, text: string, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url')
  if (raw.length !== 32) return false
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiHead, raw]), type: 'spki', format: 'der' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

/** SHA-256 of text, base64url: what envelopes are chained with. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** A keyed hash of 128 bits: enough to tell values of one organisation apart, useless without the key. */
export function keyedHash(key: string, text: string): string {
  const whole = createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest()
  return whole.subarray(0, 16).toString('base64url')
}
