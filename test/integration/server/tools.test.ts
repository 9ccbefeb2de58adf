// The catalogue over the API: for every role, with the sources and without the cases, and how far a tool has spread.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageOf, ToolDetail, ToolRow } from '#shared/api.ts'
import { toolIds } from '#shared/catalogue.ts'
import type { Role } from '../../../server/roles.ts'
import { noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
let browser: Browser

beforeAll(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  for (const hostname of ['laptop-0', 'laptop-1']) {
    const device = await server.enrolled({ hostname })
    device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 1 }
    await device.checkIn([
      detectionRecord({ account: 'alice' }),
      detectionRecord({ account: 'bob', gone: hostname === 'laptop-1' }),
      detectionRecord({ account: null, state: 'installed' }),
      markRecord(noon - 1000, { account: 'alice', session: `session-on-${hostname}-xxxxxx` }),
    ])
  }
  browser = await server.signIn()
})
afterAll(async () => {
  await server.close()
})

test.each<Role>(['admin', 'auditor', 'helpdesk'])(
  'a person with the role %s sees all of it',
  async (role) => {
    await server.become(role)
    const list = await browser.get('/api/v1/tools')
    expect(list.status).toBe(200)
    expect(
      pageOf(ToolRow)
        .parse(list.body)
        .items.map(({ id }) => id),
    ).toEqual(toolIds)
    expect((await browser.get('/api/v1/tools/claude-code')).status).toBe(200)
  },
)

test('nobody else does', async () => {
  const urls = ['/api/v1/tools', '/api/v1/tools/claude-code']
  const answers = await Promise.all(urls.map((url) => server.server.inject({ url })))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401])
})

describe('one tool', () => {
  test('has its signals with notes, what counts, and its sources; not its cases', async () => {
    const { body } = await browser.get('/api/v1/tools/claude-code')
    const tool = ToolDetail.parse(body)
    expect(tool).toMatchObject({ id: 'claude-code', vendorCountry: 'US', recordsSessions: true })
    expect(tool.signals.command).toContainEqual(
      expect.objectContaining({ note: expect.any(String) as unknown }),
    )
    expect(tool.references.length).toBeGreaterThan(0)
    expect(body).not.toHaveProperty('cases')
    expect(body).not.toHaveProperty('$schema')
  })

  test('says how many devices and accounts have it now, and what is open about it', async () => {
    const { fleet } = ToolDetail.parse((await browser.get('/api/v1/tools/claude-code')).body)
    const devices = (await browser.get('/api/v1/detections?tool=claude-code&gone=false')).body
    expect(devices).toMatchObject({ total: 5 })
    expect(fleet).toMatchObject({ devices: 2, accounts: 3, findings: { violation: 2, waived: 0 } })
    const open = Object.values(fleet.findings).reduce((sum, n) => sum + n, 0)
    expect((await browser.get('/api/v1/findings?tool=claude-code')).body).toMatchObject({ total: open })
  })

  test('names nobody', async () => {
    const { body } = await browser.get('/api/v1/tools/claude-code')
    expect(JSON.stringify(body)).not.toMatch(/alice|bob|laptop/u)
  })

  test('that nobody has has counts of nothing', async () => {
    const { fleet } = ToolDetail.parse((await browser.get('/api/v1/tools/aider')).body)
    expect(fleet).toMatchObject({ devices: 0, accounts: 0, findings: { violation: 0 } })
  })

  test.each(['no-such-tool', '__proto__', 'constructor', '..%2Fapi', 'x'.repeat(200)])(
    'called %s is not found',
    async (id) => {
      const { status, body } = await browser.get(`/api/v1/tools/${id}`)
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'not-found' } })
    },
  )

  test('by an address that is none is refused as any bad request is', async () => {
    const { status, body } = await browser.get('/api/v1/tools/%')
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'bad-request' } })
  })
})

test('every tool of the catalogue is told in the form that the dashboard reads', async () => {
  const bad: string[] = []
  for (const id of toolIds) {
    const { body } = await browser.get(`/api/v1/tools/${id}`)
    if (!ToolDetail.safeParse(body).success) bad.push(id)
  }
  expect(bad).toEqual([])
})
