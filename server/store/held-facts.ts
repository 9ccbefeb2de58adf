// Everything that judging needs of many devices, in a few queries: what a change of policy reads of the whole fleet.
import type { ClockFact, DetectionFact, MarkFact } from './facts.ts'
import type { StoredFinding } from './findings.ts'
import type { Queries } from './store.ts'
import type { UnlistedFact } from './unlisted.ts'

export interface HeldFacts {
  readonly device: string
  readonly facts: readonly { readonly detection: DetectionFact; readonly marks: readonly MarkFact[] }[]
  readonly clocks: readonly ClockFact[]
  readonly findings: readonly StoredFinding[]
  readonly unlisted: readonly UnlistedFact[]
}

/** In the order of the ids given. */
export async function heldFacts(db: Queries, devices: readonly string[]): Promise<HeldFacts[]> {
  if (devices.length === 0) return []
  const detections = await db.selectFrom('detections').selectAll().where('device', 'in', devices).execute()
  const marks = await db.selectFrom('marks').selectAll().where('device', 'in', devices).execute()
  const clocks = await db.selectFrom('clocks').selectAll().where('device', 'in', devices).execute()
  const findings = await db.selectFrom('findings').selectAll().where('device', 'in', devices).execute()
  const unlisted = await db.selectFrom('unlisted').selectAll().where('device', 'in', devices).execute()
  const marksBy = Map.groupBy(marks, (mark) => `${mark.device}\0${mark.account}\0${mark.tool}`)
  const detectionsBy = Map.groupBy(detections, (row) => row.device)
  const clocksBy = Map.groupBy(clocks, (row) => row.device)
  const findingsBy = Map.groupBy(findings, (row) => row.device)
  const unlistedBy = Map.groupBy(unlisted, (row) => row.device)
  return devices.map((device) => ({
    device,
    facts: (detectionsBy.get(device) ?? []).map((detection) => ({
      detection,
      marks: marksBy.get(`${device}\0${detection.account}\0${detection.tool}`) ?? [],
    })),
    clocks: clocksBy.get(device) ?? [],
    findings: findingsBy.get(device) ?? [],
    unlisted: unlistedBy.get(device) ?? [],
  }))
}
