// A changed policy on its way to a fleet: in stages, halted, resumed, released to all, corrected.
import { generateKeyPairSync } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DevicePolicy } from '#shared/protocol.ts'
import { publicKeyOf } from '../../../server/crypto.ts'
import { refreshDevicePolicy } from '../../../server/policy/activate.ts'
import { changeNewest } from '../../../server/policy/release.ts'
import { migrations } from '../../../server/store/migrations.ts'
import { currentReleases } from '../../../server/store/releases.ts'
import { agentRecord, follower, PolicyFleet, type Follower } from '../../helpers/policy-fleet.ts'
import { day, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy } from '../../helpers/wire-records.ts'

const minute = 60_000
const hour = 60 * minute
const hold = 30 * minute
const quarter = 15 * minute
const second = { ...examplePolicy, version: 2 }
const third = { ...examplePolicy, version: 3 }

let server: TestServer
let fleet: PolicyFleet
beforeEach(async () => {
  server = await startTestServer({ env: { CUTOFF_DATABASE_URL: 'sqlite::memory:' } })
  await server.apply(examplePolicy)
})
afterEach(async () => {
  await server.close()
})

const refusing = (version: number) => (policy: DevicePolicy) => policy.version !== version

describe('a small fleet', () => {
  test('gets a policy at once', async () => {
    fleet = await PolicyFleet.enrol(server, 5)
    expect(fleet.having(1)).toHaveLength(5)
    await server.apply(second)
    await fleet.reportAll()
    expect(fleet.having(2)).toHaveLength(5)
  })
})

