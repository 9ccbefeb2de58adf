// The agent behind a proxy that nothing but the machine's own file names, as a service is that has no environment of its own. The
// server's name is known to the proxy alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Io } from '../../../../agent/cli/command.ts'
import { doctorCommand } from '../../../../agent/cli/doctor.ts'
import { reportingFrom } from '../../../../agent/cli/enrolling.ts'
import { followedClock } from '../../../../agent/device-clock.ts'
import { tellOnceADay } from '../../../../agent/own-events.ts'
import { linuxProxy } from '../../../../agent/platform/system-proxy.ts'
import { readSettings } from '../../../../agent/settings.ts'
import type { State } from '../../../../agent/state.ts'
import { trustSystem } from '../../../../agent/sync/http.ts'
import type { Reporting } from '../../../../agent/sync/reporting.ts'
import { makeEnrolToken } from '../../../../server/session/enrol-token.ts'
import { throwawayAuthority } from '../../../helpers/certificate.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { openInspectingProxy, type InspectingProxy } from '../../../helpers/inspecting-proxy.ts'
import { openTestState, organisationFingerprint } from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'
import { injected, openTlsFront, type TlsFront } from '../../../helpers/tls-front.ts'

const day = 86_400_000
const name = 'cutoff.invalid'
const authority = throwawayAuthority('Origin Root', Date.now())
const issued = authority.issue({ name, from: Date.now() - day, until: Date.now() + day })

let folder: string
let server: TestServer
let front: TlsFront
let target: string
let state: State
let io: Io
let reporting: Reporting
let asked: number
const log: string[] = []
const proxies: InspectingProxy[] = []

beforeAll(() => {
  trustSystem()
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate])
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-system-proxy-'))
  front = await openTlsFront(
    issued,
    injected(() => server),
  )
  target = `${name}:${new URL(front.address).port}`
  server = await startTestServer({ env: { CUTOFF_PUBLIC_URL: `https://${target}` } })
  // It stands still on all of them: that it goes on in one place alone would look as if it was set.
  const begun = Date.now()
  server.clock.now = begun
  const { token } = await makeEnrolToken(server.context, { by: 'test', validMs: day, maxUses: null })
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 })
  asked = 0
  log.length = 0
  const uid = process.getuid?.() ?? 0
  io = {
    env: {
      CUTOFF_STATE: join(folder, 'state'),
      CUTOFF_SETTINGS: join(folder, 'etc'),
      CUTOFF_SERVER: `https://${target}`,
      CUTOFF_TOKEN_FILE: join(folder, 'token'),
      CUTOFF_ORGANISATION_KEY: organisationFingerprint(server),
    },
    out: (text) => void log.push(text),
    err: (text) => void log.push(text),
    columns: null,
    colour: false,
    language: 'en',
    account: 'root',
    uid,
    home: folder,
    root: uid === 0,
    windows: false,
    now: () => begun,
    systemProxy() {
      asked += 1
      return Promise.resolve(linuxProxy(join(folder, 'environment'), [uid]))
    },
  }
  const host = fakeHost({ now: begun })
  const { settings } = readSettings({ env: io.env, runner: io })
  state = openTestState(settings.stateFolder, begun, false, host.facts().machine)
  state.transact(() => tellOnceADay(state, 'started', begun))
  const parts = { state, settings, host, clock: followedClock(state, host), io, succeeded() {} }
  reporting = reportingFrom(parts, (line) => void log.push(line))
})
afterEach(async () => {
  state.close()
  for (const proxy of proxies.splice(0)) await proxy.close()
  await front.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens a proxy, and names it in the machine's file. */
async function named(): Promise<InspectingProxy> {
  const proxy = await openInspectingProxy(false)
  proxies.push(proxy)
  const address = proxy.url.replace('//', '//ann:secret@')
  writeFileSync(
    join(folder, 'environment'),
    `# ours\nexport https_proxy="${address}"\nno_proxy=.example.com\n`,
  )
  return proxy
}

test('it enrols and reports through it, and asks for it once', async () => {
  const proxy = await named()
  await reporting.report()
  await reporting.report()
  expect(state.outbox.peek(1)).toEqual([])
  const events = await server.context.store.read.selectFrom('events').select('summary').execute()
  expect(events.map(({ summary }) => summary).join()).toContain('started')
  expect(new Set(proxy.targets)).toEqual(new Set([target]))
  expect(asked).toBe(1)
})

test('when the connection fails it asks again, and goes through the one that is named then', async () => {
  await (await named()).close()
  proxies.length = 0
  await reporting.report()
  expect(state.enrolment()).toBe(null)
  const proxy = await named()
  await reporting.report()
  expect(state.enrolment()).not.toBe(null)
  expect(proxy.targets).toContain(target)
})

test('doctor says that the file names it, and neither it nor the log tells the password', async () => {
  const proxy = await named()
  await reporting.report()
  await doctorCommand.run({ values: {}, positionals: [] }, io)
  expect(log.join('\n')).toContain(`Requests go through ${proxy.url}, from /etc/environment.`)
  expect(log.join('\n')).not.toContain('secret')
})
