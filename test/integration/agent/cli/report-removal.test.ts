// `report-removal` as a program, as packages run it: against a server that answers, one that does not, and by who may not.
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLock } from '../../../../agent/state/lock.ts'
import { makeEnrolToken } from '../../../../server/session/enrol-token.ts'
import {
  openTestState,
  organisationFingerprint,
  temporaryFolder,
  waitingRecords,
} from '../../../helpers/test-agent.ts'
import { freePort } from '../../../helpers/system.ts'
import { day, startTestServer, type TestServer } from '../../../helpers/test-server.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let server: TestServer
let port: number
let folder: string
let state: string
beforeEach(async () => {
  port = await freePort()
  server = await startTestServer({ env: { CUTOFF_LISTEN: `127.0.0.1:${port}` } })
  Object.defineProperty(server.clock, 'now', { get: Date.now })
  await server.server.listen({ port, host: '127.0.0.1' })
  folder = temporaryFolder()
  state = join(folder, 'state')
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly status: number | null
  readonly said: string
}

/** This process is the server: it must not wait for the command. */
function run(words: readonly string[], as?: number): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: folder, CUTOFF_STATE: state }
  const who = as === undefined ? {} : { uid: as, gid: as }
  const child = spawn(process.execPath, [main, ...words], { env, ...who })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, said })))
}

const addressOf = (at: number) => `http://127.0.0.1:${at}`

async function enrol(): Promise<void> {
  const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
  const file = join(folder, 'token')
  writeFileSync(file, token, { mode: 0o600 })
  const fingerprint = organisationFingerprint(server)
  const { status, said } = await run([
    ...['enrol', '--server', addressOf(port), '--token-file', file],
    ...['--organisation-key-fingerprint', fingerprint],
  ])
  expect({ status, said }).toMatchObject({ status: 0 })
}

const heard = () =>
  server.context.store.read
    .selectFrom('devices')
    .select(['left_why', 'last_seen_at'])
    .executeTakeFirstOrThrow()

function waiting(): string[] {
  const opened = openTestState(state, Date.now(), true)
  const told = waitingRecords(opened).flatMap((record) => (record.type === 'agent' ? [record.event] : []))
  opened.close()
  return told
}

/** Lets the state know the server at another place. */
function moveServer(at: number): void {
  const opened = openTestState(state, Date.now())
  const enrolment = opened.enrolment()
  if (enrolment !== null) opened.enrol({ ...enrolment, server: `${addressOf(at)}/` })
  opened.close()
}

test.each([
  [[], 'removing'],
  [['--upgrade'], 'upgrading'],
])('%j where no agent runs tells the server', async (words, why) => {
  await enrol()
  expect(await run(['report-removal', ...words])).toEqual({ status: 0, said: 'The server was told.\n' })
  expect(await heard()).toMatchObject({ left_why: why })
  expect(readdirSync(state)).not.toContain('leaving.json')
})

test('where an agent runs it is left to that', async () => {
  await enrol()
  const release = takeLock(join(state, 'lock'))
  const { status, said } = await run(['report-removal'])
  release?.()
  expect({ status, said }).toEqual({
    status: 0,
    said: expect.stringContaining('when it is stopped') as unknown,
  })
  expect(await heard()).toMatchObject({ left_why: null, last_seen_at: null })
  const opened = openTestState(state, Date.now(), true)
  expect(opened.departure.read(Date.now())).toBe('removing')
  opened.close()
})

describe('a server that is silent', () => {
  let silent: Server
  beforeEach(async () => {
    silent = createServer(() => {})
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
  })
  afterEach(() => void silent.close())

  test('keeps nobody, and what it should hear is kept for it', async () => {
    await enrol()
    moveServer((silent.address() as AddressInfo).port)
    const { status, said } = await run(['report-removal'])
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('it is kept') as unknown })
    expect(waiting()).toEqual(['removing'])
    moveServer(port)
    await run(['report-removal', '--upgrade'])
    const events = await server.context.store.read.selectFrom('events').select('summary').execute()
    const codes = events.map(({ summary }) => summary.split(' ')[0])
    expect(codes.filter((code) => code?.startsWith('agent-'))).toEqual(['agent-removing', 'agent-upgrading'])
  })
})

test('a device that is not enrolled has nobody to tell', async () => {
  expect(await run(['report-removal'])).toMatchObject({ status: 1 })
  expect(existsSync(state)).toBe(false)
  openTestState(state, Date.now()).close()
  const { status, said } = await run(['report-removal'])
  expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining('[not-enrolled]') as unknown })
})

test.runIf(process.getuid?.() === 0)(
  'another account can neither say it nor have it said, and root leaves what the agent’s account can read',
  async () => {
    await enrol()
    const nobody = 65534
    const other = 65533
    const release = takeLock(join(state, 'lock'))
    for (const name of readdirSync(state)) chownSync(join(state, name), nobody, nobody)
    chownSync(state, nobody, nobody)
    chmodSync(state, 0o700)
    chmodSync(folder, 0o755)
    const refused = await run(['report-removal'], other)
    expect(refused).toEqual({ status: 1, said: expect.stringContaining('[state-denied]') as unknown })
    expect(readdirSync(state)).not.toContain('leaving.json')
    expect(await run(['report-removal'])).toMatchObject({ status: 0 })
    release?.()
    for (const name of readdirSync(state))
      expect([name, statSync(join(state, name)).uid]).toEqual([name, nobody])
    expect(await heard()).toMatchObject({ last_seen_at: null })
    expect(await run(['report-removal'])).toMatchObject({ status: 0 })
    expect(await heard()).toMatchObject({ left_why: 'removing' })
  },
)
