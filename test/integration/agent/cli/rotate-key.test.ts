// `rotate-key` as a program, beside an agent that has the state open.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { claudeInstalled, temporaryFolder, testAgent, type TestAgent } from '../../../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../../../helpers/test-server.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let server: TestServer
let folder: string
let agent: TestAgent
beforeEach(async () => {
  server = await startTestServer()
  folder = temporaryFolder()
  agent = testAgent({ host: fakeHost({ files: claudeInstalled() }), server, folder, managed: true })
})
afterEach(async () => {
  agent.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function rotateKey(as?: number) {
  const env = { PATH: process.env['PATH'], HOME: folder, CUTOFF_STATE: folder }
  const who = as === undefined ? {} : { uid: as, gid: as }
  return spawnSync(process.execPath, [main, 'rotate-key'], { env, encoding: 'utf8', ...who })
}

test('has the agent that runs replace its key at the next report', async () => {
  for (let n = 0; n < 2; n++) await agent.reporting.report()
  const device = agent.state.enrolment()?.device
  const { publicKey } = agent.state.key
  const { status, stdout } = rotateKey()
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringContaining('with its next report') as unknown,
  })
  expect(agent.state.key.publicKey).toBe(publicKey)
  for (let n = 0; n < 2; n++) await agent.reporting.report()
  expect(agent.state.key.publicKey).not.toBe(publicKey)
  expect(agent.state.enrolment()?.device).toBe(device)
})

test('says so where no server knows a key', () => {
  const { status, stderr } = rotateKey()
  expect(status).toBe(1)
  expect(stderr).toContain('[not-enrolled]')
  expect(readdirSync(folder)).not.toContain('rotate-key')
})

test.runIf(process.getuid?.() === 0)(
  'is not for another account, and root leaves what its owner can read',
  async () => {
    await agent.reporting.report()
    expect(rotateKey(65534).status).toBe(1)
    expect(readdirSync(folder)).not.toContain('rotate-key')
    for (const name of readdirSync(folder)) chownSync(join(folder, name), 65534, 65534)
    chownSync(folder, 65534, 65534)
    chmodSync(folder, 0o700)
    expect(rotateKey().status).toBe(0)
    expect(statSync(join(folder, 'rotate-key')).uid).toBe(65534)
  },
)
