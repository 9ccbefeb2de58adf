// Agents over the replacement, the loss and the theft of the keys that their server signs with: they follow by what device management
// named and the organisation's key vouches for, whenever they hear of it, and nobody leads them back.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EnrolResponse } from '#shared/protocol.ts'
import type { HttpAnswer } from '../../../../agent/sync/http.ts'
import { isSignedBy, publicKeyOf, signedText } from '../../../../server/crypto.ts'
import { keysCommand } from '../../../../server/cli/keys.ts'
import { prepareKey, replaceKey } from '../../../../server/key-replacement.ts'
import { serverKeys } from '../../../../server/store/server-keys.ts'
import { fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  organisationFingerprint,
  temporaryFolder,
  testAgent,
  transcript,
  transportTo,
  type TestAgent,
  type TestAgentOptions,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const week = 7 * 86_400_000
let server: TestServer
let others: TestServer[]
let host: FakeHost
let folders: string[]
let agents: TestAgent[]
/** What the settings name as the organisation's key. */
let named: string
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  named = organisationFingerprint(server)
  host = fakeHost({ files: claudeInstalled() })
  others = []
  folders = []
  agents = []
})
afterEach(async () => {
  for (const agent of agents) agent.close()
  for (const one of [server, ...others]) await one.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function start(options: Partial<TestAgentOptions> = {}): TestAgent {
  const folder = temporaryFolder()
  folders.push(folder)
  const agent = testAgent({ host, server, folder, managed: true, organisationKey: () => named, ...options })
  agents.push(agent)
  return agent
}

/** An agent that has told a use, and waits with another. */
async function settled(options: Partial<TestAgentOptions> = {}): Promise<TestAgent> {
  const agent = start(options)
  if (options.managed === false) await agent.enrol()
  for (let n = 0; n < 2; n++) await round(agent)
  await held('one')
  await round(agent)
  return agent
}

async function round(agent: TestAgent): Promise<void> {
  await agent.looks.full()
  await agent.reporting.report()
}

function pass(ms: number): void {
  host.advance(ms)
  server.clock.now = Math.max(server.clock.now + ms, host.now())
}

/** A session, now. */
async function held(name: string): Promise<void> {
  pass(600_000)
  const at = host.now() - 1000
  const content = transcript(at)
  host.put(`/home/ann/.claude/projects/-src/${name}.jsonl`, { content, modifiedAt: at, createdAt: at - 500 })
}

const deviceOf = (agent: TestAgent): string => agent.state.enrolment()?.device ?? ''
const receiptKey = () => publicKeyOf(server.context.keys.server)
const organisationKey = () => publicKeyOf(server.context.keys.organisation)

/** Replaces the organisation's key as planned: named beside the one in force, then put into force. */
async function prepared(): Promise<string> {
  const before = named
  const key = await prepareKey(server.context, 'organisation', 'test')
  const { context } = server
  const replace = () =>
    replaceKey(context, 'organisation', { by: 'test', reason: 'yearly', next: 'prepared' })
  named = `${before}, ${fingerprint(key)}`
  await replace()
  return key
}

const fingerprint = (key: string): string => organisationFingerprint(server, key)

/** The same device, its chain, its marks; all told, and no complaint. */
async function expectFollowed(agent: TestAgent, device: string, epoch: string): Promise<void> {
  expect(deviceOf(agent)).toBe(device)
  expect(agent.state.enrolment()).toMatchObject({
    serverKey: receiptKey(),
    organisationKey: organisationKey(),
  })
  expect(agent.state.outbox.chain().epoch).toBe(epoch)
  expect(agent.state.outbox.waiting()).toBe(0)
  expect(agent.state.read('sync')?.lastError).toBeNull()
  const { read } = server.context.store
  const devices = await read.selectFrom('devices').select('id').execute()
  expect(devices).toEqual([{ id: device }])
  const marks = await read
    .selectFrom('marks')
    .select(['device', 'basis'])
    .where('kind', '=', 'session')
    .execute()
  expect(marks).toEqual([
    { device, basis: 'witnessed' },
    { device, basis: 'witnessed' },
  ])
  const events = await read.selectFrom('events').select('summary').execute()
  expect(events.filter(({ summary }) => /diverged|missing|clone|new-epoch/.test(summary))).toEqual([])
}

describe('a receipt key that is replaced is followed', () => {
  const ways: readonly (readonly [string, Partial<TestAgentOptions>, (agent: TestAgent) => Promise<void>])[] =
    [
      ['before a report', {}, () => server.replaceKey('receipt')],
      [
        'by an agent that was enrolled by hand, with no token',
        { managed: false },
        () => server.replaceKey('receipt'),
      ],
      [
        'while a report is on its way, whose answer is lost',
        {},
        async (agent) => {
          await losingAnswers(agent, () => agent.reporting.report())
          await server.replaceKey('receipt')
        },
      ],
      [
        'between a report and its answer',
        {},
        async (agent) => {
          const through = agent.transport
          agent.transport = async (request) => {
            agent.transport = through
            await server.replaceKey('receipt')
            return through(request)
          }
        },
      ],
      [
        'twice, while the agent was away for weeks',
        {},
        async () => {
          for (let n = 0; n < 2; n++) {
            pass(3 * week)
            await server.replaceKey('receipt')
          }
        },
      ],
      [
        'together with the organisation’s, both as planned',
        {},
        async () => {
          await prepared()
          await server.replaceKey('receipt')
        },
      ],
    ]
  test.each(ways)('%s', async (_, options, change) => {
    const agent = await settled(options)
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    await held('two')
    await agent.looks.full()
    await change(agent)
    for (let n = 0; n < 3; n++) await agent.reporting.report()
    await expectFollowed(agent, device, epoch)
  })

  test('also where the report was received under the former key, and the agent heard of the new one first', async () => {
    let isMoved = false
    const agent = await settled({ isElsewhere: () => isMoved })
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    await held('two')
    await agent.looks.full()
    await losingAnswers(agent, () => agent.reporting.report())
    await server.replaceKey('receipt')
    isMoved = true
    const { transport } = agent
    agent.transport = async (request) => {
      // Enrolled, it is where it belongs.
      if (request.url.pathname.endsWith('/enrol')) isMoved = false
      return transport(request)
    }
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    await expectFollowed(agent, device, epoch)
  })
})

async function losingAnswers(agent: TestAgent, during: () => Promise<unknown>): Promise<void> {
  const through = agent.transport
  agent.transport = async (request) => {
    await through(request)
    return { ok: false, code: 'ECONNRESET', message: 'cut' }
  }
  await during()
  agent.transport = through
}

describe('whoever has a former receipt key', () => {
  test('and the organisation’s word for it, kept from before, leads no agent back that has followed', async () => {
    const stolen = server.context.keys.server
    const answers: HttpAnswer[] = []
    const agent = start()
    const through = agent.transport
    agent.transport = async (request) => {
      const answer = await through(request)
      if (request.url.pathname.endsWith('/enrol')) answers.push(answer)
      return answer
    }
    await round(agent)
    await server.replaceKey('receipt')
    for (let n = 0; n < 2; n++) await round(agent)
    const followed = agent.state.enrolment()
    expect(followed?.serverKey).toBe(receiptKey())
    const old = answers[0]
    if (old?.ok !== true) throw new Error('no answer was kept')
    expect((JSON.parse(old.body) as EnrolResponse).serverKey).toBe(publicKeyOf(stolen))

    agent.transport = async (request) => {
      if (request.url.pathname.endsWith('/enrol')) return old
      const answer = await through(request)
      if (!answer.ok || !request.url.pathname.endsWith('/check-in')) return answer
      const body = JSON.parse(answer.body) as { receipt: { text: string } }
      return { ...answer, body: JSON.stringify({ ...body, receipt: signedText(body.receipt.text, stolen) }) }
    }
    await held('two')
    await agent.looks.full()
    const waiting = agent.state.outbox.waiting()
    expect(waiting).toBeGreaterThan(0)
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    expect(agent.log.join('\n')).toContain('server-key')
    expect(agent.state.enrolment()).toEqual(followed)
    expect(agent.state.outbox.waiting()).toBe(waiting)
    agent.transport = through
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    expect(agent.state.outbox.waiting()).toBe(0)
  })
})

test('receipts of former keys stay verifiable, each by the key of its time, as the server keeps them', async () => {
  const agent = start()
  const receipts: { text: string; signature: string; key: string }[] = []
  const through = agent.transport
  agent.transport = async (request) => {
    const answer = await through(request)
    if (answer.ok && request.url.pathname.endsWith('/check-in'))
      receipts.push((JSON.parse(answer.body) as { receipt: (typeof receipts)[number] }).receipt)
    return answer
  }
  for (let n = 0; n < 3; n++) {
    if (n > 0) await server.replaceKey('receipt')
    for (let m = 0; m < 2; m++) await round(agent)
    pass(week)
  }
  const ring = (await serverKeys(server.context.store.read)).filter(({ kind }) => kind === 'receipt')
  expect(ring.map(({ until }) => until === null)).toEqual([false, false, true])
  const signers = receipts.map(({ text, signature }) => {
    const { at } = JSON.parse(text) as { at: number }
    const of = ring.find(
      ({ since, until }) => since !== null && since <= at && (until === null || at < until),
    )
    return ring.map((one) => isSignedBy(one.key, text, signature) && one === of)
  })
  expect(signers.every((by) => by.filter(Boolean).length === 1)).toBe(true)
  expect(new Set(signers.map((by) => by.indexOf(true)))).toEqual(new Set([0, 1, 2]))
})

describe('a key of the organisation’s that is replaced', () => {
  test('is seen on the server to have been named, and followed, by one device after the other', async () => {
    const settings = { one: named, two: named }
    const agents = [
      await settled({ organisationKey: () => settings.one }),
      await settled({ organisationKey: () => settings.two }),
    ]
    const labels = await labelsOf(agents)
    const report = async () => {
      for (let n = 0; n < 2; n++) for (const agent of agents) await round(agent)
    }
    const key = await prepareKey(server.context, 'organisation', 'test')
    expect(await reach()).toEqual([
      'organisation: followed to it 2 of 2 devices, by their last reports',
      'next organisation: would follow to it 0 of 2 devices, by their last reports',
      `next organisation: do not name it 2: ${labels.toReversed().join(', ')}`,
    ])

    settings.one = `${settings.one}, ${fingerprint(key)}`
    await report()
    expect((await reach()).slice(1)).toEqual([
      'next organisation: would follow to it 1 of 2 devices, by their last reports',
      `next organisation: do not name it 1: ${labels[1]}`,
    ])

    await replaceKey(server.context, 'organisation', { by: 'test', reason: 'yearly', next: 'prepared' })
    expect(await reach()).toEqual([
      'organisation: followed to it 0 of 2 devices, by their last reports',
      'organisation: will follow 1, at their next report',
      `organisation: do not name it 1: ${labels[1]}`,
    ])
    await report()
    expect(await reach()).toEqual([
      'organisation: followed to it 1 of 2 devices, by their last reports',
      `organisation: do not name it 1: ${labels[1]}`,
    ])

    settings.two = fingerprint(key)
    await report()
    expect(await reach()).toEqual(['organisation: followed to it 2 of 2 devices, by their last reports'])
  })

  /** What `cutoff-server keys` says of devices. */
  async function reach(): Promise<readonly string[]> {
    const lines: string[] = []
    await keysCommand(server.context, [], { out: (line) => lines.push(line), readFile: () => '' })
    let key = ''
    return lines.flatMap((line) => {
      const [, name, text] = /^(.*?) {2,}(.*)$/.exec(line.trim()) ?? []
      if (!line.startsWith(' ')) key = (name ?? '').replace(/ (?:key|fingerprint|counts)$/, '')
      return line.startsWith(' ') ? [`${key}: ${name} ${text}`] : []
    })
  }

  async function labelsOf(known: readonly TestAgent[]): Promise<readonly string[]> {
    const { read } = server.context.store
    const rows = await read.selectFrom('devices').select(['id', 'label']).execute()
    return known.map((agent) => rows.find(({ id }) => id === deviceOf(agent))?.label ?? '')
  }

  test('as planned is followed at the next report; taking the former one out of the settings changes nothing more', async () => {
    const agent = await settled()
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    await held('two')
    const key = await prepared()
    await round(agent)
    await expectFollowed(agent, device, epoch)
    expect(agent.state.read('policy')?.signed.key).toBe(key)
    named = fingerprint(key)
    agent.requests.length = 0
    await agent.reporting.report()
    expect(agent.requests.map(({ url }) => url.pathname)).toEqual(['/api/v1/check-in'])
  })

  test('while the settings name the former one alone leaves the policy as it is, and reports come; named, it is followed', async () => {
    const agent = await settled()
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    const policy = agent.state.read('policy')
    await server.replaceKey('organisation')
    await held('two')
    for (let n = 0; n < 3; n++) await round(agent)
    expect(agent.state.read('policy')).toEqual(policy)
    expect(agent.state.read('sync')?.lastError).toBeNull()
    named = organisationFingerprint(server)
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    await expectFollowed(agent, device, epoch)
    expect(agent.state.read('policy')?.signed.key).toBe(organisationKey())
  })

  test('with the receipt key, both lost: what was seen waits, and arrives once the settings name the new one', async () => {
    const agent = await settled()
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    const before = agent.state.enrolment()
    await server.replaceKey('organisation')
    await server.replaceKey('receipt')
    await held('two')
    for (let n = 0; n < 3; n++) await round(agent)
    expect(agent.state.outbox.waiting()).toBeGreaterThan(0)
    expect(agent.state.enrolment()).toEqual(before)
    named = organisationFingerprint(server)
    for (let n = 0; n < 3; n++) await agent.reporting.report()
    await expectFollowed(agent, device, epoch)
  })

  test('twice while the agent was away is followed by what the settings name when it is back', async () => {
    const agent = await settled()
    const [device, { epoch }] = [deviceOf(agent), agent.state.outbox.chain()]
    await held('two')
    for (let n = 0; n < 2; n++) {
      pass(3 * week)
      await prepared()
    }
    await round(agent)
    await expectFollowed(agent, device, epoch)
  })

  test.each([
    ['named no more', () => (named = organisationFingerprint(server))],
    ['still named, before the one that took its place', () => {}],
  ])('leads no agent back that has followed, %s', async (_, change) => {
    const thief = await startTestServer({ keysOf: server })
    others.push(thief)
    await thief.apply({ ...examplePolicy, version: 99 })
    const agent = await settled()
    await prepared()
    for (let n = 0; n < 2; n++) await round(agent)
    change()
    const followed = agent.state.enrolment()
    expect(followed?.organisationKey).toBe(organisationKey())
    const policy = agent.state.read('policy')
    const rows = await server.context.store.read.selectFrom('devices').selectAll().execute()
    await thief.context.store.write((db) =>
      db
        .insertInto('devices')
        .values(rows.map((row) => ({ ...row, enrol_token: null })))
        .execute(),
    )
    // With the receipt key of before too, which still counts: reports are taken, the policy is not.
    agent.transport = transportTo(thief)
    for (let n = 0; n < 2; n++) await round(agent)
    expect(agent.state.read('policy')).toEqual(policy)
    expect(agent.state.enrolment()).toEqual(followed)
    // And with another receipt key, which the former key of the organisation's vouches for.
    await thief.replaceKey('receipt')
    await held('two')
    await agent.looks.full()
    const waiting = agent.state.outbox.waiting()
    for (let n = 0; n < 2; n++) await agent.reporting.report()
    expect(agent.log.join('\n')).toContain('organisation-key')
    expect(agent.state.enrolment()).toEqual(followed)
    expect(agent.state.outbox.waiting()).toBe(waiting)
  })

  test.each([
    [
      'before it counts',
      async () =>
        void (named = `${named}, ${fingerprint(await prepareKey(server.context, 'organisation', 'test'))}`),
    ],
    ['after it counts', async () => void (await prepared())],
  ])('lets a machine enrol anew that is told of both %s, and knows it again', async (_, change) => {
    const first = start()
    await round(first)
    await change()
    await round(first)
    expect(first.state.enrolment()?.organisationKey).toBe(organisationKey())
    const again = start()
    await round(again)
    const links = await server.context.store.read
      .selectFrom('devices')
      .select(['id', 'predecessor', 'predecessor_why'])
      .where('predecessor', 'is not', null)
      .execute()
    expect(links).toEqual([
      { id: deviceOf(again), predecessor: deviceOf(first), predecessor_why: 'hardware' },
    ])
  })
})
