// `doctor` against real servers: a Cutoff that works, and what may stand in its place.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { doctorCommand } from '../../../../agent/cli/doctor.ts'
import type { Check, CheckName } from '../../../../agent/cli/doctor/check.ts'
import type { Io } from '../../../../agent/cli/command.ts'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'
import { pinOf } from '../../../../agent/sync/http.ts'
import { X509Certificate } from 'node:crypto'
import { throwawayAuthority } from '../../../helpers/certificate.ts'
import { startSystem, type System } from '../../../helpers/system.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
const day = 86_400_000

let folder = join(tmpdir(), 'cutoff-doctor-none')
const servers: Server[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-doctor-'))
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Told {
  readonly status: number
  readonly result: string
  readonly of: (name: CheckName) => Check | undefined
  readonly names: readonly string[]
}

function toldBy(status: number, text: string): Told {
  const { result, checks } = JSON.parse(text) as { result: string; checks: Check[] }
  return {
    status,
    result,
    of: (name) => checks.find((c) => c.name === name),
    names: checks.map((c) => c.name),
  }
}

/** The command in this process, so that a test can set its clock. */
async function doctor(env: Record<string, string>, aheadMs = 0): Promise<Told> {
  let printed = ''
  const io: Io = {
    env: { CUTOFF_STATE: join(folder, 'state'), CUTOFF_SETTINGS: join(folder, 'etc'), ...env },
    out: (text) => (printed += text),
    err: () => {},
    columns: null,
    colour: false,
    language: 'en',
    account: 'root',
    uid: process.getuid?.() ?? null,
    home: folder,
    root: process.getuid?.() === 0,
    windows: false,
    now: () => Date.now() + aheadMs,
    systemProxy: () => Promise.resolve(noProxyOf('environment-file')),
  }
  const status = await doctorCommand.run({ values: { json: true }, positionals: [] }, io)
  return toldBy(status, printed)
}

/** The command as a program of its own: what a process trusts is read once. */
function doctorProgram(env: Record<string, string>): Promise<Told> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, 'doctor', '--json'], {
      env: { PATH: process.env['PATH'], HOME: folder, CUTOFF_STATE: join(folder, 'state'), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (part: Buffer) => (text += part.toString()))
    child.on('close', (status) => resolve(toldBy(status ?? -1, text)))
  })
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return (server.address() as AddressInfo).port
}

const live: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json').end('{"status":"live"}')
}

