// Policies in force, planned and refused; waivers and people; and everything judged again when they change.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FindingRow, PolicyVersionRow, pageOf, WaiverRow } from '#shared/api.ts'
import { DevicePolicy, Signed } from '#shared/protocol.ts'
import { readPublicKey, verifierOf } from '../../../server/crypto.ts'
import { lookForPassedDates } from '../../../server/jobs/dates.ts'
import { rulesReader } from '../../../server/judging/rulebook.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
let browser: Browser
beforeEach(async () => {
  server = await startTestServer()
  device = await server.enrolled()
  device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
  browser = await server.signIn()
})
afterEach(async () => {
  await server.close()
})

async function findings() {
  return pageOf(FindingRow).parse((await browser.get('/api/v1/findings')).body).items
}

async function policyOfDevice(): Promise<DevicePolicy> {
  return DevicePolicy.parse(
    JSON.parse(Signed.parse((await device.send('GET', '/api/v1/policy')).json()).text),
  )
}

const yaml = `version: 1
organisation: Example Ltd
timezone: Asia/Shanghai
rules:
  - id: no-claude-code
    tools: [claude-code]
    verdict: banned
    from: 2026-07-10
    announced: 2026-07-03
`

describe('applying a policy', () => {
  test('written as YAML puts it into force', async () => {
    const applied = await browser.send('POST', '/api/v1/policies', yaml, 'application/yaml')
    expect(applied).toEqual({ status: 201, body: { version: 1, activatedAt: noon } })
    const { items } = pageOf(PolicyVersionRow).parse((await browser.get('/api/v1/policies')).body)
    expect(items).toMatchObject([
      {
        version: 1,
        activatedBy: 'admin',
        inForce: true,
        instants: [{ rule: 'no-claude-code', from: Date.parse('2026-07-09T16:00:00Z'), until: null }],
      },
    ])
  })

  test.each<[string, string | object, string, unknown]>([
    ['that is no YAML', 'rules: [', 'policy-invalid', [{ code: 'policy-field', path: [] }]],
    [
      'with a wrong field',
      { ...examplePolicy, timezone: 'Mars' },
      'policy-invalid',
      [{ path: ['timezone'] }],
    ],
    [
      'with an unknown tool',
      { ...examplePolicy, rules: [{ ...examplePolicy.rules[0], tools: ['claude-cod'] }] },
      'policy-invalid',
      [{ code: 'policy-unknown-tool', path: ['rules', 0, 'tools', 0] }],
    ],
    ['of a version that does not rise', { ...examplePolicy, version: 1 }, 'policy-version', undefined],
  ])('%s is refused', async (_, policy, code, errors) => {
    await server.apply(examplePolicy)
    const type = typeof policy === 'string' ? 'application/yaml' : 'application/json'
    for (const path of ['policies', 'policies/plan']) {
      const answer = await browser.send('POST', `/api/v1/${path}`, policy, type)
      expect(answer.body).toMatchObject({ code, ...(errors === undefined ? {} : { errors }) })
    }
    expect((await browser.get('/api/v1/policies')).body).toMatchObject({ total: 1 })
  })

  test('judges again what is held, and tells devices with their next report', async () => {
    const before = await device.checkIn([detectionRecord(), markRecord(noon - day)])
    expect(before.json()).toMatchObject({ policyVersion: null, verdicts: [] })
    await server.apply(examplePolicy)
    await server.runJobs()
    expect(await findings()).toMatchObject([{ status: 'violation', rule: 'no-claude-code' }])
    expect((await device.checkIn([])).json()).toMatchObject({
      policyVersion: 1,
      verdicts: [{ status: 'violation' }],
    })
  })

  test('again keeps what was broken before as it was, and breaks nothing before', async () => {
    await server.apply(examplePolicy)
    await device.checkIn([
      detectionRecord(),
      markRecord(noon - day),
      markRecord(noon - day, { kind: 'run', account: 'bob', session: null }),
      detectionRecord({ account: 'bob', state: 'started' }),
    ])
    server.clock.now += 1000
    // Looser for what comes, stricter for what comes: neither reaches back.
    await server.apply({
      ...examplePolicy,
      version: 2,
      rules: [{ ...examplePolicy.rules[0], counts: 'started' }],
    })
    await server.runJobs()
    expect(await findings()).toMatchObject([
      { status: 'violation', since: noon - day },
      { status: 'present', rule: 'no-claude-code' },
    ])
    server.clock.now += 1000
    await server.apply({ ...examplePolicy, version: 3, rules: [] })
    await server.runJobs()
    const now = await findings()
    expect(now.map((finding) => finding.status)).toEqual(['violation', 'review'])
  })
})

