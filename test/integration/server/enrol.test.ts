// How devices come in: tokens that run out, keys that prove themselves, machines that come twice.
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EnrolResponse } from '#shared/protocol.ts'
import { publicKeyOf, readPublicKey, verifierOf } from '../../../server/crypto.ts'
import { makeEnrolToken } from '../../../server/session/enrol-token.ts'
import { TestDevice } from '../../helpers/test-device.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  await server.close()
})

const newDevice = () => new TestDevice(server.server, () => server.clock.now)
const token = async (maxUses: number | null = null) =>
  (await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses })).token

test('a token lets devices in, and tells them the keys and the time', async () => {
  const device = newDevice()
  const response = await device.enrol(await token(), device.host(), { nonce: 'nonce-of-enrol' })
  const answer = EnrolResponse.parse(response.json())
  const { keys } = server.context
  expect(answer).toMatchObject({
    serverKey: publicKeyOf(keys.server),
    organisationKey: publicKeyOf(keys.organisation),
    sessionKey: Buffer.from(keys.session).toString('base64url'),
  })
  expect(JSON.parse(answer.time.text)).toEqual({ at: server.clock.now, nonce: 'nonce-of-enrol' })
  const key = readPublicKey(answer.serverKey)
  expect(key !== null && verifierOf(key)(answer.time.text, answer.time.signature)).toBe(true)
})

describe('a token', () => {
  test('for one device lets one in', async () => {
    const once = await token(1)
    expect((await newDevice().enrol(once)).statusCode).toBe(200)
    expect((await newDevice().enrol(once)).json()).toMatchObject({ code: 'bad-token' })
  })

  test('used by two at once lets one in', async () => {
    const once = await token(1)
    const answers = await Promise.all([
      newDevice().enrol(once),
      newDevice().enrol(once),
      newDevice().enrol(once),
    ])
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(2)
  })

  test('that has expired lets nobody in', async () => {
    const made = await token()
    server.clock.now += day
    expect((await newDevice().enrol(made)).json()).toMatchObject({ code: 'bad-token' })
  })

  test('that was revoked lets nobody in', async () => {
    const browser = await server.signIn()
    const made = await browser.send('POST', '/api/v1/enrol-tokens', { validDays: 1 })
    const { id, token: text } = made.body as { id: string; token: string }
    expect((await newDevice().enrol(text)).statusCode).toBe(200)
    expect((await browser.send('DELETE', `/api/v1/enrol-tokens/${id}`)).status).toBe(204)
    expect((await newDevice().enrol(text)).json()).toMatchObject({ code: 'bad-token' })
    expect((await browser.send('DELETE', `/api/v1/enrol-tokens/${id}`)).status).toBe(404)
  })

  test('is nowhere but with whoever got it: not in the database, not in the log, not in a list', async () => {
    const made = await token()
    await newDevice().enrol(made)
    await newDevice().enrol(`${made}x`)
    const rows = await server.context.store.read.selectFrom('enrol_tokens').selectAll().execute()
    const browser = await server.signIn()
    const listed = await browser.get('/api/v1/enrol-tokens')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify([rows, server.logged, listed.body])).not.toContain(made)
  })
})

test('whoever guesses is slowed down, and one that knows is not kept out by its own earlier successes', async () => {
  const good = await token()
  for (let i = 0; i < 30; i++) expect((await newDevice().enrol(good)).statusCode).toBe(200)
  for (let i = 0; i < 20; i++) expect((await newDevice().enrol(`guess ${i}`)).statusCode).toBe(401)
  const limited = await newDevice().enrol('one guess more')
  expect(limited.statusCode).toBe(429)
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
  server.clock.now += 60_000
  expect((await newDevice().enrol(good)).statusCode).toBe(200)
})

test('a key that does not sign for itself is refused', async () => {
  const device = newDevice()
  const other = generateKeyPairSync('ed25519').privateKey
  expect((await device.enrol(await token(), device.host(), { key: other })).json()).toMatchObject({
    code: 'bad-signature',
  })
  const body = { protocol: 1, token: await token(), key: publicKeyOf(other), host: device.host() }
  const lent = await device.send('POST', '/api/v1/enrol', body, { keyId: device.publicKey })
  expect(lent.json()).toMatchObject({ code: 'bad-signature' })
})

test('the same key again is the same device, and uses no token up', async () => {
  const once = await token(1)
  const device = newDevice()
  await device.enrol(once)
  const { id } = device
  expect((await device.enrol(once)).statusCode).toBe(200)
  expect(device.id).toBe(id)
  const browser = await server.signIn()
  await browser.send('POST', `/api/v1/devices/${id}/revoke`, { reason: 'lost' })
  expect((await device.enrol(once)).json()).toMatchObject({ code: 'revoked' })
})

test('a second enrolment of one machine shows on both', async () => {
  const first = await server.enrolled({ serial: 'SN-1' })
  await server.enrolled({ serial: 'SN-2' })
  await server.enrolled({ serial: null })
  const second = await server.enrolled({ serial: 'SN-1' })
  const rows = await server.context.store.read
    .selectFrom('events')
    .select(['device', 'summary'])
    .where('summary', 'like', 'enrolled-again%')
    .execute()
  expect(rows).toEqual(
    expect.arrayContaining([
      { device: first.id, summary: `enrolled-again device=${second.id}` },
      { device: second.id, summary: `enrolled-again device=${first.id}` },
    ]),
  )
  expect(rows).toHaveLength(2)
})
