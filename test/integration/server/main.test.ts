// The server's command line, as a program: commands, settings, signals, and one sentence for whatever goes wrong.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
let running: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-main-'))
  running = []
})
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [join(root, 'server/main.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', CUTOFF_DATA: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const ended = new Promise<Ran>((resolve) =>
    child.once('close', (status) => resolve({ status, stdout, stderr })),
  )
  return { child, ended }
}

const run = (args: readonly string[], env: Record<string, string> = {}) => start(args, env).ended

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function ready(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const response = await fetch(`${url}/readyz`).catch(() => null)
    if (response?.ok === true) return
    await sleep(50)
  }
  throw new Error(`${url} is not ready`)
}

const yaml = `version: 1
organisation: Example Ltd
timezone: Asia/Shanghai
rules:
  - { id: no-claude-code, tools: [claude-code], verdict: banned, from: 2026-07-10, announced: 2026-07-03 }
`

test('a reader that goes away ends no command: what was asked for is done', async () => {
  const before = await run(['keys'])
  const { child, ended } = start(['keys', 'replace', 'receipt', '--reason', 'yearly', '--yes'])
  child.stdout?.destroy()
  expect(await ended).toMatchObject({ status: 0, stderr: '' })
  expect(receiptKeyIn(await run(['keys']))).not.toBe(receiptKeyIn(before))
})

function receiptKeyIn({ stdout }: Ran): string {
  const key = /^receipt key +(\S+)$/m.exec(stdout)?.[1]
  if (key === undefined) throw new Error(`no receipt key in ${stdout}`)
  return key
}

test('keys are made once, for the owner alone, and shown by fingerprint', async () => {
  const first = await run(['keys'])
  expect(first.stdout).toMatch(/^organisation fingerprint {2}([0-9a-f]{4} ){15}[0-9a-f]{4}$/m)
  expect((await run(['keys'])).stdout).toBe(first.stdout)
  const keys = join(folder, 'data', 'keys')
  expect(readdirSync(keys)).toEqual(['organisation.pem', 'pseudonym.key', 'server.pem', 'session.key'])
  for (const name of readdirSync(keys)) expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600)
})

test('a policy is planned, applied, and not applied twice', async () => {
  const file = join(folder, 'policy.yaml')
  writeFileSync(file, yaml)
  expect((await run(['policy', 'plan', file])).stdout).toBe('Policy version 1 would change no finding.\n')
  expect((await run(['policy', 'apply', file])).stdout).toBe('Policy version 1 is in force.\n')
  expect(await run(['policy', 'apply', file])).toMatchObject({
    status: 1,
    stderr: `cutoff-server: Version 1 is in force: give ${file} a higher one. [policy-version]\n`,
  })
})

test('a policy with mistakes is refused, naming each field', async () => {
  const file = join(folder, 'policy.yaml')
  writeFileSync(file, yaml.replace('claude-code]', 'claud-code]').replace('Asia/Shanghai', 'Asia/Atlantis'))
  const { status, stderr } = await run(['policy', 'apply', file])
  expect(status).toBe(1)
  expect(stderr).toContain('timezone: an IANA time zone such as Asia/Shanghai')
  expect(stderr).toMatch(/\[policy-invalid\]\n$/)
})

describe('what goes wrong is told in one sentence with a code:', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['an unknown command', ['server'], {}, 'usage'],
    ['a wrong setting', ['keys'], { CUTOFF_LISTEN: 'everywhere' }, 'config-invalid'],
    ['a policy that is not there', ['policy', 'apply', 'none.yaml'], {}, 'file-unreadable'],
    ['a folder that cannot be made', ['keys'], { CUTOFF_DATA: '/dev/null/cutoff' }, 'data-unwritable'],
    ['a wrong number of days', ['enrol-token', '--days', 'many'], {}, 'usage'],
    ['an unknown device', ['device', 'nobody'], {}, 'not-found'],
  ])('%s', async (_, args, env, code) => {
    const { status, stdout, stderr } = await run(args, env)
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(new RegExp(`^cutoff-server: .+ \\[${code}\\]\\n$`))
  })

  test('a file that is not a database', async () => {
    const path = join(folder, 'notes.txt')
    writeFileSync(path, 'my notes')
    const { stderr } = await run(['keys'], { CUTOFF_DATABASE_URL: `sqlite:${path}` })
    expect(stderr).toMatch(/\[database-not-sqlite\]/)
  })

  test('a key that is gone', async () => {
    await run(['keys'])
    rmSync(join(folder, 'data', 'keys', 'server.pem'))
    const { status, stderr } = await run(['serve'], { CUTOFF_LOG: 'silent' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^cutoff-server: .+ restore .+ \[key-lost\]\n$/)
  })

  test('a port that is taken', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { status, stderr } = await run(['serve'], {
      CUTOFF_LISTEN: `127.0.0.1:${port}`,
      CUTOFF_LOG: 'silent',
    })
    other.close()
    expect(status).toBe(1)
    expect(stderr).toMatch(/^cutoff-server: Something else listens on .* \[port-taken\]\n$/)
  })
})

describe('serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'answers, lets people in by a link, and stops at %s',
    async (signal) => {
      const listen = `127.0.0.1:${await freePort()}`
      const { child, ended } = start(['serve'], { CUTOFF_LISTEN: listen })
      await ready(`http://${listen}`)
      const link = (await run(['user', 'link'], { CUTOFF_LISTEN: listen })).stdout.trim()
      expect(link).toMatch(new RegExp(`^http://${listen}/login\\?token=[\\w-]{43}$`))
      const entered = await fetch(link, { redirect: 'manual' })
      expect(entered.status).toBe(303)
      child.kill(signal)
      expect(await ended).toMatchObject({ status: 0 })
      expect(existsSync(join(folder, 'data', 'cutoff.sqlite-wal'))).toBe(false)
    },
  )

  test('starts again after it was killed, and a policy applied beside it takes effect', async () => {
    const listen = `127.0.0.1:${await freePort()}`
    const killed = start(['serve'], { CUTOFF_LISTEN: listen })
    await ready(`http://${listen}`)
    killed.child.kill('SIGKILL')
    await killed.ended
    const again = start(['serve'], { CUTOFF_LISTEN: listen })
    await ready(`http://${listen}`)
    const file = join(folder, 'policy.yaml')
    writeFileSync(file, yaml)
    expect((await run(['policy', 'apply', file])).status).toBe(0)
    const link = (await run(['user', 'link'], { CUTOFF_LISTEN: listen })).stdout.trim()
    const entered = await fetch(link, { redirect: 'manual' })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    const overview = await fetch(`http://${listen}/api/v1/overview`, { headers: { cookie } })
    expect(await overview.json()).toMatchObject({ policy: { version: 1 } })
    again.child.kill('SIGTERM')
    expect((await again.ended).status).toBe(0)
  })
})
