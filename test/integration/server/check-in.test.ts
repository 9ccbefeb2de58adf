// From a device's report to a finding that a person reads, on a real database.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FindingDetail, FindingRow, pageOf } from '#shared/api.ts'
import { CheckInResponse, DevicePolicy, type Receipt, Signed } from '#shared/protocol.ts'
import { startTestServer, noon, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  await server.close()
})

const clock = { boot: 'boot-1', offsetMs: 0, errorMs: 50 }

describe('a check-in', () => {
  test('with a witnessed use after the cutoff gives a violation, on the device and in the dashboard', async () => {
    await server.apply(examplePolicy)
    const device = await server.enrolled()
    device.clock = clock
    const response = await device.checkIn([device.host(), detectionRecord(), markRecord(noon - 60_000)])
    expect(response.statusCode).toBe(200)
    const answer = CheckInResponse.parse(response.json())
    expect(answer.policyVersion).toBe(1)
    expect(answer.verdicts).toEqual([
      {
        tool: 'claude-code',
        account: 'alice',
        status: 'violation',
        row: 10,
        reasons: ['used-after-cutoff'],
        rule: 'no-claude-code',
        lifecycle: 'open',
      },
    ])
    const receipt = JSON.parse(answer.receipt.text) as Receipt
    expect(receipt).toMatchObject({ device: device.id, sequence: 2, head: device.head, counter: 1 })

    const browser = await server.signIn()
    const page = pageOf(FindingRow).parse((await browser.get('/api/v1/findings')).body)
    expect(page.total).toBe(1)
    const [finding] = page.items
    expect(finding).toMatchObject({
      status: 'violation',
      tool: 'claude-code',
      toolName: 'Claude Code',
      lifecycle: 'open',
    })
    expect(finding?.account?.name).toBeNull()
    expect(finding?.account?.label).toMatch(/^account-[0-9a-f]{6}$/)
    const detail = FindingDetail.parse((await browser.get(`/api/v1/findings/${finding?.id}`)).body)
    expect(detail.marks).toHaveLength(1)
    expect(detail.marks[0]).toMatchObject({
      verdict: 'violation',
      row: 10,
      at: noon - 60_000,
      uncertaintyMs: 51,
    })
    expect(JSON.stringify(detail)).not.toMatch(/alice/)
  })

  test('without records is a sign of life', async () => {
    const device = await server.enrolled()
    for (let i = 0; i < 3; i++) expect((await device.checkIn([])).statusCode).toBe(200)
  })
})

describe('the policy for devices', () => {
  test('is signed, names no people, and costs a 304 without body when it is known', async () => {
    await server.apply(examplePolicy)
    const device = await server.enrolled()
    const response = await device.send('GET', '/api/v1/policy')
    expect(response.statusCode).toBe(200)
    const { text } = Signed.parse(response.json())
    const policy = DevicePolicy.parse(JSON.parse(text))
    expect(policy.windows['claude-code']).toEqual([
      { from: Date.parse('2026-07-09T16:00:00Z'), until: null, kinds: ['session'] },
    ])
    const again = await device.send(
      'GET',
      '/api/v1/policy',
      undefined,
      {},
      { 'if-none-match': String(response.headers.etag) },
    )
    expect(again.statusCode).toBe(304)
    expect(again.body).toBe('')
  })
})