describe('beside an agent that works', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ env: { CUTOFF_LOG: 'warn' } })
    const rules = [{ id: 'none', tools: ['claude-code'], verdict: 'banned', from: '2999-01-01' }]
    system.applyPolicy({ rules })
    system.startAgent()
    const until = Date.now() + 40_000
    for (;;) {
      const { of } = await doctor({ CUTOFF_STATE: system.stateFolder })
      if (of('policy')?.result === 'ok' && of('check-in')?.result === 'ok') break
      if (Date.now() > until) throw new Error(`no report: ${system.output()}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  })
  afterAll(() => system.close())

  test('nothing is found wrong, and the status is 0', async () => {
    const told = await doctor({ CUTOFF_STATE: system.stateFolder })
    const wrong = [
      'settings',
      'state-folder',
      'spool',
      'agent',
      'enrolment',
      'server',
      'clock',
      'device',
      'policy',
      'check-in',
    ]
      .map((name) => told.of(name as CheckName))
      .filter((check) => check?.result !== 'ok')
    expect(wrong).toEqual([])
    expect(told.names).toEqual([
      'settings',
      'state-folder',
      'free-space',
      'spool',
      'agent',
      'enrolment',
      'server',
      'proxy',
      'clock',
      'device',
      'policy',
      'check-in',
      'watching',
      'homes',
      'catalogue',
    ])
    expect(told.of('policy')?.says).toContain('Version 1 of Example Ltd, signed by its key')
    expect(told.status).toBe(0)
  })

  test.each([
    [2, 'ahead of'],
    [-2, 'behind'],
  ])('a clock that is %d hours off is told', async (hours, how) => {
    const { of } = await doctor({ CUTOFF_STATE: system.stateFolder }, hours * 3_600_000)
    expect(of('clock')).toMatchObject({ result: 'warn' })
    expect(of('clock')?.says).toContain(`is 2 h ${how} the server’s`)
  })

  test('a server that the settings name and the device does not report to is told', async () => {
    const { of } = await doctor({ CUTOFF_STATE: system.stateFolder, CUTOFF_SERVER: 'https://new.example' })
    expect(of('enrolment')).toMatchObject({ result: 'warn' })
  })

  test('a state that others may enter is a failure', async () => {
    chmodSync(system.stateFolder, 0o755)
    const told = await doctor({ CUTOFF_STATE: system.stateFolder })
    chmodSync(system.stateFolder, 0o700)
    expect(told.of('state-folder')).toMatchObject({ result: 'fail' })
    expect(told.of('state-folder')?.says).toContain('mode 0755')
    expect(told.status).toBe(1)
  })
})

test('without a state, what is missing is named', async () => {
  const told = await doctor({})
  expect(told.status).toBe(1)
  expect(told.of('state-folder')?.says).toContain('There is no state')
  expect(told.of('enrolment')?.says).toContain('Not set: `server`, `tokenFile`, `organisationKey`')
  expect(told.of('server')).toMatchObject({ result: 'fail', says: 'No server is set.' })
})

describe('settings', () => {
  test.each([
    ['a wrong value', 'scanSeconds: 5\n', 0o644, 'warn', 'must be a whole number of seconds from 60'],
    ['an unknown name', 'sever: x\n', 0o644, 'warn', 'did you mean `server`?'],
    ['a file that others may write', 'scanSeconds: 60\n', 0o666, 'fail', 'can be written by others'],
  ])('%s is told', async (_, text, mode, result, says) => {
    mkdirSync(join(folder, 'etc'), { mode: 0o755 })
    writeFileSync(join(folder, 'etc/settings.yaml'), text)
    chmodSync(join(folder, 'etc/settings.yaml'), mode)
    const { of } = await doctor({})
    expect(of('settings')?.result).toBe(result)
    expect(of('settings')?.says).toContain(says)
  })
})

describe('in place of the server', () => {
  test('nobody listens', async () => {
    const port = await listening(createServer())
    await new Promise((closed) => servers.pop()?.close(closed))
    const { of, status } = await doctor({ CUTOFF_SERVER: `http://127.0.0.1:${port}` })
    expect(of('server')).toMatchObject({ result: 'fail' })
    expect(of('server')?.says).toContain('(ECONNREFUSED)')
    expect(of('server')?.advice).toContain('Nothing listens there')
    expect(status).toBe(1)
  })

  test('its name is not found', async () => {
    const { of } = await doctor({ CUTOFF_SERVER: 'https://cutoff.invalid' })
    expect(of('server')?.says).toContain('The name of cutoff.invalid is not found')
  })

  test.each([
    [
      'a page',
      (response: Parameters<RequestListener>[1]) =>
        response.setHeader('content-type', 'text/html').end('<html>Welcome'),
    ],
    [
      'a way to a page',
      (response: Parameters<RequestListener>[1]) =>
        response.writeHead(302, { location: 'http://portal.example/' }).end(),
    ],
  ])('a guest network answers with %s; its time is not believed', async (_, answer) => {
    const port = await listening(createServer((_request, response) => void answer(response)))
    const { of, names } = await doctor({ CUTOFF_SERVER: `http://127.0.0.1:${port}` }, 7_200_000)
    expect(of('server')).toMatchObject({ result: 'fail' })
    expect(of('server')?.says).toContain('guest network')
    expect(names).not.toContain('clock')
  })

  test('another program answers', async () => {
    const port = await listening(createServer((_, response) => void response.writeHead(404).end('{}')))
    const { of } = await doctor({ CUTOFF_SERVER: `http://127.0.0.1:${port}` })
    expect(of('server')?.says).toContain('is no Cutoff server (status 404)')
  })
})

