// Judges what is held of one device and stores what has changed of its findings.
import type { Context } from '../context.ts'
import { judge, type DeviceFinding, type JudgedDetection } from '#shared/judge.ts'
import { findingId } from '../pseudonym.ts'
import { changeDevice } from '../store/devices.ts'
import { addEvent } from '../store/events.ts'
import { clocksOf, coverageOf, detectionsOf, marksOf, type DetectionFact } from '../store/facts.ts'
import {
  addLifecycle,
  findingsOfDevice,
  removeFinding,
  saveFinding,
  type StoredFinding,
} from '../store/findings.ts'
import type { Queries } from '../store/store.ts'
import { clockOf, toCoverage, toJudged } from './detections.ts'
import type { Rules } from './rulebook.ts'
import { isByMarks, toStored } from './verdict.ts'

/** Which detections to judge: all, or those whose facts have changed. */
export type Wanted = 'all' | ReadonlySet<string>

/** A detection's place in a {@link Wanted} set. */
export function detectionKey(account: string, tool: string): string {
  return `${account}\0${tool}`
}

type Judge = Pick<Context, 'catalogue' | 'keys'>

/** Judges again and stores; answers the device's findings as they are now. */
export async function judgeDevice(
  db: Queries,
  context: Judge,
  rules: Rules,
  device: string,
  wanted: Wanted,
  now: number,
): Promise<StoredFinding[]> {
  const stored = await findingsOfDevice(db, device)
  if (wanted !== 'all' && wanted.size === 0) return stored
  const chosen = (row: { account: string; tool: string }): boolean =>
    wanted === 'all' || wanted.has(detectionKey(row.account, row.tool))
  const facts = (await detectionsOf(db, device)).filter(chosen)
  const judged = await judgeFacts(db, context, rules, device, facts, now)

  const known = new Map(stored.map((row) => [row.id, row]))
  let moved = false
  for (const { id, finding } of judged) {
    if (finding === null) continue
    const change = toStored(id, finding, known.get(id) ?? null, now)
    if (!change.changed) continue
    await saveFinding(db, change.row)
    moved = true
    known.set(id, change.row)
    if (change.reopened) {
      await addLifecycle(db, { finding: id, at: now, by: 'server', lifecycle: 'open', reason: 'new-mark' })
    }
    if (change.news) await tellFinding(db, change.row, change.news.from, now)
  }
  const kept = new Set(judged.filter((entry) => entry.finding !== null).map((entry) => entry.id))
  for (const row of stored) {
    if (kept.has(row.id) || !chosen(row)) continue
    await removeFinding(db, row.id)
    moved = true
    known.delete(row.id)
    await tellFinding(db, { ...row, status: 'none', row: null, rule: null }, row.status, now)
  }
  const findings = [...known.values()]
  if (moved) await changeDevice(db, device, { worst: worstOf(findings) })
  return findings
}

export interface JudgedFact {
  readonly id: string
  /** Null: nothing to find. */
  readonly finding: DeviceFinding | null
}

/** Judges some detections of a device, with all their marks. Stores nothing. */
export async function judgeFacts(
  db: Queries,
  { catalogue, keys }: Judge,
  rules: Rules,
  device: string,
  facts: readonly DetectionFact[],
  now: number,
): Promise<JudgedFact[]> {
  const clocks = (await clocksOf(db, device)).map(clockOf)
  const coverage = (await coverageOf(db, device)).map(toCoverage)
  const timezone = rules.versions.at(-1)?.policy.timezone ?? 'UTC'
  const own = rules.forDevice(device)
  const answers: JudgedFact[] = []
  for (const fact of facts) {
    const marks = await marksOf(db, device, fact.account, fact.tool)
    const detection: JudgedDetection = toJudged(fact, marks, clocks, timezone)
    const [finding = null] = judge({
      ...own,
      detections: [detection],
      tools: catalogue.tools,
      coverage,
      catalogue: catalogue.version,
      now,
    })
    // A tool that is gone is not there: only what its marks say remains.
    const there = finding !== null && (fact.gone === 0 || isByMarks(finding))
    answers.push({
      id: findingId(keys, device, detection.account, fact.tool),
      finding: there ? finding : null,
    })
  }
  return answers
}

/** The worst status among findings that are not closed. */
export function worstOf(findings: readonly StoredFinding[]): string | null {
  const open = findings.filter((row) => row.lifecycle !== 'closed')
  return open.toSorted((a, b) => b.severity - a.severity)[0]?.status ?? null
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
