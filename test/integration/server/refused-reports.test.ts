// Every bad report has its own answer, changes nothing, and is never a crash.
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { problems, type ProblemCode } from '#shared/problem.ts'
import type { Envelope } from '#shared/protocol.ts'
import { chainOf } from '../../../server/store/devices.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
beforeEach(async () => {
  server = await startTestServer()
  device = await server.enrolled()
})
afterEach(async () => {
  await server.close()
})

type Response = Awaited<ReturnType<TestDevice['send']>>

function expectProblem(response: Response, code: ProblemCode): void {
  expect(response.json()).toMatchObject({ code, type: `urn:cutoff:problem:${code}` })
  expect(response.statusCode).toBe(problems[code].status)
  expect(response.headers['content-type']).toContain('application/problem+json')
}

async function nothingStored(): Promise<void> {
  expect(await chainOf(server.context.store.read, device.id)).toBeUndefined()
}

describe('the signature', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  test.each<[string, ProblemCode, Parameters<TestDevice['report']>[1]]>([
    ['by another key', 'bad-signature', { key: other }],
    ['for another authority', 'bad-signature', { authority: 'evil.example.com' }],
    ['of an unknown device', 'unknown-device', { keyId: 'nobody' }],
    ['that is missing', 'bad-signature', { tamper: (h) => delete h['signature'] }],
    ['whose parameters are missing', 'bad-signature', { tamper: (h) => delete h['signature-input'] }],
    [
      'that covers less than it must',
      'bad-signature',
      {
        tamper: (h) => (h['signature-input'] = String(h['signature-input']).replace(' "content-digest"', '')),
      },
    ],
    [
      'with a changed nonce',
      'bad-signature',
      {
        tamper: (h) => (h['signature-input'] = String(h['signature-input']).replace(/nonce="./, 'nonce="_')),
      },
    ],
    [
      'over another digest',
      'bad-signature',
      { tamper: (h) => (h['content-digest'] = `sha-256=:${'A'.repeat(43)}=:`) },
    ],
    [
      'over another body',
      'bad-signature',
      { tamperBody: (bytes) => Buffer.concat([bytes, Buffer.from('x')]) },
    ],
  ])('%s is refused: %s', async (_, code, options) => {
    expectProblem(await device.report(device.seal([]), options), code)
    await nothingStored()
  })

  test('is checked before the body is read: an unknown device learns nothing of its size', async () => {
    const huge = Buffer.alloc(2 * 1024 * 1024, 0x61)
    const response = await device.send('POST', '/api/v1/check-in', huge, { keyId: 'nobody', gzip: false })
    expectProblem(response, 'unknown-device')
  })

  test.each(['/api/v1/policy?x=2', '/api/v1/policy', '/api/v1/policy?x=1&y=2'])(
    'covers path and query: what was signed for another address than %s is refused there',
    async (moveTo) => {
      expectProblem(await device.send('GET', '/api/v1/policy?x=1', undefined, { moveTo }), 'bad-signature')
      expectProblem(await device.send('GET', moveTo), 'not-found')
    },
  )
})

describe('the body', () => {
  test('beyond a mebibyte is too large', async () => {
    const noise = Buffer.from(Array.from({ length: 1024 * 1024 + 10 }, (_, i) => (i * 7919) % 251))
    expectProblem(await device.send('POST', '/api/v1/check-in', noise, { gzip: false }), 'too-large')
    await nothingStored()
  })

  test('that expands beyond the limit is too large', async () => {
    expectProblem(await device.send('POST', '/api/v1/check-in', Buffer.alloc(32 * 1024 * 1024)), 'too-large')
    await nothingStored()
  })

  test.each<[string, unknown, ProblemCode]>([
    ['of nested lists', Buffer.from('['.repeat(1000) + ']'.repeat(1000)), 'bad-request'],
    ['that is no JSON', Buffer.from('hello'), 'bad-request'],
    ['that is no envelope', { hello: 1 }, 'bad-envelope'],
    [
      'with too many records',
      { header: '', signature: '', records: Array.from({ length: 2001 }, () => ({ salt: '', text: '' })) },
      'bad-envelope',
    ],
  ])('%s is refused', async (_, body, code) => {
    expectProblem(await device.send('POST', '/api/v1/check-in', body), code)
    await nothingStored()
  })

  test('in another form is refused', async () => {
    const response = await device.send(
      'POST',
      '/api/v1/check-in',
      {},
      {
        tamper: (headers) => (headers['content-type'] = 'text/plain'),
      },
    )
    expectProblem(response, 'bad-signature')
  })
})

describe('the envelope', () => {
  const forge = (
    envelope: Envelope,
    change: (e: { header: string; signature: string; records: { salt: string; text: string }[] }) => void,
  ): Envelope => {
    const copy = structuredClone(envelope)
    change(copy)
    return copy
  }
  const resign = (header: string) => sign(null, Buffer.from(header), device.key).toString('base64url')

  test.each<
    [
      string,
      string,
      (e: { header: string; signature: string; records: { salt: string; text: string }[] }) => void,
    ]
  >([
    [
      'a changed record',
      'record-commitment at sequence 1',
      (e) => (e.records[1]!.text = e.records[1]!.text.replace('proven', 'weak')),
    ],
    ['a changed salt', 'record-commitment at sequence 0', (e) => (e.records[0]!.salt = 'other')],
    ['a record taken out', 'record-count', (e) => e.records.pop()],
    ['records in another order', 'record-commitment at sequence 0', (e) => e.records.reverse()],
    [
      'a changed header',
      'header-signature',
      (e) => (e.header = e.header.replace('"counter":1', '"counter":2')),
    ],
    ['a header signed by another', 'header-signature', (e) => (e.signature = 'A'.repeat(86))],
    [
      'a commitment taken out and signed again',
      'record-count',
      (e) => {
        const header = JSON.parse(e.header) as { commitments: string[] }
        header.commitments.pop()
        e.header = JSON.stringify(header)
        e.signature = resign(e.header)
      },
    ],
    [
      'another head, signed again',
      'chain-head',
      (e) => {
        e.header = JSON.stringify({ ...(JSON.parse(e.header) as object), head: 'x'.repeat(43) })
        e.signature = resign(e.header)
      },
    ],
    [
      'another device’s name, signed again',
      'the header names another device',
      (e) => {
        e.header = JSON.stringify({ ...(JSON.parse(e.header) as object), device: 'other' })
        e.signature = resign(e.header)
      },
    ],
  ])('with %s is refused: %s', async (_, detail, change) => {
    const envelope = device.seal([detectionRecord(), markRecord(1)])
    const response = await device.report(forge(envelope, change))
    expectProblem(response, 'bad-envelope')
    expect(response.json<{ detail: string }>().detail).toBe(detail)
    await nothingStored()
  })

  test.each<[string, string]>([
    ['a record of an unknown kind', JSON.stringify({ type: 'keystrokes', text: 'secret' })],
    ['a record with a wrong field', JSON.stringify({ ...markRecord(1), at: 'yesterday' })],
    ['a record that is too long a name', JSON.stringify(detectionRecord({ account: 'a'.repeat(257) }))],
  ])('with %s is refused, naming which', async (_, text) => {
    const envelope = device.sealTexts([
      { salt: 'a', text: JSON.stringify(markRecord(1)) },
      { salt: 'b', text },
    ])
    const response = await device.report(envelope)
    expectProblem(response, 'bad-record')
    expect(response.json<{ detail: string }>().detail).toBe('record at sequence 1')
    await nothingStored()
  })

  test('with fields that this server does not know is taken', async () => {
    const text = JSON.stringify({ ...markRecord(1), fromTheFuture: { a: 1 } })
    expect((await device.report(device.sealTexts([{ salt: 'a', text }]))).statusCode).toBe(200)
    const rows = await server.context.store.read.selectFrom('records').selectAll().execute()
    expect(rows).toMatchObject([{ sequence: 0, salt: 'a', text }])
  })
})

test('a revoked device is told so, and nobody else is', async () => {
  const browser = await server.signIn()
  const revoked = await browser.send('POST', `/api/v1/devices/${device.id}/revoke`, { reason: 'lost' })
  expect(revoked.status).toBe(204)
  expectProblem(await device.checkIn([]), 'revoked')
  expectProblem(await device.send('GET', '/api/v1/policy'), 'revoked')
  const stranger = generateKeyPairSync('ed25519').privateKey
  expectProblem(await device.checkIn([], { key: stranger }), 'bad-signature')
})

test('a failure of our own is told without a word of what failed', async () => {
  await server.context.store.close()
  const response = await device.checkIn([])
  expectProblem(response, 'internal')
  expect(Object.keys(response.json())).toEqual(['type', 'code', 'title', 'status'])
  expect(server.logged.join('')).toContain('request failed')
  server = await startTestServer()
})
