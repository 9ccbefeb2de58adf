// P3: who looked, on the server, at what is held of a device is told to it, and by it to the people that it concerns.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FindingRow, pageOf } from '#shared/api.ts'
import { copyFor } from '../../../../agent/account-copies.ts'
import { looksFor } from '../../../../agent/server-looks.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import {
  claudeInstalled,
  temporaryFolder,
  testAgent,
  transportTo,
  type TestAgent,
} from '../../../helpers/test-agent.ts'
import { startTestServer, type Browser, type TestServer } from '../../../helpers/test-server.ts'
import { examplePolicy } from '../../../helpers/wire-records.ts'

const hour = 3_600_000
const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let server: TestServer
let browser: Browser
let agent: TestAgent
let folder: string
let device: string
let finding: FindingRow

beforeEach(async () => {
  folder = temporaryFolder()
  server = await startTestServer()
  agent = testAgent({ host: fakeHost({ files: claudeInstalled() }), server, folder })
  await server.apply(examplePolicy)
  await agent.enrol()
  await agent.looks.full()
  await agent.reporting.report()
  browser = await server.signIn()
  const { items } = pageOf(FindingRow).parse((await browser.get('/api/v1/findings')).body)
  const [first] = items
  if (first === undefined) throw new Error('no finding')
  finding = first
  device = finding.device
})
afterEach(async () => {
  agent.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const lookAtName = (account: string | null) =>
  browser.send('POST', '/api/v1/looks', { device, account, reason: 'ticket 4711' })
const told = (account: string | null = null) =>
  looksFor(agent.state, account).map(({ by, what, account: of, tool }) =>
    [by, what, of ?? '-', tool ?? '-'].join(' '),
  )

test('every look at this device or its people is told to it once, with who it was', async () => {
  await browser.get('/api/v1/findings')
  await browser.get('/api/v1/events?limit=1')
  await agent.reporting.report()
  expect(told(), 'a list names nobody').toEqual([])

  await browser.get(`/api/v1/findings/${finding.id}`)
  await browser.get(`/api/v1/devices/${device}/events`)
  await lookAtName(finding.account?.key ?? '')
  await lookAtName(null)
  for (let n = 0; n < 2; n++) await agent.reporting.report()
  expect(told()).toEqual([
    'admin finding ann claude-code',
    'admin timeline - -',
    'admin account-name ann -',
    'admin device-name - -',
  ])
})

test('looks of one hour are one; those of the next another', async () => {
  for (let n = 0; n < 3; n++) await browser.get(`/api/v1/findings/${finding.id}`)
  await agent.reporting.report()
  await browser.get(`/api/v1/findings/${finding.id}`)
  await agent.reporting.report()
  expect(told()).toHaveLength(1)
  server.clock.now += hour
  await browser.get(`/api/v1/findings/${finding.id}`)
  await agent.reporting.report()
  expect(told()).toHaveLength(2)
})

test('one whose answer was lost is told with the next', async () => {
  await lookAtName(finding.account?.key ?? '')
  const through = transportTo(server)
  agent.transport = async (request) => {
    await through(request)
    return { ok: false, code: 'timeout', message: 'no answer' }
  }
  await agent.reporting.report()
  expect(told()).toEqual([])
  server.clock.now += 40 * hour
  agent.transport = through
  await agent.reporting.report()
  expect(told()).toEqual(['admin account-name ann -'])
})

describe('on the device', () => {
  test('an account sees looks at what is its own and at the device, not those at others', async () => {
    await browser.get(`/api/v1/findings/${finding.id}`)
    await lookAtName(null)
    await agent.reporting.report()
    expect(told('ann')).toEqual(['admin finding ann claude-code', 'admin device-name - -'])
    expect(told('bob')).toEqual(['admin device-name - -'])
    expect(copyFor(agent.state, 'bob', 0).looks).toMatchObject([{ what: 'device-name' }])
  })

  test.each([
    ['en', 'admin looked at the finding on Claude Code, of account ann', 'has told of nobody'],
    ['zh-CN', 'admin 查看了关于 Claude Code 的判定（账户 ann）', '服务器尚未告知'],
  ])('`sent` says so (%s)', async (language, line, none) => {
    const sent = (): string => {
      agent.close()
      const words = [main, 'sent', '--state', folder, '--lang', language]
      const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
      agent = testAgent({ host: agent.host, server, folder })
      return stdout
    }
    expect(sent()).toContain(none)
    await browser.get(`/api/v1/findings/${finding.id}`)
    await agent.reporting.report()
    expect(sent()).toContain(line)
  })
})