describe('a fleet of two dozen', () => {
  beforeEach(async () => {
    fleet = await PolicyFleet.enrol(server, 24)
  })

  test('gets the first policy at once and a later one in stages, in two holds when all goes well', async () => {
    expect(fleet.having(1)).toHaveLength(24)
    await server.apply(second)
    await fleet.reportAll()
    await fleet.reportAll()
    expect(fleet.having(2)).toHaveLength(3)
    await fleet.pass(hold)
    expect(fleet.having(2)).toHaveLength(3)
    await fleet.reportAll()
    expect(fleet.having(2)).toHaveLength(10)
    await fleet.pass(hold)
    await fleet.reportAll()
    expect(fleet.having(2)).toHaveLength(24)
    await fleet.pass(day, fleet.devices, 6 * hour)
    expect(await fleet.newest()).toMatchObject({ version: 2, state: 'complete' })
    // No times of anybody are kept for it.
    expect(await server.context.store.read.selectFrom('release_devices').selectAll().execute()).toEqual([])
  })

  test('is judged by the new version at once, also where a device still has the one before', async () => {
    const rules = [{ ...examplePolicy.rules[0], tools: ['claude-code', 'codex-cli'] }]
    await server.apply({ ...second, rules })
    await fleet.pass(quarter)
    const [other] = fleet.having(1)
    const answer = await other?.report(detectionRecord({ tool: 'codex-cli', state: 'installed' }))
    expect(answer).toMatchObject({ policyVersion: 1, verdicts: [{ tool: 'codex-cli', status: 'present' }] })
  })

  test('is asked in another order for another release', async () => {
    const first: string[][] = []
    for (const policy of [second, third]) {
      await server.apply(policy)
      await fleet.reportAll()
      first.push(fleet.having(policy.version).map(({ device }) => device.id))
    }
    expect(first.map((ids) => ids.length)).toEqual([3, 3])
    expect(first[0]).not.toEqual(first[1])
  })

  test('asks for nothing while nothing changes', async () => {
    const before = fleet.devices.map(({ asked }) => asked)
    await fleet.pass(4 * quarter)
    expect(fleet.devices.map(({ asked }) => asked)).toEqual(before)
  })

  test('gets a new text of the same version too, in stages', async () => {
    const other = { ...server.context, config: { ...server.context.config, checkInSeconds: 600 } }
    await refreshDevicePolicy(other)
    await fleet.reportAll()
    const told = () => fleet.devices.filter(({ held }) => held?.policy.checkInSeconds === 600)
    expect(told()).toHaveLength(3)
    expect(fleet.having(1)).toHaveLength(24)
    await changeNewest(server.context, 'release', null, 'admin')
    await fleet.reportAll()
    expect(told()).toHaveLength(24)
  })

  test('halts where two refuse; the others keep the one before and nobody is asked again and again', async () => {
    await server.apply(second)
    for (const one of fleet.devices) one.takes = refusing(2)
    await fleet.reportAll()
    await fleet.reportAll()
    await fleet.step()
    expect(await fleet.newest()).toMatchObject({ state: 'halted', halted_why: 'refused' })
    const asked = fleet.devices.map((one) => one.asked)
    await fleet.pass(2 * hold)
    expect(fleet.having(1)).toHaveLength(24)
    expect(fleet.devices.map((one) => one.asked)).toEqual(asked)
    const audit = await server.context.store.read.selectFrom('audit').selectAll().execute()
    expect(audit).toContainEqual(
      expect.objectContaining({
        by: 'server',
        action: 'halt-release',
        subject: 'policy 2',
        reason: 'refused',
      }),
    )
    // Whoever is new gets what is good.
    const late = await follower(server)
    await late.report()
    expect(late.held?.policy.version).toBe(1)
  })

  test('halts where two are killed under it, and those go on with it', async () => {
    await server.apply(second)
    await fleet.reportAll()
    const taken = fleet.having(2)
    await fleet.reportAll(taken)
    for (const one of taken.slice(0, 2)) await one.report(agentRecord('killed', server.clock.now))
    await fleet.step()
    expect(await fleet.newest()).toMatchObject({ state: 'halted', halted_why: 'failed' })
    const answer = await taken[0]?.report()
    expect(answer).toMatchObject({ policyVersion: 2, release: taken[0]?.held?.name })
    await fleet.pass(hold)
    expect(fleet.having(2)).toEqual(taken)
  })

  test('is not halted by who was killed under the one before', async () => {
    await server.apply(second)
    for (const one of fleet.devices) await one.report(agentRecord('killed', server.clock.now))
    await fleet.reportAll()
    await fleet.step()
    expect(await fleet.newest()).toMatchObject({ state: 'staged' })
  })

  test('waits for devices that took it and have not reported since, and halts once that is out of their habit', async () => {
    await alwaysOn()
    await server.apply(second)
    await fleet.reportAll()
    const taken = fleet.having(2)
    const others = fleet.devices.filter((one) => !taken.includes(one))
    await fleet.pass(5 * hold, others, hold)
    expect(await fleet.newest()).toMatchObject({ state: 'staged', stage: 0 })
    // Six hours: the habit of a machine that is always on.
    await fleet.pass(6 * hour, others, 3 * hour)
    expect(await fleet.newest()).toMatchObject({ state: 'halted', halted_why: 'silent' })
    expect(fleet.having(2)).toHaveLength(3)
  })

  test('is not halted by laptops that are closed', async () => {
    await server.apply(second)
    await fleet.reportAll()
    await fleet.reportAll()
    const taken = fleet.having(2)
    const others = fleet.devices.filter((one) => !taken.includes(one))
    // The usual habit lets a laptop be closed for days; and all of the first stage are.
    await fleet.pass(3 * day, others, 6 * hour)
    expect(await fleet.newest()).toMatchObject({ state: 'complete' })
    expect(fleet.having(2)).toHaveLength(24)
  })

  test('a halted release is resumed, and halts again only for new trouble', async () => {
    await server.apply(second)
    const unlucky: Follower[] = []
    for (const one of fleet.devices) {
      one.takes = (policy) => {
        if (policy.version !== 2 || unlucky.length >= 2) return true
        unlucky.push(one)
        return false
      }
    }
    await fleet.reportAll()
    await fleet.reportAll()
    await fleet.step()
    expect(await fleet.newest()).toMatchObject({ state: 'halted' })
    expect(await changeNewest(server.context, 'resume', 'another', 'admin')).toEqual({
      ok: false,
      code: 'other',
    })
    expect(await changeNewest(server.context, 'resume', null, 'admin')).toMatchObject({ ok: true })
    expect(await changeNewest(server.context, 'resume', null, 'admin')).toEqual({ ok: false, code: 'other' })
    await fleet.pass(4 * hold, fleet.devices, hold)
    // Who refused it is not asked again.
    expect(fleet.having(2)).toHaveLength(22)
    expect(await fleet.newest()).toMatchObject({ state: 'staged', stage: 2 })
  })

  test('a corrected version flows, to those with the halted one too', async () => {
    await server.apply(second)
    await fleet.reportAll()
    const taken = fleet.having(2)
    for (const one of taken) await one.report(agentRecord('start-failed', server.clock.now))
    await fleet.step()
    expect(await fleet.newest()).toMatchObject({ state: 'halted' })
    await server.apply(third)
    await fleet.reportAll()
    expect(fleet.having(3)).toHaveLength(3)
    // Nobody is told to go back.
    for (const one of taken) expect(one.held?.policy.version).not.toBe(1)
    await fleet.pass(2 * hold)
    await fleet.reportAll()
    expect(fleet.having(3)).toHaveLength(24)
  })

  test('a release to all reaches all at once', async () => {
    await server.apply(second)
    await changeNewest(server.context, 'release', null, 'admin')
    await fleet.reportAll()
    expect(fleet.having(2)).toHaveLength(24)
  })

  test('another key signs the same texts, and nobody has to fetch them', async () => {
    await server.apply(second)
    await fleet.reportAll()
    const organisation = generateKeyPairSync('ed25519').privateKey
    const keys = { ...server.context.keys, organisation, follow: async () => {} }
    await refreshDevicePolicy({ ...server.context, keys })
    const { newest: now, before } = await currentReleases(server.context.store.read)
    expect([now?.key, before?.key]).toEqual([publicKeyOf(organisation), publicKeyOf(organisation)])
    const asked = fleet.devices.map((one) => one.asked)
    await fleet.reportAll()
    expect(fleet.devices.map((one) => one.asked)).toEqual(asked)
  })

  test('two servers that look at once take one step', async () => {
    await server.apply(second)
    await fleet.reportAll()
    server.clock.now += hold
    await fleet.reportAll()
    await Promise.all([fleet.step(), fleet.step()])
    expect(await fleet.newest()).toMatchObject({ stage: 1 })
  })

  /** What four weeks of reporting around the clock make of a device. */
  async function alwaysOn(): Promise<void> {
    const silences = JSON.stringify({ recent: [0, 0], before: [0, 0], year: 0, yearBefore: 0 })
    await server.context.store.write((db) => db.updateTable('devices').set({ silences }).execute())
    await fleet.reportAll()
  }
})

test('the newest policy that an older server told is taken over as complete', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec(migrations.slice(0, 10).join(''))
  const insert = database.prepare('insert into device_policies values (?, ?, ?, ?, ?, ?)')
  for (const version of [1, 2]) insert.run(version, `text ${version}`, 's', 'k', `${version}-name`, day)
  database.exec(migrations.slice(10, 11).join(''))
  const rows = database.prepare('select name, version, text, state, stages from releases').all()
  database.close()
  expect(rows).toEqual([{ name: '2-name', version: 2, text: 'text 2', state: 'complete', stages: '[]' }])
})
