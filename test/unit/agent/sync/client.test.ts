import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readSignatureHeaders, signatureBase, type SignedRequest } from '#shared/http-signature.ts'
import { problemOf } from '../../../../server/errors.ts'
import { deviceKey, newIdentity, verifies } from '../../../../agent/state/keys.ts'
import { createClient } from '../../../../agent/sync/client.ts'
import type { HttpAnswer, HttpRequest } from '../../../../agent/sync/http.ts'

const key = deviceKey(newIdentity(0, randomBytes))
if (key === null) throw new Error('no key')
const now = Date.UTC(2026, 10, 22, 12)

function clientAnswered(answer: HttpAnswer, server = 'https://cutoff.example.com') {
  const requests: HttpRequest[] = []
  const client = createClient({
    server: new URL(server),
    key: key!,
    transport: async (request) => {
      requests.push(request)
      return answer
    },
    now: () => now,
    monotonicMs: () => 0,
    random: randomBytes,
  })
  return { client, requests }
}

const answered = (status: number, body: unknown, headers = {}): HttpAnswer => ({
  ok: true,
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('a request', () => {
  test('is signed over its line, its digest and its type', async () => {
    const { client, requests } = clientAnswered(answered(500, ''), 'https://cutoff.example.com:8443/base')
    const body = gzipSync('{}')
    await client.checkIn(body, 'dev-1')
    const [request] = requests
    const signed: SignedRequest = {
      method: 'POST',
      authority: 'cutoff.example.com:8443',
      path: '/base/api/v1/check-in',
      query: '?',
      contentDigest: `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
      contentType: 'application/json',
      contentEncoding: 'gzip',
    }
    expect(request?.url.href).toBe('https://cutoff.example.com:8443/base/api/v1/check-in')
    const read = readSignatureHeaders(
      signed,
      request?.headers['signature-input'],
      request?.headers['signature'],
    )
    expect(read?.parameters).toMatchObject({ keyId: 'dev-1', created: now / 1000 })
    const signature = Buffer.from(read?.signature ?? '', 'base64').toString('base64url')
    expect(read && verifies(key!.publicKey, signatureBase(signed, read.parameters), signature)).toBe(true)
  })

  test('without a body is signed without one, and asks for what changed', async () => {
    const { client, requests } = clientAnswered(answered(304, ''))
    expect(await client.policy('dev-1', '"v3"')).toEqual({ is: 'unchanged' })
    expect(requests[0]?.headers).toMatchObject({ 'if-none-match': '"v3"' })
    expect(Object.keys(requests[0]?.headers ?? {})).not.toContain('content-digest')
  })
})

describe('an answer', () => {
  const asked = async (answer: HttpAnswer) => clientAnswered(answer).client.checkIn(gzipSync('{}'), 'dev-1')
  test.each([
    ['a problem of the server', answered(409, problemOf('replayed')), { is: 'problem', code: 'replayed' }],
    [
      'a problem with a time to wait',
      answered(503, problemOf('unavailable'), { 'retry-after': '30' }),
      { is: 'problem', code: 'unavailable', retryAfterMs: 30_000 },
    ],
    ['a 401', answered(401, problemOf('unknown-device')), { is: 'problem', code: 'unknown-device' }],
    [
      'a captive portal’s page',
      answered(200, '<html>Log in</html>'),
      { is: 'unreachable', code: 'not-the-server', detail: expect.stringContaining('sign-in page') },
    ],
    [
      'a redirect',
      answered(302, '', { location: 'https://elsewhere' }),
      { is: 'unreachable', code: 'http-302' },
    ],
    [
      'a proxy’s question',
      answered(407, ''),
      { is: 'unreachable', code: 'http-407', detail: expect.stringContaining('let it through') },
    ],
    [
      'a gateway’s error',
      answered(502, '<html>', { 'retry-after': '5' }),
      { is: 'unreachable', code: 'http-502', retryAfterMs: 5000 },
    ],
    [
      'a problem of another program',
      answered(401, { type: 'about:blank', title: 'x', status: 401, code: 'theirs' }),
      { is: 'unreachable', code: 'http-401' },
    ],
    ['an unwanted 304', answered(304, ''), { is: 'unreachable', code: 'http-304' }],
    [
      'none',
      { ok: false, code: 'ECONNREFUSED', message: 'refused' } as const,
      { is: 'unreachable', code: 'ECONNREFUSED' },
    ],
  ])('that is %s is told as such', async (_, answer, expected) => {
    expect(await asked(answer)).toMatchObject(expected)
  })
})
