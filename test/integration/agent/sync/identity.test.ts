// Who a device is, over what happens to its state, its server and their keys: S4 and the loss of keys. Two machines are never
// taken for one, one is never taken for two without an event that says so, and what was seen is told again where it is not known.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  temporaryFolder,
  testAgent,
  transcript,
  transportTo,
  type TestAgent,
  type TestAgentOptions,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const minute = 60_000
let server: TestServer
let folders: string[]
let agents: TestAgent[]
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  folders = []
  agents = []
})
afterEach(async () => {
  for (const agent of agents) agent.close()
  await server.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const folder = (): string => {
  const made = temporaryFolder()
  folders.push(made)
  return made
}
const start = (host: FakeHost, at: string, options: Partial<TestAgentOptions> = {}): TestAgent => {
  const agent = testAgent({ host, server, folder: at, managed: true, ...options })
  agents.push(agent)
  return agent
}
const end = (agent: TestAgent): void => {
  agents.splice(agents.indexOf(agent), 1)
  agent.close()
}
const laptop = (options: FakeHostOptions = {}): FakeHost => fakeHost({ files: claudeInstalled(), ...options })
const copyOf = (from: string): string => {
  const to = folder()
  cpSync(from, to, { recursive: true })
  return to
}
/** A look and all that follows from it. */
const round = async (agent: TestAgent): Promise<void> => {
  await agent.looks.full()
  await agent.reporting.report()
}
const deviceOf = (agent: TestAgent): string => agent.state.enrolment()?.device ?? ''

/** A use now, on this machine alone. */
async function use(host: FakeHost, agent: TestAgent, name: string): Promise<number> {
  host.advance(10 * minute)
  server.clock.now = Math.max(server.clock.now, host.now())
  const at = host.now() - 1000
  const content = transcript(at)
  host.put(`/home/ann/.claude/projects/-src/${name}.jsonl`, { content, modifiedAt: at, createdAt: at - 500 })
  await agent.looks.full()
  return at
}

async function marksOf(device: string): Promise<{ at: number; basis: string }[]> {
  const rows = await server.context.store.read
    .selectFrom('marks')
    .select(['device_at', 'basis'])
    .where('device', '=', device)
    .where('kind', '=', 'session')
    .orderBy('device_at')
    .execute()
  return rows.map(({ device_at: at, basis }) => ({ at, basis }))
}

async function events(device: string): Promise<string[]> {
  const rows = await server.context.store.read
    .selectFrom('events')
    .select('summary')
    .where('device', '=', device)
    .orderBy('id')
    .execute()
  return rows.map(({ summary }) => summary)
}

describe('a state that was copied', () => {
  test('to another machine is that one’s no more: it enrols as a device of its own, with nothing of the other’s', async () => {
    const host = laptop()
    const at = folder()
    const original = start(host, at)
    await round(original)
    await round(original)
    const used = await use(host, original, 'one')
    await original.reporting.report()
    end(original)

    const image = start(laptop({ machine: 'machine-2', now: host.now() }), copyOf(at))
    expect(image.state.enrolment()).toBeNull()
    await round(image)
    expect(deviceOf(image)).not.toBe('')
    const again = start(host, at)
    await round(again)
    expect(deviceOf(again)).not.toBe(deviceOf(image))
    expect(image.state.key.publicKey).not.toBe(again.state.key.publicKey)
    expect(await marksOf(deviceOf(again))).toEqual([{ at: used, basis: 'witnessed' }])
    expect(await marksOf(deviceOf(image))).toEqual([])
    expect(await events(deviceOf(again))).not.toContain('state-diverged')
  })

  test('before it was enrolled, as into an image, makes no two machines one device', async () => {
    const at = folder()
    const made = start(laptop(), at)
    await made.looks.full()
    end(made)
    const devices = await Promise.all(
      ['machine-2', 'machine-3'].map(async (machine) => {
        const agent = start(laptop({ machine }), copyOf(at))
        await agent.reporting.report()
        return deviceOf(agent)
      }),
    )
    expect(new Set(devices).size).toBe(2)
    expect(devices).not.toContain('')
  })

  // Containers, and virtual machines that were copied with their numbers.
  test('to one that cannot be told apart shows within two check-ins, and then each is a device of its own', async () => {
    const host = laptop()
    const at = folder()
    const original = start(host, at)
    await round(original)
    await round(original)
    const device = deviceOf(original)
    const twin = laptop({ now: host.now() })
    const copyAt = copyOf(at)
    const copy = start(twin, copyAt)
    const mine = await use(host, original, 'one')
    await use(twin, copy, 'two')
    await original.reporting.report()
    await copy.reporting.report()
    expect(await events(device)).toEqual(expect.arrayContaining([expect.stringMatching(/^state-diverged/)]))
    await copy.reporting.report()
    await original.reporting.report()
    expect(await events(device)).toContain('clone-suspected why=ended-epoch')
    expect(original.log.join('\n')).toContain('enrolled again')
    end(original)

    const next = start(host, at)
    expect(deviceOf(next)).not.toBe(device)
    await round(next)
    await round(next)
    await round(copy)
    expect(await events(device)).toContain(`copied device=${deviceOf(next)}`)
    expect(await events(deviceOf(next))).toContain(`copied device=${device}`)
    // The first device keeps what was witnessed under it; what is on the disk of the second is found there.
    expect(await marksOf(device)).toContainEqual({ at: mine, basis: 'witnessed' })
    expect(await marksOf(deviceOf(next))).toEqual([{ at: mine, basis: 'found' }])
    const refused = (await events(device)).filter((summary) => summary.startsWith('clone-suspected'))
    expect(refused).toHaveLength(1)
  })

  test('and is told so by a server that does not let it enrol gives up nothing', async () => {
    const at = folder()
    const agent = start(laptop(), at)
    await round(agent)
    const files = () =>
      ['identity', 'enrolment'].map((name) => readFileSync(join(at, `${name}.json`), 'utf8'))
    const before = files()
    agent.transport = async ({ url }) => ({
      ok: true,
      status: url.pathname.endsWith('check-in') ? 409 : 401,
      headers: {},
      body: JSON.stringify({
        type: 'x',
        title: 'x',
        status: 409,
        code: url.pathname.endsWith('check-in') ? 'clone-suspected' : 'bad-token',
      }),
    })
    for (let n = 0; n < 3; n++) await agent.reporting.report()
    end(agent)
    const again = start(laptop(), at)
    expect(files()).toEqual(before)
    await round(again)
    expect(again.state.outbox.waiting()).toBe(0)
  })
})

test('a device whose key is lost on its disk enrols as another one, and tells all that it saw again', async () => {
  const host = laptop()
  const at = folder()
  const agent = start(host, at)
  for (let n = 0; n < 2; n++) await round(agent)
  const used = await use(host, agent, 'one')
  await agent.reporting.report()
  const lost = deviceOf(agent)
  const { publicKey } = agent.state.key
  end(agent)
  for (const name of ['identity.json', 'identity-copy.json']) writeFileSync(join(at, name), 'damaged')
  const again = start(host, at)
  expect(again.state.key.publicKey).not.toBe(publicKey)
  for (let n = 0; n < 4; n++) await round(again)
  expect(deviceOf(again)).not.toBe(lost)
  expect(await marksOf(deviceOf(again))).toEqual([{ at: used, basis: 'witnessed' }])
  expect(again.state.outbox.waiting()).toBe(0)
  expect(again.state.read('sync')?.lastError).toBeNull()
})

describe('a server', () => {
  test('that knows the device no more is told everything again, witnessed uses as witnessed', async () => {
    const host = laptop()
    const agent = start(host, folder())
    await round(agent)
    await round(agent)
    const used = await use(host, agent, 'one')
    await agent.reporting.report()
    const { publicKey } = agent.state.key
    const old = deviceOf(agent)
    // Its keys were kept, its database was not.
    const empty = await startTestServer({ keysOf: server })
    await empty.apply(examplePolicy)
    empty.clock.now = host.now()
    await server.close()
    server = empty
    agent.transport = transportTo(empty)
    end(agent)
    const moved = start(host, agent.folder)
    for (let n = 0; n < 3; n++) await round(moved)
    expect(deviceOf(moved)).not.toBe(old)
    expect(moved.state.key.publicKey).toBe(publicKey)
    expect(await marksOf(deviceOf(moved))).toEqual([{ at: used, basis: 'witnessed' }])
  })

  test('whose address changed in the settings is the same, and its device goes on; the old address gets nothing more', async () => {
    let moved = false
    const host = laptop()
    const agent = start(host, folder(), { isElsewhere: () => moved })
    await round(agent)
    await round(agent)
    const device = deviceOf(agent)
    const { epoch } = agent.state.outbox.chain()
    moved = true
    const through = agent.transport
    agent.transport = async () => ({ ok: false, code: 'ECONNREFUSED', message: 'refused' })
    agent.requests.length = 0
    // The last one before a stop.
    await agent.reporting.reportLast(1000)
    expect(agent.requests).toEqual([])
    await agent.reporting.report()
    expect(agent.requests.map(({ url }) => url.pathname)).toEqual(['/api/v1/enrol'])
    expect(agent.state.read('sync')?.lastError).toMatchObject({ code: 'ECONNREFUSED' })
    expect(deviceOf(agent)).toBe(device)
    agent.transport = through
    await agent.reporting.report()
    moved = false
    await round(agent)
    expect(deviceOf(agent)).toBe(device)
    expect(agent.state.outbox.chain()).toMatchObject({ epoch })
    expect((await events(device)).filter((summary) => summary.startsWith('enrolled'))).toHaveLength(1)
  })

  test('with a new key for receipts is believed where the organisation’s key vouches for it', async () => {
    const agent = start(laptop(), folder())
    await round(agent)
    const device = deviceOf(agent)
    const { serverKey } = agent.state.enrolment() ?? {}
    await server.replaceKey('receipt')
    await round(agent)
    expect(agent.state.enrolment()?.serverKey).not.toBe(serverKey)
    await round(agent)
    expect(deviceOf(agent)).toBe(device)
    expect(agent.state.outbox.waiting()).toBe(0)
    expect(agent.state.read('sync')?.lastError).toBeNull()
  })

  test.each([
    ['nobody vouches for', () => undefined],
    ['another vouches for', (proof: object) => ({ ...proof, signature: 'A'.repeat(86) })],
    ['is vouched for in place of another', (proof: object) => ({ ...proof, text: '{"serverKey":"x"}' })],
  ])('with a new key for receipts that %s is not, and nothing is forgotten', async (_, change) => {
    const agent = start(laptop(), folder())
    await round(agent)
    const before = agent.state.enrolment()
    const through = agent.transport
    await server.replaceKey('receipt')
    agent.transport = async (request) => {
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('/enrol')) return answer
      const body = JSON.parse(answer.body) as { serverKeyProof: object }
      return { ...answer, body: JSON.stringify({ ...body, serverKeyProof: change(body.serverKeyProof) }) }
    }
    await agent.looks.full()
    const waiting = agent.state.outbox.waiting()
    await agent.reporting.report()
    expect(agent.log.join('\n')).toContain('server-key')
    expect(agent.state.enrolment()).toEqual(before)
    expect(agent.state.outbox.waiting()).toBe(waiting)
  })

  test('whose organisation has a new key is followed once the settings name it, also with a policy of a lower version', async () => {
    let moved = false
    const agent = start(laptop(), folder(), { isElsewhere: () => moved })
    expect(await server.apply({ ...examplePolicy, version: 7 })).toMatchObject({ ok: true })
    await round(agent)
    await round(agent)
    const device = deviceOf(agent)
    const held = agent.state.read('policy')
    const fresh = await startTestServer({ keysOf: server })
    await fresh.replaceKey('organisation')
    await fresh.apply({ ...examplePolicy, version: 1 })
    // The same database under another key: here another server that has the device by its key.
    await fresh.context.store.write(async (db) => {
      const row = await server.context.store.read.selectFrom('devices').selectAll().executeTakeFirstOrThrow()
      await db
        .insertInto('devices')
        .values({ ...row, enrol_token: null })
        .execute()
    })
    agent.transport = transportTo(fresh)
    await round(agent)
    expect(agent.state.read('policy')).toEqual(held)
    await server.close()
    server = fresh
    moved = true
    end(agent)
    const followed = start(laptop(), agent.folder, { isElsewhere: () => moved })
    await followed.reporting.report()
    moved = false
    for (let n = 0; n < 2; n++) await round(followed)
    expect(deviceOf(followed)).toBe(device)
    expect(followed.state.read('policy')?.signed.key).toBe(followed.state.enrolment()?.organisationKey)
    expect(followed.state.read('policy')?.signed.key).not.toBe(held?.signed.key)
  })
})
