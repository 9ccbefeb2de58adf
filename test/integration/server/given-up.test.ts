// What a device gave up for want of room: told in its history, told apart from what was lost, and counted where its uses are.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Tombstone } from '#shared/tombstone.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { day, noon, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let folder: string
let server: TestServer
let device: TestDevice
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-given-up-'))
  server = await startTestServer({ folder })
  await server.apply(examplePolicy)
  device = await server.enrolled()
  device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 10 }
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const tombstone: Tombstone = {
  reason: 'spool-full',
  ranges: [{ from: 1, to: 7 }],
  records: 6,
  kinds: { inventory: 4, mark: 2 },
  since: noon - 6 * day - (noon % day),
  until: noon - (noon % day),
}

async function history(): Promise<string[]> {
  const rows = await server.context.store.read.selectFrom('events').select('summary').orderBy('id').execute()
  return rows.map(({ summary }) => summary)
}

const about = (summaries: readonly string[]) =>
  summaries.filter((summary) => /^(missing-records|agent-compacted|state-diverged)/.test(summary))

test('it is told with its days and kinds, and nothing is called missing', async () => {
  await device.checkIn([detectionRecord()])
  const envelope = device.seal([markRecord(noon - 1000, { more: 2 })], { from: 8, tombstone })
  expect((await device.report(envelope)).statusCode).toBe(200)
  expect(about(await history())).toEqual([
    'agent-compacted inventory=4 mark=2 records=6 since=2026-11-16 until=2026-11-22 reason=spool-full',
  ])
  const events = await server.context.store.read
    .selectFrom('events')
    .select('at')
    .where('summary', 'like', 'agent-compacted%')
    .execute()
  expect(events.map(({ at }) => at % day)).toEqual([0])
})

test('what else is not there is missing', async () => {
  await device.checkIn([detectionRecord()])
  await device.report(device.seal([markRecord(noon)], { from: 10, tombstone }))
  expect(about(await history())[0]).toBe('missing-records from=8 to=9')
})

test('a chain that does not hold over it is refused', async () => {
  await device.checkIn([detectionRecord()])
  const envelope = device.seal([markRecord(noon)], { from: 8, previousHead: 'another', tombstone })
  expect((await device.report(envelope)).json()).toMatchObject({ code: 'state-diverged' })
})

test.each([
  ['days that no calendar has', { since: 9e15 }],
  ['a kind that would end its word', { kinds: { 'a b=c': 1 } }],
  [
    'more kinds than there can be',
    {
      kinds: Object.fromEntries(
        'abcdefghijklmnopqrstuvwxyz'.split('').flatMap((a) => [
          [a, 1],
          [`${a}${a}`, 1],
        ]),
      ),
    },
  ],
])('one with %s is not told', async (_, change) => {
  const envelope = device.seal([markRecord(noon)], { tombstone: { ...tombstone, ...change } })
  expect((await device.report(envelope)).statusCode).toBeLessThan(500)
  expect(about(await history())).toEqual([])
})

test('a finding tells how many more uses a mark stands for', async () => {
  await device.checkIn([detectionRecord(), markRecord(noon - 5000), markRecord(noon - 1000, { more: 61 })])
  const browser = await server.signIn()
  const { body } = await browser.get('/api/v1/findings')
  const [finding] = (body as { items: { id: string }[] }).items
  const page = await browser.get(`/api/v1/findings/${finding?.id}`)
  const { marks } = page.body as { marks: { at: number; more?: number }[] }
  expect(new Map(marks.map(({ at, more }) => [at, more]))).toEqual(
    new Map([
      [noon - 5000, undefined],
      [noon - 1000, 61],
    ]),
  )
})
