// The device's key gives its place to another while agent and server are cut off at every step between, and while somebody else has a
// copy of the state: one device, its chain and its marks before and after, and never a device that is locked out.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { problems } from '#shared/problem.ts'
import type { Signed } from '#shared/protocol.ts'
import { openOwnFolder } from '../../../../agent/platform/own-folder.ts'
import { wishNextKey } from '../../../../agent/state/next-key.ts'
import { signed } from '../../../../server/crypto.ts'
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  temporaryFolder,
  testAgent,
  transcript,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const day = 86_400_000
let server: TestServer
let host: FakeHost
let folders: string[]
let agents: TestAgent[]
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  host = laptop()
  folders = []
  agents = []
})
afterEach(async () => {
  for (const agent of agents) agent.close()
  await server.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const laptop = (options: FakeHostOptions = {}): FakeHost => fakeHost({ files: claudeInstalled(), ...options })
const folder = (): string => {
  const made = temporaryFolder()
  folders.push(made)
  return made
}
const copyOf = (from: string): string => {
  const to = folder()
  cpSync(from, to, { recursive: true })
  return to
}
const start = (at: string, on: FakeHost = host): TestAgent => {
  const agent = testAgent({ host: on, server, folder: at, managed: true })
  agents.push(agent)
  return agent
}
const end = (agent: TestAgent): void => {
  agents.splice(agents.indexOf(agent), 1)
  agent.close()
}
const round = async (agent: TestAgent): Promise<void> => {
  await agent.looks.full()
  await agent.reporting.report()
}
const deviceOf = (agent: TestAgent): string => agent.state.enrolment()?.device ?? ''
const pass = (ms: number): void => {
  host.advance(ms)
  server.clock.now = Math.max(server.clock.now + ms, host.now())
}

/** An agent that has reported, with a use that it witnessed. */
async function settled(at = folder()): Promise<TestAgent> {
  const agent = start(at)
  for (let n = 0; n < 2; n++) await round(agent)
  pass(600_000)
  const used = host.now() - 1000
  const content = transcript(used)
  host.put('/home/ann/.claude/projects/-src/one.jsonl', { content, modifiedAt: used, createdAt: used - 500 })
  for (let n = 0; n < 2; n++) await round(agent)
  return agent
}

function wish(at: string): void {
  const opened = openOwnFolder(at)
  if (!opened.ok || !wishNextKey(opened.folder)) throw new Error('the wish could not be written')
}

/** Lets requests for a new key reach the server, and none of its answers come back. */
function loseAnswers(agent: TestAgent): void {
  const through = agent.transport
  agent.transport = async (request) => {
    const answer = await through(request)
    return request.url.pathname.endsWith('/enrol')
      ? { ok: false, code: 'ECONNRESET', message: 'cut' }
      : answer
  }
}

const keyAtServer = async (device: string): Promise<string | undefined> =>
  (
    await server.context.store.read
      .selectFrom('devices')
      .select('key')
      .where('id', '=', device)
      .executeTakeFirst()
  )?.key

async function events(device: string): Promise<string[]> {
  const rows = await server.context.store.read
    .selectFrom('events')
    .select('summary')
    .where('device', '=', device)
    .orderBy('id')
    .execute()
  return rows.map(({ summary }) => summary)
}

const alarms = async (device: string): Promise<string[]> =>
  (await events(device)).filter((summary) => /clone|diverged|new-epoch|missing/.test(summary))

/** That it is the device that it was, with the key that the server has, and that all it had to say arrived. */
async function expectGoesOn(agent: TestAgent, device: string): Promise<void> {
  for (let n = 0; n < 2; n++) await round(agent)
  expect(deviceOf(agent)).toBe(device)
  expect(await keyAtServer(device)).toBe(agent.state.key.publicKey)
  expect(agent.state.outbox.waiting()).toBe(0)
  expect(agent.state.read('sync')?.lastError).toBeNull()
  expect(agent.state.nextKey.read()).toBeNull()
  expect(await alarms(device)).toEqual([])
  expect(await server.context.store.read.selectFrom('devices').select('id').execute()).toEqual([
    { id: device },
  ])
}

async function expectReports(agent: TestAgent): Promise<void> {
  for (let n = 0; n < 2; n++) await round(agent)
  expect(agent.state.outbox.waiting()).toBe(0)
  expect(agent.state.read('sync')?.lastError).toBeNull()
}

describe('the key', () => {
  test.each([
    ['by its age', (): void => pass(366 * day)],
    ['by a wish in the state folder', (at: string): void => wish(at)],
  ])('is another one %s, once; device, chain, marks and hashes of places stay', async (_, happens) => {
    const agent = await settled()
    const device = deviceOf(agent)
    const { key, identity } = agent.state
    const { epoch } = agent.state.outbox.chain()
    happens(agent.folder)
    await expectGoesOn(agent, device)
    expect(agent.state.key.publicKey).not.toBe(key.publicKey)
    expect(agent.state.identity.placeKey).toBe(identity.placeKey)
    expect(agent.state.outbox.chain().epoch).toBe(epoch)
    const marks = await server.context.store.read.selectFrom('marks').select('basis').execute()
    expect(marks).toContainEqual({ basis: 'witnessed' })
    pass(2 * 3_600_000)
    end(agent)
    await expectGoesOn(start(agent.folder), device)
    expect((await events(device)).filter((summary) => summary === 'key-rotated')).toHaveLength(1)
  })

  test('stays while the server is of an older version, which is asked for nothing', async () => {
    const agent = await settled()
    agent.state.write('serverProtocol', 7)
    wish(agent.folder)
    pass(366 * day)
    const through = agent.transport
    agent.transport = async (request) => {
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('check-in')) return answer
      return { ...answer, body: JSON.stringify({ ...(JSON.parse(answer.body) as object), protocol: 7 }) }
    }
    agent.requests.length = 0
    for (let n = 0; n < 2; n++) await round(agent)
    expect(agent.requests.map(({ url }) => url.pathname)).not.toContain('/api/v1/enrol')
    expect(agent.state.nextKey.read()).toBeNull()
  })

  test.each(Object.keys(problems))('is not replaced because a server says %s', async (code) => {
    const agent = await settled()
    const { publicKey } = agent.state.key
    agent.transport = async () => ({
      ok: true,
      status: 409,
      headers: {},
      body: JSON.stringify({ type: 'x', title: 'x', status: 409, code }),
    })
    agent.requests.length = 0
    for (let n = 0; n < 2; n++) await round(agent)
    const bodies = agent.requests.map(({ body }) => (body === null ? '' : gunzipSync(body).toString()))
    expect(bodies.filter((body) => body.includes('"rotates"'))).toEqual([])
    expect(agent.state.nextKey.read()).toBeNull()
    expect(agent.state.key.publicKey).toBe(publicKey)
  })
})

describe('cut off', () => {
  /** A state whose new key the server has, and the agent does not know that. */
  async function stages() {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    loseAnswers(agent)
    await agent.reporting.report()
    end(agent)
    return { device, asked: agent.folder }
  }
  const next = ['next-identity.json', 'next-identity-copy.json']

  test.each<[string, (at: string) => void]>([
    ['once the server had the new key and its answer was lost', () => {}],
    ['with one copy of the new key damaged', (at) => writeFileSync(join(at, next[0] ?? ''), 'damaged')],
    [
      'with one copy of the identity written',
      (at) => cpSync(join(at, next[0] ?? ''), join(at, 'identity.json')),
    ],
    [
      'with the second copy of the identity alone written',
      (at) => cpSync(join(at, next[0] ?? ''), join(at, 'identity-copy.json')),
    ],
    [
      'with both written and the new key still on its way',
      (at) => {
        for (const name of ['identity.json', 'identity-copy.json'])
          cpSync(join(at, next[0] ?? ''), join(at, name))
      },
    ],
    [
      'with both written, one copy of the one on its way removed',
      (at) => {
        for (const name of ['identity.json', 'identity-copy.json'])
          cpSync(join(at, next[0] ?? ''), join(at, name))
        for (const name of ['rotate-key', next[0] ?? '']) rmSync(join(at, name))
      },
    ],
    [
      'with the key before damaged in both copies',
      (at) => {
        for (const name of ['identity.json', 'identity-copy.json']) writeFileSync(join(at, name), 'damaged')
      },
    ],
  ])('%s, the agent goes on as the device that it was', async (_, change) => {
    const { device, asked } = await stages()
    change(asked)
    await expectGoesOn(start(asked), device)
  })

  test('before the server heard of it, the new key is asked for again', async () => {
    const { device, asked } = await stages()
    // As if it had never come.
    await server.context.store.write(async (db) => {
      const { key } = await db.selectFrom('former_keys').selectAll().executeTakeFirstOrThrow()
      await db.deleteFrom('former_keys').execute()
      await db.updateTable('devices').set({ key, key_number: 0, key_since: null }).execute()
    })
    await expectGoesOn(start(asked), device)
  })

  test('at a stop, it sends nothing that the server could take for a copy’s', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    loseAnswers(agent)
    await agent.reporting.report()
    agent.requests.length = 0
    await agent.reporting.reportLast(1000)
    expect(agent.requests).toEqual([])
    expect(await alarms(device)).toEqual([])
  })

  test('for days, nothing is lost, and the server never sees the old key', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    const through = agent.transport
    loseAnswers(agent)
    for (let n = 0; n < 5; n++) {
      await round(agent)
      pass(6 * 3_600_000)
    }
    expect(await alarms(device)).toEqual([])
    agent.transport = through
    await expectGoesOn(agent, device)
  })
})

