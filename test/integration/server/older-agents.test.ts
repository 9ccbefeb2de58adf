// Reports as agents of earlier protocol versions signed them: opened as they are, and judged as they were.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CheckInResponse, Envelope, WireRecord } from '#shared/protocol.ts'
import { openReport } from '../../../server/ingest/report.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { examplePolicy } from '../../helpers/wire-records.ts'

interface Sample {
  readonly key: string
  readonly envelopes: readonly Envelope[]
}

describe.each([2])('a report of protocol version %d', (version) => {
  const file = new URL(`../../fixtures/protocol/version-${version}.json`, import.meta.url)
  const { key, envelopes } = JSON.parse(readFileSync(file, 'utf8')) as Sample
  const opened = envelopes.map((envelope) => {
    const { device: id } = JSON.parse(envelope.header) as { device: string }
    return openReport({ id, key }, structuredClone(envelope))
  })

  test('verifies, and every record of it is read whole', () => {
    for (const [index, { header, records }] of opened.entries()) {
      expect(header.protocol).toBe(version)
      expect(records).toEqual(envelopes[index]?.records.map(({ text }) => JSON.parse(text) as unknown))
    }
  })

  test('is judged as it was', async () => {
    const server = await startTestServer()
    await server.apply(examplePolicy)
    const device = await server.enrolled()
    let verdicts: CheckInResponse['verdicts'] = []
    for (const { header, records } of opened) {
      device.clock = header.clock
      const answer = await device.checkIn([...records] satisfies WireRecord[])
      expect(answer.statusCode).toBe(200)
      verdicts = answer.json<CheckInResponse>().verdicts
    }
    expect(verdicts).toMatchObject([{ tool: 'claude-code', account: 'ann', status: 'violation', row: 10 }])
    await server.close()
  })
})
