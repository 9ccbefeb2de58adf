// Who sent a request: the signature over its line and headers, checked before its body is read. Knows no body.
import type { FastifyRequest } from 'fastify'
import {
  readSignatureHeaders,
  signatureBase,
  type SignatureParameters,
  type SignedRequest,
} from '#shared/http-signature.ts'
import { readPublicKey, verifierOf } from '../crypto.ts'
import { RequestProblem } from '../errors.ts'
import { formerKeysOf } from '../store/device-keys.ts'
import { deviceById, type Device } from '../store/devices.ts'
import type { Queries } from '../store/store.ts'

/** The parts of a request that are signed; `authority` is the server's own, whatever the request said. */
export function signedPartsOf(request: FastifyRequest, authority: string): SignedRequest {
  const [path, query] = splitOnce(request.raw.url ?? '', '?')
  return {
    method: request.method,
    authority,
    path,
    query: query === undefined ? '?' : `?${query}`,
    contentDigest: headerOf(request, 'content-digest'),
    contentType: headerOf(request, 'content-type'),
    contentEncoding: headerOf(request, 'content-encoding'),
  }
}

/** Reads the signature's headers, in exactly the one profile there is. */
export function readSignature(request: FastifyRequest, parts: SignedRequest) {
  const read = readSignatureHeaders(
    parts,
    headerOf(request, 'signature-input') ?? undefined,
    headerOf(request, 'signature') ?? undefined,
  )
  if (read === null)
    throw new RequestProblem('bad-signature', 'the request is not signed in the expected form')
  return read
}

/** Whether a signature is of a raw public key. */
export function isSignature(
  parts: SignedRequest,
  read: { readonly parameters: SignatureParameters; readonly signature: string },
  key: string,
): boolean {
  const publicKey = readPublicKey(key)
  return (
    publicKey !== null &&
    verifierOf(publicKey, 'base64')(signatureBase(parts, read.parameters), read.signature)
  )
}

export interface Authenticated {
  readonly device: Device
  readonly parameters: SignatureParameters
}

/** A request that was signed with a key which has given its place to another; nothing in it counts. */
export interface FormerKeyUse {
  readonly formerKeyOf: string
}

/** The enrolled, unrevoked device that signed this request; or the one whose former key did. */
export async function authenticate(
  db: Queries,
  request: FastifyRequest,
  authority: string,
): Promise<Authenticated | FormerKeyUse> {
  const parts = signedPartsOf(request, authority)
  const read = readSignature(request, parts)
  const device = await deviceById(db, read.parameters.keyId)
  if (device === undefined) throw new RequestProblem('unknown-device')
  if (!isSignature(parts, read, device.key)) {
    const former = await formerKeysOf(db, device.id)
    if (former.some((key) => isSignature(parts, read, key))) return { formerKeyOf: device.id }
    throw new RequestProblem('bad-signature')
  }
  // After the signature, so that nobody else learns which devices were revoked.
  if (device.status === 'revoked') throw new RequestProblem('revoked')
  return { device, parameters: read.parameters }
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
