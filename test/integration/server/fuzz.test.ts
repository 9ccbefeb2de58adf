// Whatever a device sends, signed or not: an answer with a code, never a failure of ours, and the server goes on.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problems } from '#shared/problem.ts'
import type { WireRecord } from '#shared/protocol.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { startTestServer, type TestServer } from '../../helpers/test-server.ts'
import {
  detectionRecord,
  examplePolicy,
  gapRecord,
  inventoryRecord,
  markRecord,
} from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer({ env: { CUTOFF_DATABASE_URL: 'sqlite::memory:' } })
  await server.apply(examplePolicy)
  device = await server.enrolled()
})
afterAll(async () => {
  await server.close()
})

type Response = Awaited<ReturnType<TestDevice['send']>>

/** Answered, and by no failure of our own. */
function fine({ statusCode, body }: Response): boolean {
  if (statusCode === 200) return true
  const { code } = JSON.parse(body) as { code: string }
  return Object.hasOwn(problems, code) && statusCode < 500
}

/** The next report starts anew where a refused one was lost, as the agent does. */
async function send(records: readonly { salt: string; text: string }[]): Promise<Response> {
  const response = await device.report(device.sealTexts(records))
  if (response.statusCode !== 200) device.startEpoch(true)
  return response
}

const salt = fc.constant(null).map(() => randomBytes(12).toString('base64url'))
const json = fc.json({ maxDepth: 8 })
const genuine = fc.constantFrom<WireRecord>(
  detectionRecord(),
  markRecord(1),
  gapRecord(),
  inventoryRecord(),
  { type: 'account', account: 'alice', readable: true, gone: false },
  { type: 'agent', event: 'started', detail: null, at: 1 },
  { type: 'coverage', account: null, state: 'attested', at: 1, catalogue: 'c', gaps: 0 },
)
/** A genuine record with one field made something else. */
const bent = fc.tuple(genuine, fc.nat(20), fc.jsonValue({ maxDepth: 3 })).map(([record, at, value]) => {
  const keys = Object.keys(record)
  const key = keys[at % keys.length] ?? 'type'
  return JSON.stringify({ ...record, [key]: value })
})
const strange = fc
  .record({
    account: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    name: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    at: fc.maxSafeInteger(),
    resolutionMs: fc.maxSafeNat(),
  })
  .map(({ account, name, at, resolutionMs }) => [
    JSON.stringify(markRecord(at, { account, resolutionMs, session: null })),
    JSON.stringify(inventoryRecord({ account, name })),
    JSON.stringify(gapRecord({ account, place: name, from: at })),
  ])

test('records of any text are refused, or taken and shown', async () => {
  const texts = fc.oneof(
    fc.array(json, { maxLength: 3 }),
    fc.array(bent, { maxLength: 3 }),
    fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
    strange,
  )
  await fc.assert(
    fc.asyncProperty(texts, salt, async (sent, random) => {
      const response = await send(sent.map((text) => ({ salt: random, text })))
      expect(fine(response) ? '' : response.body).toBe('')
    }),
    { numRuns: 400 },
  )
  const browser = await server.signIn()
  for (const list of ['findings', 'detections', 'inventory', 'gaps', 'accounts', 'events']) {
    expect((await browser.get(`/api/v1/${list}?limit=200`)).status).toBe(200)
  }
  expect(server.logged.join('')).not.toContain('request failed')
})

test('bodies of any bytes are refused', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    json.map((text) => Buffer.from(text)),
  )
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.boolean(),
      fc.constantFrom('/api/v1/check-in', '/api/v1/enrol'),
      async (bytes, gzip, url) => {
        const keyId = url.endsWith('enrol') ? device.publicKey : device.id
        server.clock.now += 60_000
        const response = await device.send('POST', url, bytes, { gzip, keyId })
        expect(response.statusCode).not.toBe(200)
        expect(fine(response) ? '' : response.body).toBe('')
      },
    ),
    { numRuns: 300 },
  )
})

test('headers of any text are refused', async () => {
  const text = fc.string({
    unit: fc.constantFrom(
      'cutoff=',
      '(',
      ')',
      '"@method"',
      ';created=1',
      ';nonce=',
      ':',
      ',',
      ' ',
      '\\',
      '"',
    ),
  })
  await fc.assert(
    fc.asyncProperty(text, text, text, async (input, signature, digest) => {
      const response = await device.send(
        'POST',
        '/api/v1/check-in',
        {},
        {
          tamper: (headers) =>
            Object.assign(headers, {
              'signature-input': input,
              signature,
              'content-digest': digest,
            }),
        },
      )
      expect(response.statusCode).toBe(401)
    }),
    { numRuns: 200 },
  )
})

test('and a good report is still a good report', async () => {
  device.startEpoch(true)
  expect((await device.checkIn([detectionRecord()])).statusCode).toBe(200)
})
