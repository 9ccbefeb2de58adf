// What a waiver tells of people: accounts go by their keys, and what was typed is for those who may look.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FindingRow, pageOf, type NewWaiver } from '#shared/api.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
let browser: Browser
let account: { key: string; label: string }
beforeEach(async () => {
  server = await startTestServer()
  device = await server.enrolled()
  device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
  await server.apply(examplePolicy)
  await device.checkIn([detectionRecord(), markRecord(noon - day)])
  browser = await server.signIn()
  const [row] = pageOf(FindingRow).parse((await browser.get('/api/v1/findings')).body).items
  account = row?.account ?? { key: '', label: '' }
})
afterEach(async () => {
  await server.close()
})

function waiver(subject: NewWaiver['subject']): NewWaiver {
  return {
    subject,
    tools: ['claude-code'],
    owner: 'Li Wei, head of research',
    reason: 'Comparison study of Ada',
    from: noon - 2 * day,
    until: noon + day,
  }
}

const add = (subject: NewWaiver['subject']) => browser.send('POST', '/api/v1/waivers', waiver(subject))

interface Listed {
  readonly total: number
  readonly items: readonly { readonly subject: unknown; readonly owner: unknown; readonly reason: unknown }[]
}

const list = async () => (await browser.get('/api/v1/waivers')).body as Listed

describe('a waiver for an account', () => {
  test('takes its key and shows its pseudonym', async () => {
    expect((await add({ kind: 'account', device: device.id, account: account.key })).status).toBe(201)
    expect((await list()).items).toMatchObject([
      { subject: { kind: 'account', device: device.id, account: account.label } },
    ])
  })

  test.each([
    ['by its name', 'alice', (own: string) => own],
    ['by a name that nobody has', 'mallory', (own: string) => own],
    ['on a device that is not its own', null, () => 'another-device'],
  ])('%s is refused, and says what to give instead', async (_, named, on) => {
    const subject = { kind: 'account', device: on(device.id), account: named ?? account.key } as const
    expect(await add(subject)).toMatchObject({
      status: 422,
      body: { code: 'unknown-account', detail: expect.stringContaining('/api/v1/accounts') as string },
    })
    expect(await list()).toMatchObject({ total: 0 })
    const { items } = (await browser.get('/api/v1/audit')).body as { items: { action: string }[] }
    expect(items.map(({ action }) => action)).not.toContain('add-waiver')
  })
})