describe('a report that waits, signed with the key before,', () => {
  test('arrives first, and then the key is another', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    const through = agent.transport
    // It reached the server, and nobody here knows that.
    agent.transport = async (request) => {
      await through(request)
      return { ok: false, code: 'ECONNRESET', message: 'cut' }
    }
    await round(agent)
    wish(agent.folder)
    expect(agent.state.outbox.sealed()).not.toBeNull()
    agent.transport = through
    await expectGoesOn(agent, device)
    expect(await events(device)).toContain('key-rotated')
  })

  test('is sealed anew where the server took the new key, unknown to the agent, before it came', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    const through = agent.transport
    let kept: Parameters<typeof through>[0] | null = null
    // A refusal in the way of the request, which goes on to the server later.
    agent.transport = async (request) => {
      if (request.url.pathname.endsWith('/enrol')) {
        kept = request
        const body = JSON.stringify({ type: 'x', title: 'x', status: 503, code: 'unavailable' })
        return { ok: true, status: 503, headers: {}, body }
      }
      return { ok: false, code: 'ECONNREFUSED', message: 'refused' }
    }
    await round(agent)
    expect(agent.state.outbox.sealed()).not.toBeNull()
    if (kept === null) throw new Error('no new key was asked for')
    await through(kept)
    expect(await keyAtServer(device)).not.toBe(agent.state.key.publicKey)
    agent.transport = through
    for (let n = 0; n < 2; n++) await round(agent)
    expect(deviceOf(agent)).toBe(device)
    expect(await keyAtServer(device)).toBe(agent.state.key.publicKey)
    expect(agent.state.outbox.waiting()).toBe(0)
    expect(agent.state.read('sync')?.lastError).toBeNull()
    expect((await events(device)).filter((summary) => /diverged|new-epoch|missing/.test(summary))).toEqual([])
  })
})

