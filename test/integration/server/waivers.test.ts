// What a waiver tells of people: accounts go by their keys, and what was typed is for those who may look.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuditRow, FindingRow, pageOf, WaiverRow, type NewWaiver } from '#shared/api.ts'
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

const list = async () => pageOf(WaiverRow).parse((await browser.get('/api/v1/waivers')).body)

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
      status: 400,
      body: {
        code: 'bad-request',
        errors: [
          {
            code: 'unknown-account',
            path: ['subject', 'account'],
            message: expect.stringContaining('/api/v1/accounts') as string,
          },
        ],
      },
    })
    expect(await list()).toMatchObject({ total: 0 })
    const { items } = pageOf(AuditRow).parse((await browser.get('/api/v1/audit')).body)
    expect(items.map(({ action }) => action)).not.toContain('add-waiver')
  })
})

describe('what was typed into a waiver', () => {
  const looks = async () => {
    const { items } = pageOf(AuditRow).parse((await browser.get('/api/v1/audit')).body)
    return items.filter(({ action }) => action === 'look-waivers').map(({ by, subject }) => [by, subject])
  }
  beforeEach(async () => {
    await add({ kind: 'person', person: 'ada@example.com' })
    await add({ kind: 'group', group: 'ada-and-friends' })
    await add({ kind: 'device', device: device.id })
  })

  test.each(['admin', 'auditor'] as const)('is shown to the %s, and the look is audited', async (role) => {
    await server.become(role)
    const { items } = await list()
    expect(items.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        { kind: 'person', person: 'ada@example.com' },
        { kind: 'group', group: 'ada-and-friends' },
        { kind: 'device', device: device.id },
      ]),
    )
    expect(items[0]).toMatchObject({
      owner: 'Li Wei, head of research',
      reason: 'Comparison study of Ada',
    })
    expect(await looks()).toEqual([['admin', '*']])
  })

  test('is for the helpdesk under pseudonyms that stay the same, or not at all', async () => {
    await server.become('helpdesk')
    const first = await list()
    expect(first.items.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        { kind: 'person', person: expect.stringMatching(/^person-[0-9a-f]{6}$/) as string },
        { kind: 'group', group: expect.stringMatching(/^group-[0-9a-f]{6}$/) as string },
        { kind: 'device', device: device.id },
      ]),
    )
    expect(first.items).toMatchObject(Array.from({ length: 3 }, () => ({ owner: null, reason: null })))
    expect(JSON.stringify(first)).not.toMatch(/ada|li wei/i)
    expect(await list()).toEqual(first)
    await server.become('admin')
    expect(await looks()).toEqual([])
  })
})

test('a list without waivers is no look at anybody', async () => {
  expect(await list()).toMatchObject({ total: 0 })
  const { items } = pageOf(AuditRow).parse((await browser.get('/api/v1/audit')).body)
  expect(items.map(({ action }) => action)).not.toContain('look-waivers')
})
