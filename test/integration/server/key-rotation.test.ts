// A device's key gives its place to another: by whose word, once, and so that what was signed before stays verifiable. Attacked with
// what a copied state, a request kept back, or another device could send.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEnvelope } from '#shared/envelope.ts'
import type { EnrolResponse } from '#shared/protocol.ts'
import { copyText, DeviceKeyProof, rotationText } from '#shared/vouching.ts'
import { isSignedBy, publicKeyOf, sha256 } from '../../../server/crypto.ts'
import { makeEnrolToken } from '../../../server/session/enrol-token.ts'
import { TestDevice, type SendOptions } from '../../helpers/test-device.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord } from '../../helpers/wire-records.ts'

const hour = 3_600_000
let server: TestServer
let device: TestDevice
beforeEach(async () => {
  server = await startTestServer()
  device = await server.enrolled()
  await device.checkIn([detectionRecord()])
})
afterEach(async () => {
  await server.close()
})

const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey
const code = (response: { json: () => unknown }) => (response.json() as { code?: string }).code
const nextDay = () => void (server.clock.now += day)

interface Asked {
  readonly of: string
  readonly token: string
  readonly signedBy: KeyObject
  readonly signed: string
}

/** Asks that a key take the place of the device's. */
function ask(from: TestDevice, key: KeyObject, change: Partial<Asked> = {}, options: SendOptions = {}) {
  const { of = from.id, token = from.token ?? '', signedBy = from.key } = change
  const text = change.signed ?? rotationText(of, publicKeyOf(key), token)
  const signature = sign(null, Buffer.from(text), signedBy).toString('base64url')
  const rotates = { device: of, token, signature }
  const body = { protocol: 8, token: '', key: publicKeyOf(key), host: from.host(), rotates }
  return from.send('POST', '/api/v1/enrol', body, { keyId: publicKeyOf(key), key, ...options })
}

async function rotated(from: TestDevice): Promise<KeyObject> {
  const key = newKey()
  await ask(from, key)
  Object.assign(from, { key })
  return key
}

async function events(of = device.id): Promise<string[]> {
  const rows = await server.context.store.read
    .selectFrom('events')
    .select('summary')
    .where('device', '=', of)
    .orderBy('id')
    .execute()
  return rows.map(({ summary }) => summary)
}

const devices = () => server.context.store.read.selectFrom('devices').selectAll().execute()

describe('a new key that the one before signs for', () => {
  test('takes its place under the same device, without a token, and the server says so over its signature', async () => {
    const key = newKey()
    const answer = (await ask(device, key)).json<EnrolResponse>()
    expect(answer.device).toBe(device.id)
    const { text, signature } = answer.deviceKeyProof ?? { text: '', signature: '' }
    expect(isSignedBy(answer.serverKey, text, signature)).toBe(true)
    expect(DeviceKeyProof.parse(JSON.parse(text))).toEqual({
      device: device.id,
      deviceKey: publicKeyOf(key),
    })
    Object.assign(device, { key })
    expect((await device.checkIn([detectionRecord()])).statusCode).toBe(200)
    expect(await events()).toContain('key-rotated')
    expect(await devices()).toMatchObject([{ id: device.id, key: publicKeyOf(key), key_number: 1 }])
  })

  test('leaves all that was kept as signed verifiable, each under the key of its time, from the first key on', async () => {
    const first = device.publicKey
    for (let n = 0; n < 2; n++) {
      await rotated(device)
      await device.checkIn([detectionRecord()])
      nextDay()
    }
    const { read } = server.context.store
    const former = await read.selectFrom('former_keys').selectAll().orderBy('number').execute()
    const keys = [...former.map(({ key }) => key), device.publicKey]
    expect(keys[0]).toBe(first)
    for (const { number, token, signature } of former)
      expect(
        isSignedBy(keys[number] ?? '', rotationText(device.id, keys[number + 1] ?? '', token), signature),
      ).toBe(true)
    const kept = await read.selectFrom('envelopes').selectAll().orderBy('counter').execute()
    const texts = await read.selectFrom('records').select(['salt', 'text']).orderBy('sequence').execute()
    expect(kept.map((row) => row.key_number)).toEqual([0, 1, 2])
    for (const [index, { header, signature, key_number: number }] of kept.entries()) {
      const { salt, text } = texts[index] ?? {}
      const envelope = { header, signature, records: [{ salt: salt ?? '', text: text ?? '' }] }
      const under = (key: string) =>
        openEnvelope(envelope, sha256, (said, by) => isSignedBy(key, said, by)).ok
      expect(keys.map(under)).toEqual(keys.map((_, one) => one === number))
    }
  })

  test('is told again to an agent that lost the answer, and changes nothing then; the very same request is refused', async () => {
    const key = newKey()
    expect((await ask(device, key, {}, { nonce: 'nonce-one' })).statusCode).toBe(200)
    expect((await ask(device, key, {}, { nonce: 'nonce-two' })).json()).toMatchObject({ device: device.id })
    expect(code(await ask(device, key, {}, { nonce: 'nonce-two' }))).toBe('replayed')
    expect((await events()).filter((summary) => summary === 'key-rotated')).toHaveLength(1)
  })
})