describe('an answer that', () => {
  const says = (deviceKey: string, device: string) =>
    signed({ device, deviceKey }, server.context.keys.server)
  test.each<[string, (proof: Signed, device: string) => Signed | undefined]>([
    ['holds no word for the key', () => undefined],
    ['is signed by another', (proof) => ({ ...proof, signature: 'A'.repeat(86) })],
    ['is the server’s word for another key', (_, device) => says('another', device)],
  ])('%s costs no key: the one before is used on, and the new one taken later', async (_, change) => {
    const agent = await settled()
    const device = deviceOf(agent)
    const { publicKey } = agent.state.key
    wish(agent.folder)
    const through = agent.transport
    agent.transport = async (request) => {
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('/enrol')) return answer
      const body = JSON.parse(answer.body) as { deviceKeyProof: Signed }
      const deviceKeyProof = change(body.deviceKeyProof, device)
      return { ...answer, body: JSON.stringify({ ...body, deviceKeyProof }) }
    }
    await round(agent)
    expect(agent.state.key.publicKey).toBe(publicKey)
    agent.transport = through
    await expectGoesOn(agent, device)
  })

  test('gives the new key to another device, by the server’s word, has this one keep its own', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    const { publicKey } = agent.state.key
    wish(agent.folder)
    const through = agent.transport
    agent.transport = async (request) => {
      if (!request.url.pathname.endsWith('/enrol')) return through(request)
      const { key } = JSON.parse(gunzipSync(request.body ?? '').toString()) as { key: string }
      const { serverKey, organisationKey, sessionKey } = agent.state.enrolment() ?? {}
      const deviceKeyProof = says(key, 'another')
      const time = signed({ at: 0, nonce: '' }, server.context.keys.server)
      const body = { device: 'another', serverKey, organisationKey, sessionKey, deviceKeyProof, time }
      return { ok: true, status: 200, headers: {}, body: JSON.stringify(body) }
    }
    await round(agent)
    expect(agent.log.join('\n')).toContain('device-key')
    expect(agent.state.key.publicKey).toBe(publicKey)
    await expectGoesOn(agent, device)
  })
})

