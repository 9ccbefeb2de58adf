// An agent for tests: real state in a temporary folder, a fake machine, and a server reached without a network.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MachineNumbers } from '#shared/machine.ts'
import type { WireRecord } from '#shared/protocol.ts'
import { tools as catalogue } from '#shared/catalogue.ts'
import type { Tool } from '#shared/tool.ts'
import { policyReader } from '../../agent/agent.ts'
import { namesAnother } from '../../agent/cli/enrolling.ts'
import { followedClock, type DeviceClock } from '../../agent/device-clock.ts'
import { Looks } from '../../agent/looks.ts'
import { createReporter, hostRecord } from '../../agent/report/context.ts'
import { createSpool, type Spool } from '../../agent/spool.ts'
import { openState, type State } from '../../agent/state.ts'
import { keyedHash, type Enrolment } from '../../agent/state/keys.ts'
import { appoint } from '../../agent/state/successor.ts'
import { createClient, type Client } from '../../agent/sync/client.ts'
import { enrol, enrolSuccessor, type Enrolled, type EnrolParts } from '../../agent/sync/enrol.ts'
import type { HttpAnswer, HttpRequest, Transport } from '../../agent/sync/http.ts'
import { fingerprintOf, isNextKey, keysThatCount } from '../../agent/sync/organisation-key.ts'
import { readPolicy } from '../../agent/sync/policy.ts'
import { createKeyRotation } from '../../agent/sync/rotate.ts'
import { createReporting, type Reporting } from '../../agent/sync/reporting.ts'
import { agentBuild } from '../../agent/version.ts'
import type { Host } from '../../agent/platform/host.ts'
import { openOwnFolder } from '../../agent/platform/own-folder.ts'
import { publicKeyOf } from '../../server/crypto.ts'
import { makeEnrolToken } from '../../server/session/enrol-token.ts'
import type { TestServer } from './test-server.ts'

export const claudePackage = '/home/ann/.npm-global/lib/node_modules/@anthropic-ai/claude-code'

/** The files of an installed Claude Code in a home. */
export function claudeInstalled(version = '2.1.330', root = claudePackage) {
  return {
    [`${root}/package.json`]: JSON.stringify({
      name: '@anthropic-ai/claude-code',
      version,
      bin: { claude: 'cli.js' },
    }),
    [`${root}/cli.js`]: '#!/usr/bin/env node\n',
  }
}

/** Lines of a Claude Code transcript: one begun, then one answered per time. */
export function transcript(...times: readonly number[]): string {
  return times
    .flatMap((at) => [
      { type: 'user', timestamp: new Date(at - 500).toISOString(), message: { content: 'secret words' } },
      { type: 'assistant', timestamp: new Date(at).toISOString(), message: { model: 'claude-test' } },
    ])
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

export interface TestAgent {
  readonly folder: string
  readonly host: Host
  readonly clock: DeviceClock
  state: State
  readonly looks: Looks
  readonly reporting: Reporting
  readonly spool: Spool
  readonly client: Client
  /** Requests that were made, in order. */
  readonly requests: HttpRequest[]
  readonly log: string[]
  /** Stands between agent and server; a test may replace it. */
  transport: Transport
  readonly enrol: (token?: string, fingerprint?: string) => Promise<Enrolled>
  /** Closes the state and opens it again, as a restart does. */
  readonly close: () => void
}

export interface TestAgentOptions {
  readonly host: Host
  readonly server?: TestServer
  readonly folder?: string
  readonly random?: () => number
  /** The catalogue without it. */
  readonly tools?: readonly Tool[]
  /** Enrols by itself, with a token that is always good, as managed installations do. */
  readonly managed?: boolean
  /** The settings name another server than the one where it is enrolled. */
  readonly isElsewhere?: () => boolean
  /** What the settings name as the organisation's key; by default the one that the server has. */
  readonly organisationKey?: () => string
  /** A request takes 5 ms unless a test measures. */
  readonly monotonicMs?: () => number
}

const url = new URL('http://127.0.0.1:8740')

export function openTestState(
  folder: string,
  now: number,
  readOnly = false,
  machine?: MachineNumbers,
): State {
  const known = machine === undefined ? {} : { machine }
  const opened = openState({ folder, now, random: randomBytes, readOnly, program: agentBuild, ...known })
  if (!opened.ok) throw new Error(opened.message)
  return opened.state
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'cutoff-agent-'))
}

