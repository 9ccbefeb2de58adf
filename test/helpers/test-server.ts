// A server for tests: in-process, real SQLite in a temporary folder or in memory, a clock that the test moves.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { buildApp, type App } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import type { Context } from '../../server/context.ts'
import { runJobs } from '../../server/jobs/rejudge.ts'
import { rulesReader } from '../../server/judging/rulebook.ts'
import { replaceKey } from '../../server/key-replacement.ts'
import { openContext } from '../../server/open-context.ts'
import { applyPolicy, type PolicyResult } from '../../server/policy/activate.ts'
import type { Role } from '../../server/roles.ts'
import { makeEnrolToken } from '../../server/session/enrol-token.ts'
import { makeLoginLink } from '../../server/session/session.ts'
import type { KeyKind } from '../../server/store/server-keys.ts'
import { TestDevice } from './test-device.ts'

export const day = 86_400_000
/** 22 November 2026, noon UTC. */
export const noon = Date.UTC(2026, 10, 22, 12)

export interface TestServer extends App {
  readonly context: Context
  readonly folder: string
  /** The server's clock; set it. */
  readonly clock: { now: number }
  /** Lines that were logged. */
  readonly logged: string[]
  readonly close: () => Promise<void>
  readonly enrolled: (host?: Parameters<TestDevice['host']>[0]) => Promise<TestDevice>
  readonly apply: (policy: object) => Promise<PolicyResult>
  /** Puts another key of its own into force, made now. */
  readonly replaceKey: (kind: KeyKind) => Promise<void>
  readonly runJobs: () => Promise<void>
  /** A signed-in browser. */
  readonly signIn: () => Promise<Browser>
  /** Gives everybody who is signed in another role. */
  readonly become: (role: Role) => Promise<void>
}

export interface Browser {
  readonly cookie: string
  readonly csrf: string
  readonly get: (url: string) => Promise<{ status: number; body: unknown; headers: Record<string, unknown> }>
  readonly send: (
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object | string,
    type?: string,
  ) => Promise<{ status: number; body: unknown }>
}

export async function startTestServer(
  options: { folder?: string; env?: Record<string, string>; keysOf?: TestServer } = {},
): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cutoff-server-'))
  // The keys of another server, whose database is not there.
  if (options.keysOf !== undefined)
    cpSync(join(options.keysOf.folder, 'keys'), join(folder, 'keys'), { recursive: true })
  const read = readConfig({ CUTOFF_DATA: folder, CUTOFF_LISTEN: '127.0.0.1:8740', ...options.env })
  if (!read.ok) throw new Error(read.message)
  const clock = { now: noon }
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const context = await openContext(read.config, { now: () => clock.now, random: (n) => randomBytes(n), log })
  const app = await buildApp(context)
  const readRules = rulesReader()
  return {
    ...app,
    context,
    folder,
    clock,
    logged,
    async close() {
      await app.server.close()
      await context.store.close()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
    async enrolled(host = {}) {
      const device = new TestDevice(app.server, () => clock.now)
      const { token } = await makeEnrolToken(context, { by: 'test', validMs: day, maxUses: null })
      const response = await device.enrol(token, device.host(host))
      if (response.statusCode !== 200) throw new Error(`enrol: ${response.body}`)
      return device
    },
    apply: (policy) => applyPolicy(context, policy, 'test'),
    async replaceKey(kind) {
      await replaceKey(context, kind, { by: 'test', reason: 'test', next: 'made now' })
    },
    runJobs: () => runJobs(context, readRules),
    async become(role) {
      await context.store.write((db) => db.updateTable('sessions').set({ role }).execute())
    },
    async signIn() {
      const link = new URL(await makeLoginLink(context))
      const login = await app.server.inject({ method: 'GET', url: link.pathname + link.search })
      const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
      const session = await app.server.inject({ url: '/api/v1/session', headers: { cookie } })
      const { csrf } = session.json<{ csrf: string }>()
      return {
        cookie,
        csrf,
        async get(url) {
          const response = await app.server.inject({ url, headers: { cookie } })
          return { status: response.statusCode, body: response.json(), headers: response.headers }
        },
        async send(method, url, body, type = 'application/json') {
          const response = await app.server.inject({
            method,
            url,
            headers: {
              cookie,
              'x-csrf-token': csrf,
              ...(body === undefined ? {} : { 'content-type': type }),
            },
            ...(body === undefined ? {} : { payload: body }),
          })
          return { status: response.statusCode, body: response.body === '' ? null : response.json() }
        },
      }
    },
  }
}