describe('the policy of devices', () => {
  test('spans every version: marks of a time are told by what was in force then', async () => {
    const hour = 3_600_000
    await server.apply({ ...examplePolicy, version: 1 })
    server.clock.now += hour
    await server.apply({
      ...examplePolicy,
      version: 2,
      rules: [{ ...examplePolicy.rules[0], counts: 'started' }],
    })
    server.clock.now += hour
    await server.apply({ ...examplePolicy, version: 3, rules: [] })
    const policy = await policyOfDevice()
    expect(policy).toMatchObject({ version: 3, rules: [] })
    expect(policy.windows['claude-code']).toEqual([
      { from: Date.parse('2026-07-09T16:00:00Z'), until: noon + hour, kinds: ['session'] },
      { from: noon + hour, until: noon + 2 * hour, kinds: ['session', 'attempt', 'run'] },
    ])
  })

  test('is signed by the organisation’s key, and another tag means another text', async () => {
    await server.apply(examplePolicy)
    const first = await device.send('GET', '/api/v1/policy')
    const { text, signature, key } = Signed.parse(first.json())
    const publicKey = readPublicKey(key)
    expect(publicKey !== null && verifierOf(publicKey)(text, signature)).toBe(true)
    await server.apply({ ...examplePolicy, version: 2 })
    const second = await device.send(
      'GET',
      '/api/v1/policy',
      undefined,
      {},
      { 'if-none-match': String(first.headers.etag) },
    )
    expect(second.statusCode).toBe(200)
    expect(second.headers.etag).not.toBe(first.headers.etag)
  })

  test('is not there while no policy is in force', async () => {
    expect((await device.send('GET', '/api/v1/policy')).json()).toMatchObject({ code: 'not-found' })
  })
})

test('a plan says what would change for whom, and changes nothing', async () => {
  await device.checkIn([
    detectionRecord(),
    markRecord(noon - day),
    detectionRecord({ account: 'bob', state: 'installed' }),
  ])
  const plan = await browser.send('POST', '/api/v1/policies/plan', yaml, 'application/yaml')
  expect(plan.body).toMatchObject({
    version: 1,
    changes: expect.arrayContaining([
      { from: null, to: 'violation', count: 1 },
      { from: null, to: 'present', count: 1 },
    ]) as unknown,
    unchanged: 0,
    accounts: 2,
  })
  expect(JSON.stringify(plan.body)).not.toMatch(/alice|bob/)
  const { items } = (await browser.get('/api/v1/audit')).body as { items: unknown[] }
  expect(items[0]).toMatchObject({ action: 'plan-policy', by: 'admin' })
  expect(await findings()).toEqual([])
  expect((await browser.get('/api/v1/policies')).body).toMatchObject({ total: 0 })
})

test('names the accounts that a rule excepts to those who may look, and to others their number', async () => {
  const scope = { except: { accounts: ['alice', 'bob'] } }
  await server.apply({ ...examplePolicy, rules: [{ ...examplePolicy.rules[0], scope }] })
  const excepted = async () => {
    const { items } = pageOf(PolicyVersionRow).parse((await browser.get('/api/v1/policies')).body)
    return items[0]?.policy.rules[0]?.scope?.except.accounts
  }
  expect(await excepted()).toEqual(['alice', 'bob'])
  await server.become('auditor')
  expect(await excepted()).toEqual(['alice', 'bob'])
  await server.become('helpdesk')
  const label: unknown = expect.stringMatching(/^account-[0-9a-f]{6}$/)
  expect(await excepted()).toEqual([label, label])
})

describe('a waiver', () => {
  const account = async () => (await findings())[0]?.account?.key ?? ''
  beforeEach(async () => {
    await server.apply(examplePolicy)
    await device.checkIn([detectionRecord(), markRecord(noon - day)])
  })

  test('excuses what lies in it, by the account’s key, and names nobody', async () => {
    const made = await browser.send('POST', '/api/v1/waivers', {
      subject: { kind: 'account', device: device.id, account: await account() },
      tools: ['claude-code'],
      owner: 'Head of research',
      reason: 'Comparison study',
      from: noon - 2 * day,
      until: noon + day,
    })
    expect(made.status).toBe(201)
    await server.runJobs()
    expect(await findings()).toMatchObject([{ status: 'waived', reasons: ['in-waiver'] }])
    const { items } = pageOf(WaiverRow).parse((await browser.get('/api/v1/waivers')).body)
    expect(items).toMatchObject([{ owner: 'Head of research', createdBy: 'admin', revokedAt: null }])
    expect(JSON.stringify(items)).not.toMatch(/alice/)

    expect((await browser.send('DELETE', `/api/v1/waivers/${items[0]?.id}`)).status).toBe(204)
    await server.runJobs()
    expect(await findings()).toMatchObject([{ status: 'violation' }])
    expect((await browser.get('/api/v1/waivers')).body).toMatchObject({ items: [{ revokedAt: noon }] })
    expect((await browser.send('DELETE', `/api/v1/waivers/${items[0]?.id}`)).status).toBe(409)
  })

  test('that ends before it begins is refused', async () => {
    const asked = {
      subject: { kind: 'device', device: device.id },
      tools: ['claude-code'],
      owner: 'x',
      reason: 'y',
      from: noon,
      until: noon,
    }
    expect((await browser.send('POST', '/api/v1/waivers', asked)).status).toBe(400)
  })
})

