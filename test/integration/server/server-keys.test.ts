// The keys that the server signs with: another in their place as a whole or not at all, whatever is cut off and whatever file is gone,
// and taken over by servers that run.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EnrolResponse, Signed } from '#shared/protocol.ts'
import { CommandError } from '../../../server/cli/command.ts'
import { keysCommand } from '../../../server/cli/keys.ts'
import { isSignedBy, publicKeyOf } from '../../../server/crypto.ts'
import { prepareKey, replaceKey } from '../../../server/key-replacement.ts'
import { makeEnrolToken } from '../../../server/session/enrol-token.ts'
import { brokenAuditLine } from '../../../server/store/audit.ts'
import { keyKinds, serverKeys, type KeyKind } from '../../../server/store/server-keys.ts'
import { TestDevice } from '../../helpers/test-device.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { examplePolicy } from '../../helpers/wire-records.ts'

let folder: string
let servers: TestServer[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-keys-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<TestServer> {
  const server = await startTestServer({ folder })
  servers.push(server)
  return server
}

async function stop(server: TestServer): Promise<void> {
  servers.splice(servers.indexOf(server), 1)
  await server.close()
}

const files: Readonly<Record<KeyKind, string>> = { organisation: 'organisation', receipt: 'server' }
const keyPath = (...names: string[]) => join(folder, 'keys', ...names)
const publicKeyIn = (path: string) => publicKeyOf(createPrivateKey(readFileSync(path)))
const current = ({ context }: TestServer, kind: KeyKind) =>
  publicKeyOf(kind === 'organisation' ? context.keys.organisation : context.keys.server)
const rowsOf = async ({ context }: TestServer, kind: KeyKind) =>
  (await serverKeys(context.store.read)).filter((row) => row.kind === kind)

/** Public halves of all private keys that lie there. */
function keysThere(): string[] {
  const paths = ['.', 'former'].flatMap((name) =>
    existsSync(keyPath(name)) ? readdirSync(keyPath(name)).map((file) => keyPath(name, file)) : [],
  )
  return paths.filter((path) => path.endsWith('.pem')).map(publicKeyIn)
}

describe.each(keyKinds)('the %s key', (kind) => {
  const file = () => keyPath(`${files[kind]}.pem`)
  const nextFile = () => keyPath(`${files[kind]}.next.pem`)

  test('is replaced by another, which has its file; the former one is set aside, known and audited', async () => {
    const server = await start()
    const before = current(server, kind)
    server.clock.now += 1000
    const key = await replaceKey(server.context, kind, { by: 'ann', reason: 'stolen', next: 'made now' })
    expect(current(server, kind)).toBe(key)
    expect(publicKeyIn(file())).toBe(key)
    expect(readdirSync(keyPath('former')).map((name) => publicKeyIn(keyPath('former', name)))).toEqual([
      before,
    ])
    const { now } = server.clock
    expect(await rowsOf(server, kind)).toMatchObject([
      { number: 0, key: before, since: now - 1000, until: now, reason: 'stolen' },
      { number: 1, key, since: now, until: null, reason: null },
    ])
    const { read } = server.context.store
    const audit = await read.selectFrom('audit').select(['action', 'by', 'reason']).orderBy('id').execute()
    expect(audit).toEqual([
      { action: 'prepare-key', by: 'ann', reason: null },
      { action: 'replace-key', by: 'ann', reason: 'stolen' },
    ])
    expect(await brokenAuditLine(read)).toBeNull()
  })

  test('is one or the other wherever its replacement is cut off, and none is destroyed', async () => {
    const server = await start()
    const old = current(server, kind)
    const bytes = readFileSync(file())
    await prepareKey(server.context, kind, 'test')
    await stop(server)
    // Before it counted: prepared, and no more.
    let again = await start()
    expect(current(again, kind)).toBe(old)
    const next = await replaceKey(again.context, kind, { by: 'test', reason: 'test', next: 'prepared' })
    await stop(again)
    const [former = ''] = readdirSync(keyPath('former'))
    const cuts: readonly (() => void)[] = [
      () => {},
      // It counted, and no file was moved.
      () => {
        renameSync(file(), nextFile())
        renameSync(keyPath('former', former), file())
      },
      // The former one was moved, and the new one was not.
      () => renameSync(file(), nextFile()),
    ]
    for (const cut of cuts) {
      cut()
      again = await start()
      expect(current(again, kind)).toBe(next)
      await stop(again)
      expect(publicKeyIn(file())).toBe(next)
      expect(readFileSync(keyPath('former', former))).toEqual(bytes)
      expect(existsSync(nextFile())).toBe(false)
    }
  })

  const losses: readonly (readonly [string, () => void])[] = [
    ['gone', () => rmSync(file())],
    ['damaged', () => writeFileSync(file(), 'damaged')],
    [
      'another key’s',
      () => cpSync(keyPath(`${files[kind === 'receipt' ? 'organisation' : 'receipt']}.pem`), file()),
    ],
    ['gone with its folder', () => rmSync(keyPath(), { recursive: true })],
  ]
  test.each(losses)(
    'whose file is %s is missed where it is needed, not made anew, and can be replaced',
    async (_, lose) => {
      const server = await start()
      const lost = current(server, kind)
      await stop(server)
      lose()
      const again = await start()
      expect(() => current(again, kind)).toThrow(expect.objectContaining({ code: 'key-lost' }))
      expect((await rowsOf(again, kind)).map((row) => row.key)).toEqual([lost])
      for (const one of keyKinds)
        await replaceKey(again.context, one, { by: 'test', reason: 'lost', next: 'made now' })
      const key = current(again, kind)
      expect(key).not.toBe(lost)
      await stop(again)
      expect(current(await start(), kind)).toBe(key)
    },
  )

  test('is not set aside by a program that prepares another before its files were moved', async () => {
    const server = await start()
    const key = await replaceKey(server.context, kind, { by: 'test', reason: 'test', next: 'made now' })
    const [former = ''] = readdirSync(keyPath('former'))
    renameSync(file(), nextFile())
    renameSync(keyPath('former', former), file())
    await prepareKey(server.context, kind, 'test')
    await stop(server)
    expect(current(await start(), kind)).toBe(key)
  })

  test('is taken over at the next request by a server that runs', async () => {
    const running = await start()
    await running.apply(examplePolicy)
    const device = await running.enrolled()
    const beside = await start()
    const key =
      (await replaceKey(beside.context, kind, { by: 'test', reason: 'test', next: 'made now' })) ?? ''
    const signedNow = {
      receipt: async () => {
        const { receipt, time } = (await device.checkIn([])).json<{ receipt: Signed; time: Signed }>()
        return [receipt, time]
      },
      organisation: async () => {
        const policy = (await device.send('GET', '/api/v1/policy')).json<Signed>()
        await running.apply({ ...examplePolicy, version: 2 })
        return [policy, ...(await running.context.store.read.selectFrom('releases').selectAll().execute())]
      },
    }
    for (const said of await signedNow[kind]()) {
      expect(said.key).toBe(key)
      expect(isSignedBy(key, said.text, said.signature)).toBe(true)
    }
    const { token } = await makeEnrolToken(running.context, { by: 'test', validMs: day, maxUses: null })
    const other = new TestDevice(running.server, () => running.clock.now)
    const { serverKeyProof: proof, ...answer } = (await other.enrol(token)).json<EnrolResponse>()
    expect(kind === 'receipt' ? answer.serverKey : answer.organisationKey).toBe(key)
    expect(isSignedBy(answer.organisationKey, proof?.text ?? '', proof?.signature ?? '')).toBe(true)
  })
})

test('a receipt key is not replaced while the organisation’s is lost: nobody could vouch for it', async () => {
  const server = await start()
  await stop(server)
  rmSync(keyPath('organisation.pem'))
  const again = await start()
  const replaced = replaceKey(again.context, 'receipt', { by: 'test', reason: 'test', next: 'made now' })
  await expect(replaced).rejects.toMatchObject({
    code: 'key-lost',
    message: expect.stringContaining('organisation'),
  })
  expect(await rowsOf(again, 'receipt')).toHaveLength(1)
})

describe('the command', () => {
  async function run(server: TestServer, ...args: string[]): Promise<string[]> {
    const lines: string[] = []
    await keysCommand(server.context, args, { out: (line) => lines.push(line), readFile: () => '' })
    return lines
  }
  const keyLines = (lines: readonly string[]) =>
    lines.filter((line) => / key {2,}/.test(line)).map((line) => line.split(/ {2,}/))

  test('prepares one key, which counts once it is put into force', async () => {
    const server = await start()
    const before = current(server, 'organisation')
    const said = await run(server, 'prepare', 'organisation')
    const setting = said.find((line) => line.startsWith('organisationKey: '))
    expect(setting).toMatch(/^organisationKey: [0-9a-f]{64}, [0-9a-f]{64}$/)
    expect(await run(server, 'prepare', 'organisation')).toEqual(said)
    expect(current(server, 'organisation')).toBe(before)
    await run(server, 'replace', 'organisation', '--yes', '--reason', 'yearly')
    const key = current(server, 'organisation')
    expect(key).not.toBe(before)
    expect(keyLines(await run(server))).toEqual([
      ['organisation key', key],
      ['former organisation key', before],
      ['receipt key', current(server, 'receipt')],
    ])
    expect((await run(server)).join('\n')).toMatch(
      /former organisation counts {2}from 2026-11-22T.* until 2026-11-22T.*: yearly/,
    )
  })

  test.each<[string, string[], string]>([
    ['without --yes', ['replace', 'receipt', '--reason', 'yearly'], 'done'],
    ['without a reason', ['replace', 'receipt', '--yes'], 'usage'],
    ['with an empty reason', ['replace', 'receipt', '--yes', '--reason', ' '], 'usage'],
    ['with an option in place of the reason', ['replace', 'receipt', '--reason', '--yes'], 'usage'],
    [
      'of an organisation that has none prepared',
      ['replace', 'organisation', '--yes', '--reason', 'x'],
      'key-not-prepared',
    ],
    ['of a key that there is none of', ['replace', 'session', '--yes', '--reason', 'x'], 'usage'],
    ['of a receipt key that is to be prepared', ['prepare', 'receipt'], 'usage'],
  ])('changes nothing %s', async (_, args, code) => {
    const server = await start()
    const before = await serverKeys(server.context.store.read)
    const outcome = await run(server, ...args).then(
      () => 'done',
      (error: unknown) => (error instanceof CommandError ? error.code : error),
    )
    expect(outcome).toBe(code)
    expect(await serverKeys(server.context.store.read)).toEqual(before)
    expect(keysThere().toSorted()).toEqual(before.map(({ key }) => key).toSorted())
  })

  test('killed at any moment leaves one key in force, and every private key that counted', async () => {
    const main = fileURLToPath(new URL('../../../server/main.ts', import.meta.url))
    const env = { PATH: process.env['PATH'] ?? '', CUTOFF_DATA: folder }
    const args = [main, 'keys', 'replace', 'receipt', '--yes', '--reason', 'test']
    // Killed once its file of the next key appears, and so many milliseconds later.
    for (const after of [0, 0, 2, 5, 20, 100]) {
      const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      while (child.exitCode === null && !existsSync(keyPath('server.next.pem'))) await sleep(1)
      await sleep(after)
      child.kill('SIGKILL')
      await ended
      const server = await start()
      const rows = await rowsOf(server, 'receipt')
      const counted = rows.filter(({ since }) => since !== null)
      expect(counted.filter(({ until }) => until === null).map(({ key }) => key)).toEqual([
        current(server, 'receipt'),
      ])
      expect(keysThere()).toEqual(expect.arrayContaining(counted.map(({ key }) => key)))
      await stop(server)
      rmSync(keyPath('server.next.pem'), { force: true })
    }
  })
})