describe('over TLS', () => {
  const authority = throwawayAuthority('Throwaway Root', Date.now())
  const serve = (from: number, until: number) => {
    const { certificate, key } = authority.issue({ name: 'localhost', from, until })
    const server = createTlsServer({ cert: certificate + authority.certificate, key }, live)
    return { server: server as unknown as Server, pin: pinOf(new X509Certificate(certificate).raw) }
  }
  const good = () => serve(Date.now() - day, Date.now() + 90 * day)
  const address = async (server: Server) => `https://127.0.0.1:${await listening(server)}`
  /** A store of the system with the authority in it, as an organisation puts its own there. */
  const trusting = () => {
    const file = join(folder, 'store.pem')
    writeFileSync(file, authority.certificate)
    return { SSL_CERT_FILE: file }
  }

  test('an authority that nobody knows is named', async () => {
    const { of } = await doctor({ CUTOFF_SERVER: await address(good().server) })
    expect(of('server')).toMatchObject({ result: 'fail' })
    expect(of('certificate')).toMatchObject({ result: 'fail' })
    expect(of('certificate')?.says).toContain('issued by Throwaway Ltd, Throwaway Root, and is refused')
    expect(of('certificate')?.advice).toContain('put it into the system’s store')
  })

  test('one that only this machine trusts is told, as a proxy that reads the connection may have it', async () => {
    const { of } = await doctorProgram({ CUTOFF_SERVER: await address(good().server), ...trusting() })
    expect(of('server')).toMatchObject({ result: 'ok' })
    expect(of('certificate')).toMatchObject({ result: 'warn' })
    expect(of('certificate')?.says).toContain('one that this machine trusts and the public does not')
  })

  test('a pinned key is believed, another one is not', async () => {
    const { server, pin } = good()
    const env = { CUTOFF_SERVER: await address(server), ...trusting() }
    const right = await doctorProgram({ ...env, CUTOFF_CERTIFICATE_PIN: pin })
    expect(right.of('certificate')).toMatchObject({ result: 'ok' })
    const wrong = await doctorProgram({ ...env, CUTOFF_CERTIFICATE_PIN: `sha256//${'A'.repeat(43)}=` })
    expect(wrong.of('server')).toMatchObject({ result: 'fail' })
    expect(wrong.of('certificate')?.says).toContain(`its key is not the pinned one but ${pin}`)
  })

  test('one that has ended, or ends soon, is told', async () => {
    const ended = await address(serve(Date.now() - 9 * day, Date.now() - day).server)
    const soon = await address(serve(Date.now() - day, Date.now() + 3 * day).server)
    const past = await doctorProgram({ CUTOFF_SERVER: ended, ...trusting() })
    expect(past.of('certificate')).toMatchObject({ result: 'fail' })
    expect(past.of('certificate')?.advice).toContain('clock')
    const near = await doctorProgram({ CUTOFF_SERVER: soon, ...trusting() })
    expect(near.of('certificate')).toMatchObject({ result: 'warn' })
    expect(near.of('certificate')?.says).toContain('valid until')
  })

  test('a proxy is named with who said so, and is gone through', async () => {
    const targets: string[] = []
    const proxy = createServer()
    proxy.on('connect', (request, client) => {
      const target = request.url ?? ''
      targets.push(target)
      const [host = '', port = ''] = target.split(':')
      const server = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n')
        server.pipe(client).pipe(server)
      })
      server.on('error', () => client.destroy())
      client.on('error', () => server.destroy())
    })
    const through = `http://127.0.0.1:${await listening(proxy)}`
    const port = await listening(good().server)
    const env = { CUTOFF_SERVER: `https://localhost:${port}`, HTTPS_PROXY: through, ...trusting() }
    const { of } = await doctorProgram(env)
    expect(of('proxy')?.says).toBe(`Requests go through ${through}, from HTTPS_PROXY of the environment.`)
    expect(of('server')).toMatchObject({ result: 'ok' })
    expect(of('certificate')?.says).toContain('Throwaway Root')
    expect(targets).toEqual([`localhost:${port}`])
  })
})
