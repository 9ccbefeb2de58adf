// The three requests that an agent makes: enrol, check in, fetch the policy. Signs each one and reads the answer strictly.
// There is no other, and no answer that tells the agent to do anything.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { contentDigest, signatureBase, signatureHeaders, type SignedRequest } from '#shared/http-signature.ts'
import { Problem, problems, type ProblemCode } from '#shared/problem.ts'
import { CheckInResponse, EnrolResponse, Signed, type EnrolRequest } from '#shared/protocol.ts'
import { late } from '../late.ts'
import type { DeviceKey } from '../state/keys.ts'
import { readRetryAfter } from './backoff.ts'
import type { Exchange } from './clock.ts'
import type { Transport } from './http.ts'

export type Answer<T> =
  | { readonly is: 'value'; readonly value: T; readonly exchange: Exchange; readonly etag: string | null }
  | { readonly is: 'unchanged' }
  /** The server refused, and said why. */
  | {
      readonly is: 'problem'
      readonly code: ProblemCode
      readonly detail: string
      readonly retryAfterMs: number | null
    }
  /** No answer, or one that is not the server's: a captive portal, a proxy's page. */
  | {
      readonly is: 'unreachable'
      readonly code: string
      readonly detail: string
      readonly retryAfterMs: number | null
    }

export interface ClientParts {
  readonly server: URL
  readonly key: DeviceKey
  readonly transport: Transport
  /** Device clock. */
  readonly now: () => number
  /** Monotonic clock. */
  readonly monotonicMs: () => number
  readonly random: (bytes: number) => Buffer
  readonly timeoutMs?: number
}

export interface Client {
  /** `keyId`: the device's public key, since it has no name yet. */
  readonly enrol: (request: EnrolRequest, keyId: string) => Promise<Answer<EnrolResponse>>
  readonly checkIn: (body: Buffer, device: string, timeoutMs?: number) => Promise<Answer<CheckInResponse>>
  readonly policy: (device: string, etag: string | null) => Promise<Answer<Signed>>
}

const maxAnswerBytes = 4 * 1024 * 1024

export function createClient(parts: ClientParts): Client {
  return {
    enrol: (request, keyId) =>
      ask(
        parts,
        { path: '/api/v1/enrol', keyId, body: late.zlib().gzipSync(JSON.stringify(request)) },
        EnrolResponse,
      ),
    checkIn: (body, device, timeoutMs) =>
      ask(parts, { path: '/api/v1/check-in', keyId: device, body, timeoutMs }, CheckInResponse),
    policy: (device, etag) => ask(parts, { path: '/api/v1/policy', keyId: device, body: null, etag }, Signed),
  }
}

interface Asked {
  readonly path: string
  readonly keyId: string
  readonly body: Buffer | null
  readonly etag?: string | null
  readonly timeoutMs?: number | undefined
}

async function ask<T>(parts: ClientParts, asked: Asked, schema: z.ZodType<T>): Promise<Answer<T>> {
  const { now, monotonicMs } = parts
  const nonce = parts.random(16).toString('base64url')
  const sentAt = now()
  const begun = monotonicMs()
  const answer = await parts.transport({
    method: asked.body === null ? 'GET' : 'POST',
    url: urlOf(parts.server, asked.path),
    headers: headersOf(parts, asked, nonce, sentAt),
    body: asked.body,
    timeoutMs: asked.timeoutMs ?? parts.timeoutMs ?? 30_000,
    maxBytes: maxAnswerBytes,
  })
  const exchange = { nonce, sentAt, receivedAt: now(), tookMs: monotonicMs() - begun }
  if (!answer.ok) return { is: 'unreachable', code: answer.code, detail: answer.message, retryAfterMs: null }
  const one = (name: string): string | undefined => {
    const value = answer.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  if (answer.status === 304 && asked.etag != null) return { is: 'unchanged' }
  if (answer.status >= 200 && answer.status < 300) {
    const parsed = schema.safeParse(parseJson(answer.body))
    if (parsed.success) return { is: 'value', value: parsed.data, exchange, etag: one('etag') ?? null }
    return {
      is: 'unreachable',
      code: 'not-the-server',
      detail: strangerDetail(answer.status),
      retryAfterMs: null,
    }
  }
  return refusal(answer.status, answer.body, readRetryAfter(one('retry-after'), now()))
}

function refusal(status: number, body: string, retryAfterMs: number | null): Answer<never> {
  const parsed = Problem.safeParse(parseJson(body))
  const code = parsed.success ? parsed.data.code : null
  if (parsed.success && code !== null && isProblemCode(code)) {
    return { is: 'problem', code, detail: parsed.data.detail ?? parsed.data.title, retryAfterMs }
  }
  // A gateway in front of the server answers in its own words; its status still says whether to wait.
  return {
    is: 'unreachable',
    code: `http-${status}`,
    detail: strangerDetail(status),
    retryAfterMs,
  }
}

/** Who answered in the server's place, as far as its status tells, and what to do. */
function strangerDetail(status: number): string {
  const said = `(status ${status})`
  if (status < 400 || status === 511)
    return `something else answered in the server’s place ${said}, as the sign-in page of a network does: sign in there, or leave the network; nothing is lost meanwhile`
  if (status === 407)
    return `the proxy asks who you are ${said}: let it through to this server without a sign-in`
  if (status >= 500)
    return `the server, or a gateway in front of it, failed ${said}: nothing is lost meanwhile`
  return `what answered is not the server ${said}: check what stands between, such as a proxy; nothing is lost meanwhile`
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code)
}

function urlOf(server: URL, path: string): URL {
  return new URL(`${server.pathname.replace(/\/$/, '')}${path}`, server)
}

function headersOf(parts: ClientParts, asked: Asked, nonce: string, sentAt: number): Record<string, string> {
  const { body } = asked
  const url = urlOf(parts.server, asked.path)
  const signed: SignedRequest = {
    method: body === null ? 'GET' : 'POST',
    authority: url.host,
    path: url.pathname,
    query: url.search === '' ? '?' : url.search,
    contentDigest: body === null ? null : contentDigest(createHash('sha256').update(body).digest('base64')),
    contentType: body === null ? null : 'application/json',
    contentEncoding: body === null ? null : 'gzip',
  }
  const parameters = { created: Math.floor(sentAt / 1000), nonce, keyId: asked.keyId }
  const signature = parts.key.sign(signatureBase(signed, parameters)).toString('base64')
  return {
    accept: 'application/json, application/problem+json',
    'user-agent': 'cutoff-agent',
    ...(signed.contentDigest === null
      ? {}
      : {
          'content-digest': signed.contentDigest,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        }),
    ...(asked.etag == null ? {} : { 'if-none-match': asked.etag }),
    ...signatureHeaders(signed, parameters, signature),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