test.each([
  ['no answer', null],
  ['too many requests', 'too-many-requests'],
])(
  'told that its key is a former one, and %s about the one on its way, it makes no other device',
  async (_, code) => {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    const through = agent.transport
    loseAnswers(agent)
    await agent.reporting.report()
    let refused = 0
    agent.transport = async (request) => {
      const text = request.body === null ? '' : gunzipSync(request.body).toString()
      if (!text.includes('"rotates"')) return through(request)
      // The first time, before the report, in words that let it go on.
      if (refused++ > 0 && code === null) return { ok: false, code: 'ETIMEDOUT', message: 'late' }
      const body = JSON.stringify({ type: 'x', title: 'x', status: 429, code: 'too-many-requests' })
      return { ok: true, status: 429, headers: {}, body }
    }
    await round(agent)
    expect(refused).toBe(2)
    expect(await server.context.store.read.selectFrom('devices').select('id').execute()).toEqual([
      { id: device },
    ])
    agent.transport = through
    for (let n = 0; n < 2; n++) await round(agent)
    expect(await keyAtServer(device)).toBe(agent.state.key.publicKey)
    expect(agent.state.read('sync')?.lastError).toBeNull()
  },
)

test('a disk that takes no new key keeps no report back', async () => {
  const agent = await settled()
  const { publicKey } = agent.state.key
  wish(agent.folder)
  Object.assign(agent.state, { nextKey: { ...agent.state.nextKey, write: () => false } })
  await expectReports(agent)
  expect(agent.state.key.publicKey).toBe(publicKey)
})

test('a server whose organisation has another key since gives the device its new one all the same', async () => {
  const agent = await settled()
  const device = deviceOf(agent)
  const { publicKey } = agent.state.key
  await server.replaceKey('organisation')
  wish(agent.folder)
  await expectReports(agent)
  expect(agent.state.key.publicKey).not.toBe(publicKey)
  expect(await keyAtServer(device)).toBe(agent.state.key.publicKey)
})

describe('of two states with one key', () => {
  test('the one that rotates goes on as the device, the other as one that names it', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    const copyAt = copyOf(agent.folder)
    const copy = start(copyAt, laptop({ now: host.now() }))
    wish(agent.folder)
    await round(agent)
    await round(copy)
    expect(await events(device)).toContain('clone-suspected why=former-key')
    end(copy)
    const next = start(copyAt, laptop({ now: host.now() }))
    expect(deviceOf(next)).not.toBe(device)
    for (let n = 0; n < 2; n++) await round(next)
    expect(await events(device)).toContain(`copied device=${deviceOf(next)}`)
    expect(next.state.outbox.waiting()).toBe(0)
    await round(agent)
    expect(deviceOf(agent)).toBe(device)
    expect(agent.state.read('sync')?.lastError).toBeNull()
  })

  test('a copy on another machine does not take over the key that is on its way', async () => {
    const agent = await settled()
    const device = deviceOf(agent)
    wish(agent.folder)
    loseAnswers(agent)
    await agent.reporting.report()
    const at = copyOf(agent.folder)
    end(agent)
    const image = start(at, laptop({ machine: 'machine-2', now: host.now() }))
    expect(
      readdirSync(at).filter((name) => /^(next-|rotate-key$)/.test(name) && !name.includes('other')),
    ).toEqual([])
    await round(image)
    expect(deviceOf(image)).not.toBe(device)
    const again = start(agent.folder)
    await round(again)
    expect(await keyAtServer(device)).toBe(again.state.key.publicKey)
    expect(await alarms(device)).toEqual([])
  })
})

test.each<[string, (at: string) => void]>([
  [
    'its key',
    (at) => {
      for (const name of ['identity.json', 'identity-copy.json']) writeFileSync(join(at, name), 'damaged')
    },
  ],
  ['all of its state', (at) => rmSync(at, { recursive: true })],
])('a machine that lost %s is another device, found from the one before by its hardware', async (_, lose) => {
  const agent = await settled()
  const device = deviceOf(agent)
  end(agent)
  lose(agent.folder)
  const again = start(agent.folder)
  for (let n = 0; n < 4; n++) await round(again)
  expect(deviceOf(again)).not.toBe(device)
  const links = await server.context.store.read
    .selectFrom('devices')
    .select(['id', 'predecessor', 'predecessor_why'])
    .where('predecessor', 'is not', null)
    .execute()
  expect(links).toEqual([{ id: deviceOf(again), predecessor: device, predecessor_why: 'hardware' }])
})

test('what was asked for is shown as sent, and holds no private key', async () => {
  const agent = await settled()
  wish(agent.folder)
  await round(agent)
  const sent = agent.state.outbox.sent().find(({ request }) => request === 'key-rotation')
  expect(sent?.answer).toBe('received')
  const text = sent?.body.toString() ?? ''
  expect(text).toContain(agent.state.key.publicKey)
  expect(text).not.toContain(agent.state.identity.privateKey)
  expect(text).not.toContain('machine-1')
  const kept = readdirSync(agent.folder).map((name) => readFileSync(join(agent.folder, name)))
  expect(existsSync(join(agent.folder, 'next-identity.json'))).toBe(false)
  expect(kept.filter((bytes) => bytes.includes(agent.state.identity.privateKey))).toHaveLength(2)
})