export function testAgent({ host, server, ...options }: TestAgentOptions): TestAgent {
  const folder = options.folder ?? temporaryFolder()
  const state = openTestState(folder, host.now(), false, host.facts().machine)
  const requests: HttpRequest[] = []
  const log: string[] = []
  let monotonic = 0
  const random = options.random ?? (() => 0.5)
  const tools = options.tools ?? catalogue
  const parts = { transport: server === undefined ? nowhere : transportTo(server) }
  const ending = new AbortController()
  const clientWith = (key: State['key'], _server?: URL, signal: AbortSignal | null = ending.signal): Client =>
    createClient({
      server: url,
      key,
      transport(request) {
        const asked = signal === null ? request : { ...request, signal }
        requests.push(asked)
        return parts.transport(asked)
      },
      now: host.now,
      monotonicMs: options.monotonicMs ?? (() => (monotonic += 5)),
      random: randomBytes,
    })
  const client = clientWith(state.key)
  const enrolling = async (token?: string, fingerprint?: string): Promise<EnrolParts> => {
    if (server === undefined) throw new Error('no server to enrol at')
    const made =
      token ??
      (await makeEnrolToken(server.context, { by: 'test', validMs: 86_400_000, maxUses: null })).token
    return {
      state,
      client,
      server: url,
      token: made,
      organisationKeyFingerprint:
        fingerprint ?? options.organisationKey?.() ?? organisationFingerprint(server),
      host: hostRecord(host.facts(), '0.0.0'),
      machine: host.facts().machine,
      clock,
      now: host.now,
    }
  }
  const policy = policyReader(state, readPolicy)
  const reporter = createReporter({
    tools,
    hashPlace: (text) => keyedHash(state.identity.placeKey, text),
    hashSession: (name) => keyedHash(state.enrolment()?.sessionKey ?? state.identity.placeKey, name),
    catalogue: 'test',
    agentVersion: '0.0.0',
  })
  const clock = followedClock(state, host)
  const looks = new Looks({
    state,
    host,
    clock,
    tools,
    reporter,
    policy,
    budgetMs: 10_000,
    catalogue: 'test',
  })
  const succeed = async (): Promise<Enrolled> =>
    enrolSuccessor({
      ...(await enrolling()),
      clientWith,
      random: randomBytes,
      appoint(successor) {
        const opened = openOwnFolder(folder)
        return opened.ok && appoint(opened.folder, successor)
      },
    })
  const isNext = (key: string, believed: string): boolean => {
    const named = options.organisationKey?.()
    return named !== undefined && isNextKey(key, believed, named)
  }
  const isElsewhere = (enrolment: Enrolment): boolean =>
    options.isElsewhere?.() === true ||
    namesAnother({ server: null, organisationKey: options.organisationKey?.() ?? null }, enrolment)
  const reporting = createReporting({
    state,
    clock,
    now: host.now,
    random,
    clientFor: () => clientWith(state.key),
    lastClientFor: () => clientWith(state.key, undefined, null),
    giveUp: () => ending.abort(),
    rotation: createKeyRotation({
      state,
      clientWith,
      host: () => hostRecord(host.facts(), '0.0.0'),
      machine: () => host.facts().machine,
      now: host.now,
      random: randomBytes,
      isNextKey: isNext,
    }),
    renew: async () => enrol(await enrolling('')),
    isNextKey: isNext,
    keysThatCount: (believed) => keysThatCount(believed, options.organisationKey?.() ?? null),
    enrol: options.managed === true ? async () => enrol(await enrolling()) : null,
    enrolSuccessor: options.managed === true ? succeed : null,
    isElsewhere,
    log: (line) => void log.push(line),
  })
  const spool = createSpool({
    state,
    capBytes: 64 * 2 ** 20,
    policy,
    now: host.now,
    log: (line) => void log.push(line),
  })
  return {
    folder,
    host,
    clock,
    state,
    looks,
    reporting,
    spool,
    client,
    requests,
    log,
    get transport() {
      return parts.transport
    },
    set transport(transport) {
      parts.transport = transport
    },
    enrol: async (token, fingerprint) => enrol(await enrolling(token, fingerprint)),
    close() {
      state.close()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Of a key; by default the one that the server has. */
export function organisationFingerprint(
  { context }: TestServer,
  key = publicKeyOf(context.keys.organisation),
): string {
  return fingerprintOf(key)
}

/** Hands requests to the server in this process. */
export function transportTo({ server }: TestServer): Transport {
  return async ({ method, url: to, headers, body }): Promise<HttpAnswer> => {
    const response = await server.inject({
      method,
      url: to.pathname + to.search,
      headers: { ...headers, host: to.host },
      ...(body === null ? {} : { payload: body }),
    })
    return {
      ok: true,
      status: response.statusCode,
      headers: response.headers as Record<string, string | string[] | undefined>,
      body: response.body,
    }
  }
}

export const nowhere: Transport = async () => ({ ok: false, code: 'ECONNREFUSED', message: 'nobody listens' })

/** Records that wait in the outbox, in order. */
export function waitingRecords(state: State): WireRecord[] {
  return state.outbox.peek(10_000).map(({ text }) => JSON.parse(text) as WireRecord)
}
