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

/** Checks a signature with a raw public key. */
export function requireSignature(
  parts: SignedRequest,
  read: { readonly parameters: SignatureParameters; readonly signature: string },
  key: string,
): void {
  const publicKey = readPublicKey(key)
  const base = signatureBase(parts, read.parameters)
  if (publicKey === null || !verifierOf(publicKey, 'base64')(base, read.signature)) {
    throw new RequestProblem('bad-signature')
  }
}

export interface Authenticated {
  readonly device: Device
  readonly parameters: SignatureParameters
}

/** The enrolled, unrevoked device that signed this request. */
export async function authenticate(
  db: Queries,
  request: FastifyRequest,
  authority: string,
): Promise<Authenticated> {
  const parts = signedPartsOf(request, authority)
  const read = readSignature(request, parts)
  const device = await deviceById(db, read.parameters.keyId)
  if (device === undefined) throw new RequestProblem('unknown-device')
  requireSignature(parts, read, device.key)
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