describe('nothing takes the place of a key', () => {
  const refusals: readonly (readonly [
    string,
    string,
    (key: KeyObject) => Promise<{ json: () => unknown }>,
  ])[] = [
    ['that it did not sign for', 'bad-signature', (key) => ask(device, key, { signedBy: newKey() })],
    ['by its own word', 'bad-signature', (key) => ask(device, key, { signedBy: key })],
    [
      'by a word for another key',
      'bad-signature',
      (key) =>
        ask(device, key, { signed: rotationText(device.id, publicKeyOf(newKey()), device.token ?? '') }),
    ],
    [
      'by a word that was given for a copy',
      'bad-signature',
      (key) => ask(device, key, { signed: copyText(device.id, publicKeyOf(key)) }),
    ],
    ['with an older receipt’s token', 'state-diverged', (key) => ask(device, key, { token: 'older' })],
    ['with no token', 'state-diverged', (key) => ask(device, key, { token: '' })],
    ['of a device that there is none of', 'unknown-device', (key) => ask(device, key, { of: 'nobody' })],
    ['that it does not hold', 'bad-signature', (key) => ask(device, key, {}, { key: newKey() })],
  ]
  test.each(refusals)('%s', async (_, expected, attempt) => {
    expect(code(await attempt(newKey()))).toBe(expected)
    expect(await devices()).toMatchObject([{ key: device.publicKey, key_number: 0 }])
    expect((await device.checkIn([])).statusCode).toBe(200)
  })

  test('of another device, by the word of one’s own', async () => {
    const other = await server.enrolled()
    await other.checkIn([])
    expect(code(await ask(other, newKey(), { of: device.id, token: device.token ?? '' }))).toBe(
      'bad-signature',
    )
    // A key that is a device's already is that device, whatever else is asked with it.
    const own = await ask(device, other.key)
    expect(own.json()).toMatchObject({ device: other.id })
    expect((await devices()).map(({ key }) => key).toSorted()).toEqual(
      [device.publicKey, other.publicKey].toSorted(),
    )
  })

  test('of a revoked device', async () => {
    const browser = await server.signIn()
    await browser.send('POST', `/api/v1/devices/${device.id}/revoke`, { reason: 'lost' })
    expect(code(await ask(device, newKey()))).toBe('revoked')
  })

  test('by a request that was kept back until the device had reported again', async () => {
    const { token } = device
    const key = newKey()
    await device.checkIn([])
    expect(code(await ask(device, key, { token: token ?? '' }))).toBe('state-diverged')
    expect(await events()).toContain('state-diverged why=rotation')
  })

  test('twice within an hour', async () => {
    await rotated(device)
    expect(code(await ask(device, newKey()))).toBe('too-many-requests')
    server.clock.now += hour
    expect((await ask(device, newKey())).statusCode).toBe(200)
  })

  test('once it has been one: neither of this device nor of another, nor for a new one with a token', async () => {
    const first = device.key
    await rotated(device)
    await device.checkIn([])
    server.clock.now += hour
    const other = await server.enrolled()
    await other.checkIn([])
    expect(code(await ask(device, first))).toBe('clone-suspected')
    expect(code(await ask(other, first))).toBe('clone-suspected')
    const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
    const again = Object.assign(new TestDevice(server.server, () => server.clock.now), { key: first })
    expect(code(await again.enrol(token))).toBe('clone-suspected')
    expect(await devices()).toHaveLength(2)
  })
})

describe('two states with one key', () => {
  test('of which one rotates: the other is refused and shown, once a day, and goes on as a device that names the first', async () => {
    const copy = device.copy()
    await rotated(device)
    for (let n = 0; n < 3; n++) expect(code(await copy.checkIn([]))).toBe('clone-suspected')
    expect(code(await copy.send('GET', '/api/v1/policy'))).toBe('clone-suspected')
    expect(code(await ask(copy, newKey()))).toBe('clone-suspected')
    const told = (await events()).filter((summary) => summary === 'clone-suspected why=former-key')
    expect(told).toHaveLength(1)
    nextDay()
    await copy.checkIn([])
    expect((await events()).filter((summary) => summary.startsWith('clone-suspected'))).toHaveLength(2)

    const next = new TestDevice(server.server, () => server.clock.now)
    const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
    const signature = sign(null, Buffer.from(copyText(device.id, next.publicKey)), copy.key)
    const copyOf = { device: device.id, signature: signature.toString('base64url') }
    const body = { protocol: 8, token, key: next.publicKey, host: next.host(), copyOf }
    const answer = await next.send('POST', '/api/v1/enrol', body, { keyId: next.publicKey })
    const { device: id } = answer.json<EnrolResponse>()
    expect(await events()).toContain(`copied device=${id}`)
    expect(await events(id)).toContain(`copied device=${device.id}`)
  })

  test('that rotate at once: one does, the other shows', async () => {
    const copy = device.copy()
    const answers = await Promise.all([ask(device, newKey()), ask(copy, newKey())])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(expect.arrayContaining([200, 409]))
    expect(await events()).toContain('clone-suspected why=former-key')
  })

  test('of which one has fallen behind and rotates: it does not, and shows', async () => {
    const copy = device.copy()
    await device.checkIn([])
    expect(code(await ask(copy, newKey()))).toBe('state-diverged')
    expect(await events()).toContain('state-diverged why=rotation')
    expect((await device.checkIn([])).statusCode).toBe(200)
  })
})

test('a report under way while the key changes is kept under the key that signed it, or asked for again', async () => {
  const key = newKey()
  const [report, change] = await Promise.all([device.checkIn([detectionRecord()]), ask(device, key)])
  const { read } = server.context.store
  const kept = await read.selectFrom('envelopes').select('key_number').execute()
  expect(kept.every((row) => row.key_number === 0)).toBe(true)
  // Either the report came first, and its receipt's token is another; or the key did.
  expect([report.statusCode, change.statusCode]).toEqual(report.statusCode === 200 ? [200, 409] : [409, 200])
})
