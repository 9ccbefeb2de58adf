// Hashes, signatures and keyed names: node:crypto in the forms that shared/ asks for. Holds no secret itself.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto'
import type { Sign, Verify } from '#shared/envelope.ts'
import type { Signed } from '#shared/protocol.ts'

/** SHA-256 of UTF-8 text, base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** SHA-256 of bytes, standard base64, as `content-digest` wants it. */
export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}

/** HMAC-SHA-256 over parts that cannot run into each other, base64url. */
export function keyedHash(secret: Uint8Array, ...parts: readonly string[]): string {
  const mac = createHmac('sha256', secret)
  for (const part of parts) mac.update(`${part.length}:${part}`)
  return mac.digest('base64url')
}

/** Text that only this server can read or make; the same text gives the same seal. Base64url. */
export function seal(secret: Uint8Array, text: string): string {
  const iv = hmac(secret, `seal-iv ${text}`).subarray(0, 12)
  const cipher = createCipheriv('aes-256-gcm', hmac(secret, 'seal-key'), iv)
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** What was sealed. Throws on anything else. */
export function unseal(secret: Uint8Array, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', hmac(secret, 'seal-key'), bytes.subarray(0, 12), {
    authTagLength: 16,
  })
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()
}

function hmac(secret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

export function signWith(key: KeyObject): Sign {
  return (text) => sign(null, Buffer.from(text), key).toString('base64url')
}

/** The public half as the wire carries it: base64url of the raw 32 bytes. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new TypeError('not an Ed25519 key')
  return x
}

/** What people compare: SHA-256 of the public key as the wire carries it, in groups of four hexadecimal digits. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash('sha256').update(publicKey).digest('hex')
  return digest.match(/.{4}/g)?.join(' ') ?? digest
}

const keptKeys = 20_000
const keys = new Map<string, KeyObject>()

/** Reads a raw public key; null when it is none. Parsed ones are kept, as parsing costs as much as verifying. */
export function readPublicKey(text: string): KeyObject | null {
  const known = keys.get(text)
  if (known) return known
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' })
    if (keys.size >= keptKeys) keys.clear()
    keys.set(text, key)
    return key
  } catch {
    return null // not a point of the curve
  }
}

/** Checks signatures of one key; `encoding` is how they are written. */
export function verifierOf(key: KeyObject, encoding: 'base64' | 'base64url' = 'base64url'): Verify {
  return (text, signature) => verify(null, Buffer.from(text), key, Buffer.from(signature, encoding))
}

/** Whether text was signed with a raw public key; false for one that is none. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  const read = readPublicKey(key)
  return read !== null && verifierOf(read)(text, signature)
}

/** A text with the server's or organisation's signature over it. */
export function signed(value: unknown, key: KeyObject): Signed {
  return signedText(JSON.stringify(value), key)
}

export function signedText(text: string, key: KeyObject): Signed {
  return { text, signature: signWith(key)(text), key: publicKeyOf(key) }
}

/** Compares secrets in constant time. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
