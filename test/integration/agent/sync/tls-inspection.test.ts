// S7: the agent, as a program of its own, through a proxy that reads connections. What it trusts is the system's store, here a
// file in the place of OpenSSL's.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pinOf } from '../../../../agent/sync/http.ts'
import { makeEnrolToken } from '../../../../server/session/enrol-token.ts'
import { throwawayAuthority } from '../../../helpers/certificate.ts'
import { openInspectingProxy, type InspectingProxy } from '../../../helpers/inspecting-proxy.ts'
import { organisationFingerprint } from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { injected, openTlsFront, type TlsFront } from '../../../helpers/tls-front.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
const day = 86_400_000
const authority = throwawayAuthority('Origin Root', Date.now())
const issued = authority.issue({ name: 'localhost', from: Date.now() - day, until: Date.now() + day })
const pin = pinOf(new X509Certificate(issued.certificate).raw)

let folder: string
let server: TestServer
let front: TlsFront
let address: string
let token: string
let proxies: InspectingProxy[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-inspection-'))
  proxies = []
  front = await openTlsFront(
    issued,
    injected(() => server),
  )
  address = front.address
  server = await startTestServer({ env: { CUTOFF_PUBLIC_URL: address } })
  server.clock.now = Date.now()
  token = (await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })).token
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 })
})
afterEach(async () => {
  for (const proxy of proxies) await proxy.close()
  await front.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function proxy(reads: boolean): Promise<InspectingProxy> {
  const opened = await openInspectingProxy(reads)
  proxies.push(opened)
  return opened
}

interface Ended {
  readonly status: number | null
  readonly text: string
}

/** @param trusted PEMs in the system's store, beside those that it comes with */
function agent(words: readonly string[], through: InspectingProxy, trusted: readonly string[], env = {}) {
  const store = join(folder, 'store.pem')
  writeFileSync(store, trusted.join(''))
  return new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        CUTOFF_STATE: join(folder, 'state'),
        CUTOFF_SETTINGS: join(folder, 'etc'),
        CUTOFF_SERVER: address,
        CUTOFF_TOKEN_FILE: join(folder, 'token'),
        CUTOFF_ORGANISATION_KEY: organisationFingerprint(server),
        HTTPS_PROXY: through.url,
        SSL_CERT_FILE: store,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)))
    child.on('close', (status) => resolve({ status, text }))
  })
}

async function devices(): Promise<number> {
  return (await server.context.store.read.selectFrom('devices').select('id').execute()).length
}

describe('a proxy that reads the connection', () => {
  test('is gone through when the organisation put its authority into the system’s store', async () => {
    const inspector = await proxy(true)
    expect(await agent(['enrol'], inspector, [inspector.authority])).toMatchObject({ status: 0 })
    expect(inspector.targets).toEqual([address.replace('https://', '')])
    expect(inspector.read()).toContain('POST /api/v1/enrol')
    expect(await devices()).toBe(1)
  })

  test.each([
    ['whose authority this machine does not know', false, {}, 'certificate-untrusted'],
    [
      'whose authority is trusted, where the server’s key is pinned',
      true,
      { CUTOFF_CERTIFICATE_PIN: pin },
      'certificate-pin',
    ],
  ])('%s, gets nothing to read', async (_, trusted, env, code) => {
    const inspector = await proxy(true)
    const store = [authority.certificate, ...(trusted ? [inspector.authority] : [])]
    const { status, text } = await agent(['enrol'], inspector, store, env)
    expect(status).toBe(1)
    expect(text).toContain(`[${code}]`)
    expect(inspector.targets).toHaveLength(1)
    expect(inspector.read()).toBe('')
    expect(await devices()).toBe(0)
    const doctor = await agent(['doctor'], inspector, store, env)
    expect(doctor.status).not.toBe(0)
    expect(doctor.text).toMatch(
      trusted ? /a proxy reads the connection/ : /Inspecting Root is the organisation’s own authority/,
    )
  })
})

test('a proxy that only passes on is gone through, also with the server’s key pinned', async () => {
  const passing = await proxy(false)
  const pinned = { CUTOFF_CERTIFICATE_PIN: pin }
  expect(await agent(['enrol'], passing, [authority.certificate], pinned)).toMatchObject({ status: 0 })
  expect(passing.targets).toHaveLength(1)
  expect(await devices()).toBe(1)
})
