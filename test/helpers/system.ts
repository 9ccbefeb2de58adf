// A whole Cutoff for tests: the real server and the real agent as processes of their own, spoken to as an administrator
// would, through the REST API after signing in by link. Everything lies in one folder that is removed at the end.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { FindingDetail, FindingRow, pageOf } from '#shared/api.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const Findings = pageOf(FindingRow)

/** The REST API as an administrator who has signed in. */
export interface Admin {
  readonly get: <S extends z.ZodType>(path: string, schema: S) => Promise<z.infer<S>>
  readonly send: (
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
  ) => Promise<unknown>
  /** Every finding in full, names of accounts shown: each such look is recorded with this reason. */
  readonly findings: () => Promise<readonly FindingDetail[]>
}

export interface System {
  readonly url: string
  readonly folder: string
  readonly server: ChildProcess
  /** Puts a policy into force; versions count up by themselves. */
  readonly applyPolicy: (policy: object) => void
  readonly loginLink: () => string
  readonly signIn: () => Promise<Admin>
  /** What an installation is given besides the address: a token for one device, and the fingerprint. */
  readonly enrolment: () => { readonly token: string; readonly fingerprint: string }
  /** Enrols this machine, once, and starts the daemon. @param more variables for this run of it */
  readonly startAgent: (more?: Readonly<Record<string, string>>) => ChildProcess
  readonly stateFolder: string
  /** What the agent and the server have printed so far. */
  readonly output: () => string
  /** Every byte that the server keeps: database, its log, keys. */
  readonly serverBytes: () => Buffer
  readonly close: () => Promise<void>
}

export interface SystemSettings {
  readonly checkInSeconds?: number
  /** Further variables for server and agent; they win over the usual ones of tests. */
  readonly env?: Readonly<Record<string, string>>
  /** The agent's program; from the sources without it. */
  readonly agentProgram?: string
  /** The packaged agent, in place of a program for Node. */
  readonly agentExecutable?: string
}

export async function startSystem(settings: SystemSettings = {}): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-system-'))
  const url = `http://127.0.0.1:${await freePort()}`
  const stateFolder = join(folder, 'agent')
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    CUTOFF_DATA: join(folder, 'server'),
    CUTOFF_LISTEN: url.replace('http://', ''),
    CUTOFF_CHECK_IN_SECONDS: String(settings.checkInSeconds ?? 5),
    CUTOFF_STATE: stateFolder,
    CUTOFF_PROCESS_SECONDS: '5',
    CUTOFF_SCAN_SECONDS: '60',
    CUTOFF_LOG: 'warn',
    ...settings.env,
  }
  const agent =
    settings.agentExecutable === undefined
      ? [process.execPath, settings.agentProgram ?? 'agent/main.ts']
      : [settings.agentExecutable]
  const serverProgram = [process.execPath, 'server/main.ts']
  const printed: string[] = []
  const children: ChildProcess[] = []
  const start = (
    [program = '', ...words]: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ) => {
    const child = spawn(program, words, {
      cwd: root,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => printed.push(`${words[0]}: ${chunk.toString()}`))
    }
    children.push(child)
    return child
  }
  const run = ([program = '', ...first]: readonly string[], ...args: string[]): string =>
    execFileSync(program, [...first, ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const killAll = () => children.forEach((child) => child.kill('SIGKILL'))
  process.once('exit', killAll)

  const server = start([...serverProgram, 'serve'])
  await until('the server to be ready', () =>
    fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    ),
  )
  let policyVersion = 0
  let enrolled = false
  const enrolment = () => ({
    token: run(serverProgram, 'enrol-token', '--once'),
    fingerprint: /organisation fingerprint\s+(.+)/.exec(run(serverProgram, 'keys'))?.[1] ?? '',
  })

  return {
    url,
    folder,
    server,
    stateFolder,
    output: () => printed.join(''),
    applyPolicy(policy) {
      policyVersion++
      const file = join(folder, `policy-${policyVersion}.json`)
      const usual = { version: policyVersion, organisation: 'Example Ltd', timezone: 'UTC' }
      writeFileSync(file, JSON.stringify({ ...usual, ...policy }))
      run(serverProgram, 'policy', 'apply', file)
    },
    loginLink: () => run(serverProgram, 'user', 'link'),
    signIn() {
      return signIn(url, run(serverProgram, 'user', 'link'))
    },
    enrolment,
    startAgent(more = {}) {
      if (!enrolled) {
        const tokenFile = join(folder, 'token')
        const { token, fingerprint } = enrolment()
        writeFileSync(tokenFile, token, { mode: 0o600 })
        run(
          agent,
          'enrol',
          '--server',
          env['CUTOFF_PUBLIC_URL'] ?? url,
          '--token-file',
          tokenFile,
          '--organisation-key-fingerprint',
          fingerprint,
        )
        enrolled = true
      }
      return start([...agent, 'run'], more)
    },
    serverBytes() {
      const files = readdirSync(join(folder, 'server'), { recursive: true, withFileTypes: true }).filter(
        (f) => f.isFile(),
      )
      return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))))
    },
    async close() {
      process.removeListener('exit', killAll)
      const ended = children.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) resolve()
            else child.once('exit', () => resolve())
          }),
      )
      for (const child of children.toReversed()) child.kill('SIGTERM')
      const timer = setTimeout(killAll, 10_000)
      await Promise.all(ended)
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in by a one-time link. */
export async function signIn(url: string, link: string): Promise<Admin> {
  const answer = await fetch(link, { redirect: 'manual' })
  const cookie = answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  const call = async (method: string, path: string, body?: unknown, csrf?: string): Promise<unknown> => {
    const headers: Record<string, string> = { cookie }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (csrf !== undefined) headers['x-csrf-token'] = csrf
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  const { csrf } = (await call('GET', '/session')) as { csrf: string } // checked by the server's own tests
  const shown = new Set<string>()
  const admin: Admin = {
    get: async (path, schema) => schema.parse(await call('GET', path)) as never,
    send: (method, path, body) => call(method, path, body, csrf),
    async findings() {
      const { items } = await admin.get('/findings?limit=200', Findings)
      for (const { device, account } of items) {
        if (account === null || shown.has(account.key)) continue
        shown.add(account.key)
        await admin.send('POST', '/looks', {
          device,
          account: account.key,
          reason: 'end-to-end test reads names',
        })
      }
      return Promise.all(items.map((item) => admin.get(`/findings/${item.id}`, FindingDetail)))
    },
  }
  return admin
}

/** Waits until a condition holds; throws, naming it, when it does not in time. */
export async function until(
  what: string | (() => string),
  condition: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${typeof what === 'string' ? what : what()}`)
}

/** A port of this machine that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
