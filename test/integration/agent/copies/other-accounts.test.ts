// Who sees what: an account its own, root everything. As the commands print it, by an account that is not root.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeCopies } from '../../../../agent/account-copies.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { policyFrom } from '../../../helpers/report-context.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
/** Debian's and most systems' account without rights. */
const nobody = { name: 'nobody', uid: 65_534 }
let folder: string

function agent(uid: number, ...args: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    HOME: join(folder, 'home'),
    LANG: 'en_GB.UTF-8',
    CUTOFF_STATE: join(folder, 'state'),
    CUTOFF_ACCOUNTS: join(folder, 'accounts'),
    CUTOFF_SETTINGS: join(folder, 'none'),
  }
  return spawnSync(process.execPath, [main, ...args], { env, uid, encoding: 'utf8', cwd: '/' })
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  folder = '/'
  return agent(nobody.uid, '--version').status === 0 ? undefined : 'nobody cannot start the sources'
}
const reason = whyNot()

describe.skipIf(reason !== undefined)(`an account${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeEach(() => {
    folder = temporaryFolder()
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'home'))
    chownSync(join(folder, 'home'), nobody.uid, -1)
    const host = fakeHost()
    const state = openTestState(join(folder, 'state'), host.now())
    const about = {
      row: 10,
      reasons: ['used-after-cutoff' as const],
      rule: null,
      status: 'violation' as const,
    }
    state.write('verdicts', {
      judgedAt: host.now(),
      verdicts: [
        { ...about, tool: 'claude-code', account: nobody.name },
        { ...about, tool: 'codex-cli', account: 'root' },
      ],
    })
    const text = JSON.stringify(policyFrom(0))
    state.write('policy', { signed: { text, signature: '', key: '' }, etag: null })
    const accounts = [
      { name: nobody.name, uid: String(nobody.uid), home: '/nonexistent', readable: true },
      { name: 'root', uid: '0', home: '/root', readable: true },
    ]
    writeCopies(join(folder, 'accounts'), state, { ...host, accounts: () => ({ accounts, gaps: [] }) })
    state.close()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('sees what the server says of it, with its time, and nothing of others', () => {
    const { status, stdout } = agent(nobody.uid, 'status')
    expect(status).toBe(0)
    expect(stdout).toMatch(/The server’s verdicts as of \d{4}-/u)
    expect(stdout).toMatch(/Violation +Claude Code +nobody/u)
    expect(stdout).not.toMatch(/Codex|root/u)
  })

  test('waits a moment for a copy that is not its own yet', () => {
    const copy = join(folder, 'accounts', `${nobody.uid}.json`)
    chownSync(copy, 0, 0)
    spawn('sh', ['-c', `sleep 1; chown ${nobody.uid} ${copy}`], { stdio: 'ignore' })
    expect(agent(nobody.uid, 'status')).toMatchObject({ status: 0, stderr: '' })
  })

  test('is told of itself alone, once', () => {
    const told = agent(nobody.uid, 'notice', '--print').stdout
    expect(told).toContain('Claude Code: evidence of use after the ban')
    expect(told).not.toContain('Codex')
    // Nothing is left for the desktop, which is not there.
    expect(agent(nobody.uid, 'notice')).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  test('that is root sees all', () => {
    const { stdout } = agent(0, 'status')
    expect(stdout).toMatch(/Claude Code +nobody/u)
    expect(stdout).toMatch(/Codex CLI +root/u)
  })
})
