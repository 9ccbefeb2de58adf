// HTTP message signatures (RFC 9421) in the one profile Cutoff uses: which parts are signed, and the text that is.
// Pure text; keys and hashing are the caller's. A fixed profile needs no general parser, and leaves nothing to negotiate.

/** The parts of a request that are signed. `authority` is the configured one, never what a proxy made of it. */
export interface SignedRequest {
  readonly method: string
  readonly authority: string
  readonly path: string
  /** With its `?`; `?` alone when there is none (RFC 9421, 2.2.7). */
  readonly query: string
  /** Header `content-digest`, and the two below, exactly as sent; null when the request has no body. */
  readonly contentDigest: string | null
  readonly contentType: string | null
  readonly contentEncoding: string | null
}

export interface SignatureParameters {
  /** Seconds since 1970 by the signer's clock. Told, never judged by. */
  readonly created: number
  readonly nonce: string
  readonly keyId: string
}

const bodyParts = ['content-digest', 'content-type', 'content-encoding'] as const
const lineParts = ['@method', '@authority', '@path', '@query'] as const

function componentsOf(request: SignedRequest): readonly string[] {
  return request.contentDigest === null ? lineParts : [...lineParts, ...bodyParts]
}

/** The value of `signature-input` for label `cutoff`, without the label. */
export function signatureParametersText(request: SignedRequest, parameters: SignatureParameters): string {
  const list = componentsOf(request)
    .map((name) => `"${name}"`)
    .join(' ')
  const { created, nonce, keyId } = parameters
  return `(${list});created=${created};nonce="${nonce}";keyid="${keyId}";alg="ed25519"`
}

/** The signature base (RFC 9421, 2.5): one line a part, then the parameters. */
export function signatureBase(request: SignedRequest, parameters: SignatureParameters): string {
  const values: Record<string, string> = {
    '@method': request.method.toUpperCase(),
    '@authority': request.authority.toLowerCase(),
    '@path': request.path,
    '@query': request.query === '' ? '?' : request.query,
    'content-digest': request.contentDigest ?? '',
    'content-type': request.contentType ?? '',
    'content-encoding': request.contentEncoding ?? '',
  }
  const lines = componentsOf(request).map((name) => `"${name}": ${values[name] ?? ''}`)
  return [...lines, `"@signature-params": ${signatureParametersText(request, parameters)}`].join('\n')
}

/** Headers that carry a signature; `signature` is standard base64 of the raw 64 bytes. */
export function signatureHeaders(
  request: SignedRequest,
  parameters: SignatureParameters,
  signature: string,
): { readonly 'signature-input': string; readonly signature: string } {
  return {
    'signature-input': `cutoff=${signatureParametersText(request, parameters)}`,
    signature: `cutoff=:${signature}:`,
  }
}

const inputForm =
  /^cutoff=\(([^)]*)\);created=(\d{1,12});nonce="([A-Za-z0-9_-]{8,128})";keyid="([A-Za-z0-9_-]{1,64})";alg="ed25519"$/
const signatureForm = /^cutoff=:([A-Za-z0-9+/]{86}==):$/

/**
 * Reads the two headers back. Null for anything but exactly this profile: another label, order or component list is
 * refused, so that nobody can sign less than all parts.
 */
export function readSignatureHeaders(
  request: SignedRequest,
  input: string | undefined,
  signature: string | undefined,
): { readonly parameters: SignatureParameters; readonly signature: string } | null {
  const form = inputForm.exec(input ?? '')
  const value = signatureForm.exec(signature ?? '')
  if (!form || !value) return null
  const [, list, created, nonce, keyId] = form
  const expected = componentsOf(request)
    .map((name) => `"${name}"`)
    .join(' ')
  if (list !== expected) return null
  const parameters = { created: Number(created), nonce: nonce ?? '', keyId: keyId ?? '' }
  return { parameters, signature: value[1] ?? '' }
}

/** The value of `content-digest` (RFC 9530) from the standard base64 of the SHA-256 of the bytes as sent. */
export function contentDigest(sha256Base64: string): string {
  return `sha-256=:${sha256Base64}:`
}
