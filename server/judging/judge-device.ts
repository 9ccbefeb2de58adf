// Judges what has changed of a device and stores what that changes of its findings.
import { changeDevice } from '../store/devices.ts'
import { addEvent } from '../store/events.ts'
import { clocksOf, detectionsOf, marksOf, type DetectionFact } from '../store/facts.ts'
import {
  addLifecycle,
  findingsOfDevice,
  removeFinding,
  saveFinding,
  type StoredFinding,
} from '../store/findings.ts'
import type { HeldFacts } from '../store/held-facts.ts'
import type { Queries } from '../store/store.ts'
import { unlistedOf } from '../store/unlisted.ts'
import { clockOf } from './detections.ts'
import { judgeFacts, type Facts, type Judge } from './judge-facts.ts'
import { judgeUnlistedFacts } from './judge-unlisted.ts'
import { mergeVerdicts, verdictOf } from './merge.ts'
import type { Rules } from './rulebook.ts'
import { detectionKey, type Touched } from './touched.ts'
import { toStored, type StoredVerdict } from './verdict.ts'

/** Judges what was touched and stores it; answers the device's findings as they are now. */
export async function judgeDevice(
  db: Queries,
  context: Judge,
  rules: Rules,
  device: string,
  touched: Touched,
  now: number,
): Promise<StoredFinding[]> {
  const stored = await findingsOfDevice(db, device)
  if (!touched.all && touched.detections.size === 0) return stored
  const touchOf = (detection: DetectionFact) =>
    touched.detections.get(detectionKey(detection.account, detection.tool))
  const detections = (await detectionsOf(db, device)).filter(
    (row) => touched.all || touchOf(row) !== undefined,
  )
  const facts: (Facts & { readonly whole: boolean })[] = []
  for (const detection of detections) {
    const part = touchOf(detection)
    const whole = touched.all || part === undefined || part.again
    const marks = whole ? await marksOf(db, device, detection.account, detection.tool) : part.marks
    facts.push({ detection, marks, whole })
  }
  const clocks = (await clocksOf(db, device)).map(clockOf)
  const known = new Map(stored.map((row) => [row.id, row]))
  const judged = judgeFacts(context, rules, { device, clocks, coverage: [] }, facts, now)
  const verdicts = judged.map(({ id, detection, finding }, index): Judged => {
    if (facts[index]?.whole !== false) return { id, verdict: finding === null ? null : verdictOf(finding) }
    const standing = {
      state: detection.state,
      running: detection.running === 1,
      usedBeforeCutoff: detection.used_before_cutoff === 1,
    }
    return { id, verdict: mergeVerdicts(known.get(id) ?? null, finding, standing) }
  })
  const unlisted = (await unlistedOf(db, device)).filter(
    ({ account, id }) => touched.all || touched.detections.has(detectionKey(account, id)),
  )
  verdicts.push(...judgeUnlistedFacts(context, rules, device, unlisted, now))
  return storeVerdicts(db, device, known, verdicts, now)
}

/** Judges a device from everything that is held of it. */
export async function judgeHeld(
  db: Queries,
  context: Judge,
  rules: Rules,
  held: HeldFacts,
  now: number,
): Promise<void> {
  const clocks = held.clocks.map(clockOf)
  const judged = judgeFacts(context, rules, { device: held.device, clocks, coverage: [] }, held.facts, now)
  const verdicts = [
    ...judged.map(({ id, finding }) => ({ id, verdict: finding === null ? null : verdictOf(finding) })),
    ...judgeUnlistedFacts(context, rules, held.device, held.unlisted, now),
  ]
  await storeVerdicts(db, held.device, new Map(held.findings.map((row) => [row.id, row])), verdicts, now)
}

interface Judged {
  readonly id: string
  readonly verdict: StoredVerdict | null
}

async function storeVerdicts(
  db: Queries,
  device: string,
  known: Map<string, StoredFinding>,
  judged: readonly Judged[],
  now: number,
): Promise<StoredFinding[]> {
  let moved = false
  for (const { id, verdict } of judged) {
    const before = known.get(id) ?? null
    if (verdict === null) {
      if (before === null) continue
      await removeFinding(db, id)
      known.delete(id)
      await tellFinding(db, { ...before, status: 'none', row: null, rule: null }, before.status, now)
      moved = true
      continue
    }
    const change = toStored(id, verdict, before, now)
    if (!change.changed) continue
    await saveFinding(db, change.row)
    known.set(id, change.row)
    moved = true
    if (change.reopened) {
      await addLifecycle(db, { finding: id, at: now, by: 'server', lifecycle: 'open', reason: 'new-mark' })
    }
    if (change.news) await tellFinding(db, change.row, change.news.from, now)
  }
  const findings = [...known.values()]
  if (moved) await changeDevice(db, device, worstOf(findings))
  return findings
}

/** The columns of a device for the worst status among its findings that are not closed. */
export function worstOf(findings: readonly StoredFinding[]): { worst: string | null; severity: number } {
  const open = findings.filter((row) => row.lifecycle !== 'closed')
  const worst = open.reduce<StoredFinding | null>(
    (w, row) => (w === null || row.severity > w.severity ? row : w),
    null,
  )
  return { worst: worst?.status ?? null, severity: worst?.severity ?? 0 }
}

function tellFinding(
  db: Queries,
  row: Omit<StoredFinding, 'status'> & { readonly status: string },
  from: string | null,
  now: number,
): Promise<void> {
  return addEvent(db, {
    device: row.device,
    at: now,
    type: 'finding',
    account: row.account,
    tool: row.tool,
    code: 'finding',
    values: { status: row.status, from, row: row.row, rule: row.rule },
  })
}
