// Judging only what is new gives what judging everything gives, whatever comes in whatever order.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MarkRecord, WireRecord } from '#shared/protocol.ts'
import { judgeHeld } from '../../../server/judging/judge-device.ts'
import { rulesReader } from '../../../server/judging/rulebook.ts'
import { heldFacts } from '../../../server/store/held-facts.ts'
import { findingsOfDevice } from '../../../server/store/findings.ts'
import { day, noon, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { CUTOFF_DATABASE_URL: 'sqlite::memory:' } })
  server.clock.now = noon - 100 * day
  await server.apply(examplePolicy)
  server.clock.now = noon - 50 * day
  await server.apply({
    ...examplePolicy,
    version: 2,
    rules: [{ ...examplePolicy.rules[0], counts: 'started', foundUse: 'violation' }],
  })
  server.clock.now = noon
})
afterAll(async () => {
  await server.close()
})

const mark: fc.Arbitrary<MarkRecord> = fc
  .record({
    daysAgo: fc.integer({ min: 0, max: 200 }),
    kind: fc.constantFrom('session' as const, 'attempt' as const, 'run' as const, 'presence' as const),
    basis: fc.constantFrom('witnessed' as const, 'found' as const),
    strength: fc.constantFrom('proven' as const, 'likely' as const),
    doubts: fc.subarray<MarkRecord['doubts'][number]>(['times-disagree', 'arrived-together']),
    withoutRecord: fc.boolean(),
    account: fc.constantFrom('alice', 'bob'),
    resolutionMs: fc.constantFrom(1, 3 * day),
  })
  .map(({ daysAgo, ...change }) => markRecord(noon - daysAgo * day, { ...change, session: null }))

const detection: fc.Arbitrary<WireRecord> = fc
  .record({
    state: fc.constantFrom('leftover' as const, 'installed' as const, 'used' as const),
    gone: fc.boolean(),
    running: fc.constantFrom(true, false, null),
    ableToRun: fc.boolean(),
    account: fc.constantFrom('alice', 'bob'),
    usedBeforeCutoff: fc.boolean(),
  })
  .map((change) => detectionRecord(change))

const reports = fc.array(fc.array(fc.oneof(mark, mark, detection), { maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
})

test('a device judged report by report has the findings of one judged at once', async () => {
  const rules = await rulesReader()(server.context.store.read)
  await fc.assert(
    fc.asyncProperty(reports, async (sent) => {
      const device = await server.enrolled()
      device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 1 }
      await device.checkIn([])
      for (const records of sent) expect((await device.checkIn(records)).statusCode).toBe(200)
      const { store } = server.context
      const before = await findingsOfDevice(store.read, device.id)
      await store.write(async (db) => {
        await db.deleteFrom('findings').where('device', '=', device.id).execute()
        for (const held of await heldFacts(db, [device.id])) {
          await judgeHeld(db, server.context, rules, { ...held, findings: [] }, noon)
        }
      })
      const after = await findingsOfDevice(store.read, device.id)
      expect(before.map(comparable)).toEqual(after.map(comparable))
    }),
    { numRuns: 60 },
  )
})

/** Dates of judging aside; the order of reasons follows the order in which their marks came. */
function comparable({
  judged_at: _judged,
  changed_at: _changed,
  body,
  ...row
}: Awaited<ReturnType<typeof findingsOfDevice>>[number]) {
  const { reasons, wouldChange, ...rest } = JSON.parse(body) as { reasons: string[]; wouldChange: string[] }
  const sorted = (values: string[]) => values.toSorted((a, b) => a.localeCompare(b))
  return { ...row, ...rest, reasons: sorted(reasons), wouldChange: sorted(wouldChange) }
}
