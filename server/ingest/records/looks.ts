// Records about looking: gaps, coverage, scans.
import type { CoverageRecord, GapRecord, ScanRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { changeDevice } from '../../store/devices.ts'
import { addEvent } from '../../store/events.ts'
import { coverageFact, gapFact, saveCoverage, saveGap, saveScan } from '../../store/facts.ts'
import { accountColumn, type Applying } from '../applying.ts'

export async function applyGap(applying: Applying, record: z.infer<typeof GapRecord>): Promise<void> {
  const { db, device, now } = applying
  const account = await accountColumn(applying, record.account)
  const key = {
    device: device.id,
    account,
    collector: record.collector,
    place: record.place ?? '',
    hash: record.hash ?? '',
    reason: record.reason,
  }
  const before = await gapFact(db, key)
  const wasOpen = before !== undefined && before.until_at === null
  const isOpen = record.until === null
  const from = applying.toServer(record.from)
  await saveGap(db, {
    ...key,
    detail: record.detail,
    // A gap that lasts began when it was first seen, however often it is told.
    from_at: wasOpen ? Math.min(before.from_at, from) : from,
    until_at: record.until === null ? null : applying.toServer(record.until),
  })
  if (wasOpen === isOpen) return
  await addEvent(db, {
    device: device.id,
    at: now,
    type: isOpen ? 'gap-opened' : 'gap-closed',
    account,
    code: isOpen ? 'gap-opened' : 'gap-closed',
    values: { reason: record.reason, collector: record.collector, place: record.place },
  })
}

export async function applyCoverage(
  applying: Applying,
  record: z.infer<typeof CoverageRecord>,
): Promise<void> {
  const { db, device, now } = applying
  const account = await accountColumn(applying, record.account)
  const before = await coverageFact(db, device.id, account)
  await saveCoverage(db, {
    device: device.id,
    account,
    state: record.state,
    at: applying.toServer(record.at),
    catalogue: record.catalogue,
    gaps: record.gaps,
  })
  if (before?.state === record.state) return
  await addEvent(db, {
    device: device.id,
    at: now,
    type: 'coverage',
    account,
    code: 'coverage',
    values: { state: record.state, from: before?.state ?? null, gaps: record.gaps },
  })
}

export async function applyScan(
  { db, device, now, toServer }: Applying,
  record: z.infer<typeof ScanRecord>,
): Promise<void> {
  await saveScan(db, {
    device: device.id,
    started_at: toServer(record.startedAt),
    finished_at: toServer(record.finishedAt),
    cpu_ms: record.cpuMs,
    policy_version: record.policyVersion,
    catalogue: record.catalogue,
    collectors: JSON.stringify(record.collectors),
  })
  await changeDevice(db, device.id, { last_scan_at: now })
}
