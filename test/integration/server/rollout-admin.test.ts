// What administrators are told of a policy on its way to the devices, and what they can do about it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { Rollout } from '#shared/rollout.ts'
import { policyCommand } from '../../../server/cli/policy.ts'
import { PolicyFleet } from '../../helpers/policy-fleet.ts'
import { startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { claudeCodeBan, codexBan, examplePolicy } from '../../helpers/wire-records.ts'

const hold = 30 * 60_000
const second = { ...examplePolicy, version: 2 }

let server: TestServer
let fleet: PolicyFleet
let admin: Browser
beforeEach(async () => {
  server = await startTestServer({ env: { CUTOFF_DATABASE_URL: 'sqlite::memory:' } })
  await server.apply(examplePolicy)
  fleet = await PolicyFleet.enrol(server, 24)
  admin = await server.signIn()
})
afterEach(async () => {
  await server.close()
})

const get = async () =>
  z.object({ release: Rollout.nullable() }).parse((await admin.get('/api/v1/policies/release')).body).release
const send = (action: string, name: string | undefined) =>
  admin.send('POST', '/api/v1/policies/release', { action, name })

test('is told how a policy would go out, how far it is, and what some devices learn late', async () => {
  const rules = [claudeCodeBan, codexBan]
  const policy = { ...examplePolicy, version: 2, rules }
  const rollout = { stages: [3, 10], allBy: server.clock.now + 2 * hold, late: ['no-codex'] }
  expect(await get()).toMatchObject({ version: 1, state: 'complete', stage: null, late: [] })
  expect((await admin.send('POST', '/api/v1/policies/plan', policy)).body).toMatchObject({ rollout })
  expect((await admin.send('POST', '/api/v1/policies', policy)).body).toMatchObject({ version: 2, rollout })
  await fleet.reportAll()
  await fleet.reportAll()
  expect(await get()).toMatchObject({
    version: 2,
    state: 'staged',
    stage: { number: 1, of: 3, devices: 3 },
    allBy: rollout.allBy,
    late: ['no-codex'],
    before: 1,
    devices: { fleet: 24, acting: 3, refused: 0, failed: 0, silent: 0, awaited: 0 },
  })
})

test('halts, resumes and releases what was looked at and nothing else, and each is audited', async () => {
  await server.apply(second)
  const name = (await get())?.name
  expect((await send('resume', name)).status).toBe(409)
  expect((await send('halt', '2-another')).status).toBe(409)
  expect((await send('halt', name)).body).toMatchObject({ release: { state: 'halted', allBy: null } })
  expect((await admin.get('/api/v1/overview')).body).toMatchObject({
    policy: { version: 2, release: 'halted' },
  })
  await fleet.reportAll()
  expect(fleet.having(2)).toHaveLength(0)
  expect((await send('resume', name)).body).toMatchObject({ release: { state: 'staged', halted: null } })
  expect((await send('release', name)).body).toMatchObject({
    release: { stage: { number: 3, devices: null } },
  })
  expect((await send('dance', name)).status).toBe(400)
  const audit = await server.context.store.read.selectFrom('audit').selectAll().execute()
  expect(audit.filter(({ action }) => action.includes('release'))).toMatchObject([
    { by: 'admin', action: 'halt-release', subject: 'policy 2', reason: 'by-hand' },
    { by: 'admin', action: 'resume-release', subject: 'policy 2' },
    { by: 'admin', action: 'release-to-all', subject: 'policy 2' },
  ])
})

test('alone may; others see it', async () => {
  await server.apply(second)
  const name = (await get())?.name
  for (const role of ['auditor', 'helpdesk'] as const) {
    await server.become(role)
    expect((await send('halt', name)).status).toBe(403)
    expect((await get())?.state).toBe('staged')
  }
})

test('does the same at the command line', async () => {
  const lines: string[] = []
  const run = async (...args: string[]) => {
    lines.length = 0
    const terminal = {
      out: (line: string) => void lines.push(line),
      readFile: () => JSON.stringify(second),
    }
    await policyCommand(server.context, args, terminal)
    return lines.join('\n')
  }
  await expect(run('halt')).rejects.toMatchObject({ code: 'not-on-its-way' })
  expect(await run('plan', 'file')).toContain(
    'Devices get it in stages: 3, then 10, then all, by 2026-11-22 13:00 UTC',
  )
  expect(await run('apply', 'file')).toContain('Policy version 2 is in force.\nDevices get it in stages')
  expect(await run('status')).toMatch(
    /^Policy version 2 \(2-[\w-]+\): stage 1 of 3, 3 devices at most, .*\n0 of 24 devices act on it\.$/,
  )
  expect(await run('halt')).toContain('No other device gets it')
  expect(await run('status')).toContain('halted 2026-11-22 12:00 UTC: an administrator halted it.')
  expect(await run('status')).toContain('The others keep version 1.')
  await expect(run('halt')).rejects.toMatchObject({ message: expect.stringContaining('halted already') })
  expect(await run('release')).toContain('All devices get it with their next report.')
  expect(await run('status')).toContain('all devices may have it since')
})