test('who people are decides where a rule is for a group', async () => {
  const scoped = {
    ...examplePolicy,
    rules: [{ ...examplePolicy.rules[0], scope: { groups: ['engineering'] } }],
  }
  await server.apply(scoped)
  await device.checkIn([detectionRecord(), markRecord(noon - day)])
  expect(await findings()).toMatchObject([{ status: 'undetermined', reasons: ['scope-unknown'] }])
  const people = {
    owners: [
      {
        device: device.id,
        account: 'alice',
        person: 'alice@example.com',
        shared: false,
        from: null,
        until: null,
      },
    ],
    members: [{ group: 'engineering', person: 'alice@example.com', from: null, until: null }],
    groups: ['engineering'],
  }
  expect((await browser.send('PUT', '/api/v1/people', people)).status).toBe(204)
  await server.runJobs()
  expect(await findings()).toMatchObject([{ status: 'violation' }])
})

describe('a finding’s lifecycle', () => {
  beforeEach(async () => {
    await server.apply(examplePolicy)
    await device.checkIn([detectionRecord(), markRecord(noon - day)])
  })

  test('is kept apart from its verdict, with who and why; a new mark opens it again', async () => {
    const [row] = await findings()
    const close = { lifecycle: 'closed', reason: 'settled with the person' }
    expect((await browser.send('PATCH', `/api/v1/findings/${row?.id}`, close)).status).toBe(204)
    expect(await findings()).toMatchObject([{ status: 'violation', lifecycle: 'closed' }])
    expect((await browser.get('/api/v1/overview')).body).toMatchObject({
      findings: { violation: 0 },
      newest: [],
    })
    expect((await browser.get('/api/v1/devices')).body).toMatchObject({ items: [{ worst: null }] })

    await device.checkIn([detectionRecord()])
    expect(await findings()).toMatchObject([{ lifecycle: 'closed' }])
    await device.checkIn([markRecord(noon - 1000)])
    expect(await findings()).toMatchObject([{ lifecycle: 'open' }])
    const detail = await browser.get(`/api/v1/findings/${row?.id}`)
    expect(detail.body).toMatchObject({
      history: [
        { by: 'admin', lifecycle: 'closed', reason: 'settled with the person' },
        { by: 'server', lifecycle: 'open', reason: 'new-mark' },
      ],
    })
  })

  test.each([
    ['without a reason', { lifecycle: 'closed', reason: '' }, 400],
    ['to what is none', { lifecycle: 'deleted', reason: 'x' }, 400],
  ])('is not changed %s', async (_, change, status) => {
    const [row] = await findings()
    expect((await browser.send('PATCH', `/api/v1/findings/${row?.id}`, change)).status).toBe(status)
  })

  test('of a finding that is not there is not found', async () => {
    const change = { lifecycle: 'closed', reason: 'x' }
    expect((await browser.send('PATCH', '/api/v1/findings/none', change)).status).toBe(404)
  })
})

test('a date that passes, while the server runs or not, changes what is ahead into what is there', async () => {
  const readRules = rulesReader()
  const later = { ...examplePolicy.rules[0], from: '2026-12-01', announced: undefined }
  await server.apply({ ...examplePolicy, rules: [later] })
  await lookForPassedDates(server.context, readRules)
  await device.checkIn([detectionRecord({ state: 'installed' })])
  expect(await findings()).toMatchObject([{ status: 'upcoming', reasons: ['cutoff-ahead'] }])
  server.clock.now = Date.parse('2026-11-30T15:59:59Z')
  await lookForPassedDates(server.context, readRules)
  await server.runJobs()
  browser = await server.signIn()
  expect(await findings()).toMatchObject([{ status: 'upcoming' }])
  server.clock.now += 5 * day
  await lookForPassedDates(server.context, rulesReader())
  await server.runJobs()
  browser = await server.signIn()
  expect(await findings()).toMatchObject([{ status: 'present' }])
})
