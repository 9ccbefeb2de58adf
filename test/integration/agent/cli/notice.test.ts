// The notice at login: the command as the desktop starts it, on the real message bus.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DevicePolicy, DeviceVerdict } from '#shared/protocol.ts'
import { startDesktopSession, whyNoSession, type DesktopSession } from '../../../helpers/session-bus.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
const day = 86_400_000
const now = Date.now()
const reason = whyNoSession()

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function notice(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, 'notice', ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CUTOFF_STATE: join(folder, 'state'),
      CUTOFF_SETTINGS: join(folder, 'none'),
      LANG: 'en_GB.UTF-8',
      ...env,
    },
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (part: Buffer) => (printed.stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (printed.stderr += part.toString()))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...printed })))
}

/** What the daemon has left, as if a server had answered it. */
function leave(...verdicts: readonly Pick<DeviceVerdict, 'tool' | 'status'>[]): void {
  const state = openTestState(join(folder, 'state'), now)
  const policy: DevicePolicy = {
    version: 1,
    organisation: 'Smith & <b>Sons</b>',
    activatedAt: now - 30 * day,
    expiresAt: now + day,
    rules: [
      {
        id: 'ban',
        tools: verdicts.map(({ tool }) => tool),
        verdict: 'banned',
        from: now - day,
        until: null,
        announced: null,
        counts: 'used',
        notice: null,
        instead: ['qoder-cli'],
      },
    ],
    windows: {},
    collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
    checkInSeconds: 60,
  }
  state.transact(() => {
    state.write('policy', { signed: { text: JSON.stringify(policy), signature: '', key: '' }, etag: null })
    state.write('verdicts', {
      judgedAt: now,
      verdicts: verdicts.map((one) => ({
        ...one,
        account: userInfo().username,
        row: null,
        reasons: [],
        rule: 'ban',
      })),
    })
  })
  state.close()
}

describe.skipIf(reason !== undefined)(`on a desktop${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let session: DesktopSession
  let bus: Readonly<Record<string, string>>
  beforeEach(async () => {
    session = await startDesktopSession()
    bus = { DBUS_SESSION_BUS_ADDRESS: session.address }
  })
  afterEach(() => session.close())

  test('each notice is shown once, and a new one by itself', async () => {
    await session.takeNotifications(['body', 'body-markup'])
    leave({ tool: 'claude-code', status: 'upcoming' })
    expect(await notice(bus)).toEqual({ status: 0, stdout: '', stderr: '' })
    const titles = () => session.shown.map(({ title }) => title)
    expect(titles()).toEqual([
      'Your organisation inventories AI coding tools on this device',
      expect.stringMatching(/^Claude Code will be banned from \d{4}-/) as unknown,
    ])
    // Nothing that an organisation is called can be markup to the desktop.
    expect(session.shown[0]?.text).toContain('It is done for Smith &amp; &lt;b&gt;Sons&lt;/b&gt;.')
    await notice(bus)
    expect(session.shown).toHaveLength(2)
    leave({ tool: 'claude-code', status: 'violation' })
    await notice({ ...bus, LANG: 'zh_CN.UTF-8' })
    expect(titles().slice(2)).toEqual(['Claude Code：发现禁用后的使用证据'])
  })

  test('a desktop that takes no markup gets the text as it is', async () => {
    await session.takeNotifications(['body'])
    leave()
    await notice(bus)
    expect(session.shown[0]?.text).toContain('Smith & <b>Sons</b>.')
  })

  test('a desktop that is still starting is waited for', async () => {
    leave()
    const told = notice(bus, '--wait', '30')
    setTimeout(() => void session.takeNotifications(['body']), 2000)
    expect(await told).toMatchObject({ status: 0 })
    expect(session.shown).toHaveLength(1)
  })

  test('where nothing shows notices, that is said and nothing counts as shown', async () => {
    leave()
    expect(await notice(bus)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('[no-notifications]') as unknown,
    })
    await session.takeNotifications(['body'])
    await notice(bus)
    expect(session.shown).toHaveLength(1)
  })
})

test('without a desktop that is said', async () => {
  leave()
  expect(await notice({})).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('[no-session-bus]') as unknown,
  })
})

test('--print shows all of them again, in the language asked for', async () => {
  leave({ tool: 'claude-code', status: 'suspected' })
  for (let turn = 0; turn < 2; turn++) {
    const { status, stdout } = await notice({}, '--print', '--lang', 'zh-CN')
    expect(status).toBe(0)
    expect(stdout).toContain('您所在的单位正在清点本设备上的 AI 编程工具')
    expect(stdout).toContain('Claude Code：发现禁用后的使用迹象')
  }
})
