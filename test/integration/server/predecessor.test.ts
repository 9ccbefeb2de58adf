// A machine whose agent lost its key is another device: found from the one before and the other way round, and no more than that. What
// somebody who lies about a machine gains by it, and what not.
import { sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeviceDetail } from '#shared/api.ts'
import { machineHashes } from '#shared/machine.ts'
import type { EnrolResponse, WireRecord } from '#shared/protocol.ts'
import { copyText } from '#shared/vouching.ts'
import { sha256 } from '../../../server/crypto.ts'
import { makeEnrolToken } from '../../../server/session/enrol-token.ts'
import { TestDevice } from '../../helpers/test-device.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
})
afterEach(async () => {
  await server.close()
})

type HostChange = Partial<Extract<WireRecord, { type: 'host' }>>

async function enrolled(hardware: string | null, host: HostChange = {}): Promise<TestDevice> {
  const device = new TestDevice(server.server, () => server.clock.now)
  const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
  const machine = machineHashes({ hardware, system: null }, 'organisation', sha256)
  const body = { protocol: 8, token, key: device.publicKey, host: device.host(host), machine }
  const answer = await device.send('POST', '/api/v1/enrol', body, { keyId: device.publicKey })
  device.id = answer.json<EnrolResponse>().device
  return device
}

/** Signed in anew: weeks may have passed. */
const browser = () => server.signIn()
const page = async ({ id }: TestDevice): Promise<DeviceDetail> =>
  DeviceDetail.parse((await (await browser()).get(`/api/v1/devices/${id}`)).body)
const counts = async () =>
  ((await (await browser()).get('/api/v1/overview')).body as { devices: object }).devices
const weeks = (n: number) => void (server.clock.now += n * 7 * day)

test('each is found from the other, with why, under its pseudonym; the one before is waited for no more', async () => {
  const before = await enrolled('one')
  await before.checkIn([detectionRecord()])
  weeks(3)
  expect(await counts()).toMatchObject({ total: 1, quiet: 1 })
  const after = await enrolled('one', { hostname: 'renamed' })
  await after.checkIn([detectionRecord()])
  expect(await counts()).toEqual({ total: 1, reporting: 1, asleep: 0, quiet: 0 })
  const link = { why: 'hardware', at: server.clock.now, earlierReportsOn: false }
  const [then, now] = [await page(before), await page(after)]
  expect(now.predecessor).toEqual({ ...link, device: before.id, host: then.host })
  expect(then.successors).toEqual([{ ...link, device: after.id, host: now.host }])
  expect(then).toMatchObject({ predecessor: null, contact: null, status: 'active' })
  expect(JSON.stringify([then, now])).not.toMatch(/renamed|laptop-of-alice/)
})

test('no finding, mark or verdict goes from one to the other, and the one before keeps all of its own', async () => {
  const at = server.clock.now - 60_000
  const before = await enrolled('one')
  await before.checkIn([detectionRecord(), markRecord(at)])
  const rows = async () => {
    const { read } = server.context.store
    const marks = await read.selectFrom('marks').select('device').execute()
    const findings = await read.selectFrom('findings').select(['device', 'status', 'judged_at']).execute()
    return { marks, findings }
  }
  const held = await rows()
  expect(held).toMatchObject({ marks: [{ device: before.id }], findings: [{ device: before.id }] })
  const after = await enrolled('one')
  await after.checkIn([])
  expect(await rows()).toEqual(held)
})

test('one that was heard of since is waited for as any other, and the page says that there are two', async () => {
  const one = await enrolled('one')
  await one.checkIn([])
  const other = await enrolled('one')
  server.clock.now += 1000
  expect((await one.checkIn([])).statusCode).toBe(200)
  expect((await page(one)).successors).toMatchObject([{ device: other.id, earlierReportsOn: true }])
  expect((await page(other)).predecessor).toMatchObject({ earlierReportsOn: true })
  weeks(3)
  expect(await counts()).toMatchObject({ total: 2, quiet: 2 })
})

test('where a state was copied both are waited for, since there are two machines; the page tells of both', async () => {
  const original = await enrolled('one')
  await original.checkIn([])
  const copy = new TestDevice(server.server, () => server.clock.now)
  const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
  const signature = sign(null, Buffer.from(copyText(original.id, copy.publicKey)), original.key)
  const copyOf = { device: original.id, signature: signature.toString('base64url') }
  const machine = machineHashes({ hardware: 'one', system: null }, 'organisation', sha256)
  const body = { protocol: 8, token, key: copy.publicKey, host: copy.host(), copyOf, machine }
  const answer = await copy.send('POST', '/api/v1/enrol', body, { keyId: copy.publicKey })
  copy.id = answer.json<EnrolResponse>().device
  expect((await page(copy)).predecessor).toMatchObject({ device: original.id, why: 'copied' })
  expect((await page(original)).successors).toMatchObject([{ device: copy.id, why: 'copied' }])
  weeks(3)
  expect(await counts()).toMatchObject({ total: 2, quiet: 2 })
})

test('of several that came one after the other each names the last', async () => {
  const devices: TestDevice[] = []
  for (let n = 0; n < 4; n++) devices.push(await enrolled('one'))
  const chain: (string | undefined)[] = []
  for (const device of devices) chain.push((await page(device)).predecessor?.device)
  expect(chain).toEqual([undefined, ...devices.slice(0, -1).map(({ id }) => id)])
  expect(await counts()).toMatchObject({ total: 1 })
})

describe('somebody who says to be on a machine that is another’s', () => {
  test('gets nothing of it, cannot keep its device from reporting, and is seen on both', async () => {
    const victim = await enrolled('one')
    await victim.checkIn([detectionRecord()])
    const liar = await enrolled('one', { hostname: 'another' })
    await liar.checkIn([])
    expect((await victim.checkIn([detectionRecord()])).statusCode).toBe(200)
    const told = await server.context.store.read
      .selectFrom('events')
      .select(['device', 'summary'])
      .where('summary', 'like', 'enrolled-again%')
      .orderBy('id')
      .execute()
    expect(told).toEqual([
      { device: victim.id, summary: `enrolled-again device=${liar.id}` },
      { device: liar.id, summary: `enrolled-again device=${victim.id}` },
    ])
  })

  test('is missed in the place of the one that it silenced; and once it is revoked, that one is', async () => {
    const victim = await enrolled('one')
    await victim.checkIn([])
    const liar = await enrolled('one')
    weeks(3)
    expect(await counts()).toEqual({ total: 1, reporting: 0, asleep: 0, quiet: 1 })
    await (await browser()).send('POST', `/api/v1/devices/${liar.id}/revoke`, { reason: 'a liar' })
    expect(await counts()).toEqual({ total: 1, reporting: 0, asleep: 0, quiet: 1 })
    expect(await page(victim)).toMatchObject({ contact: { state: 'quiet' } })
  })

  test('by its name alone is believed nothing', async () => {
    const victim = await enrolled('one')
    const liar = await enrolled('two')
    const silent = await enrolled(null)
    expect((await page(victim)).successors).toEqual([])
    for (const one of [liar, silent]) expect((await page(one)).predecessor).toBeNull()
  })
})
