// Records about tools: detections, marks and inventory.
import { disagreementOf, doubtsOf } from '../../judging/detections.ts'
import type { Doubt } from '#shared/detection.ts'
import { coarsened, furthest, type Disagreement } from '#shared/disagreement.ts'
import type { DetectionRecord, InventoryRecord, MarkRecord } from '#shared/protocol.ts'
import type { Strength } from '#shared/tool.ts'
import { addEvent } from '../../store/events.ts'
import {
  addDetection,
  detectionFact,
  markFact,
  saveDetection,
  saveMark,
  type MarkFact,
} from '../../store/facts.ts'
import { saveInventory, type ReportedItem } from '../../store/inventory.ts'
import { noteSession, type NotedSession } from '../../store/sessions-seen.ts'
import { accountColumn, columnText, type Applying } from '../applying.ts'
import { doubtOthers, sharedDoubts, type SharedSessions } from '../shared-sessions.ts'

export async function applyDetection(applying: Applying, record: DetectionRecord): Promise<void> {
  const { db, device, now } = applying
  const account = await accountColumn(applying, record.account)
  const before = await detectionFact(db, device.id, account, record.tool)
  await saveDetection(db, {
    device: device.id,
    account,
    tool: record.tool,
    state: record.state,
    gone: record.gone ? 1 : 0,
    running: record.running === null ? null : Number(record.running),
    strength: record.strength,
    version: record.version,
    installed_on: isDay(record.installedOn) ? record.installedOn : null,
    installed_before_cutoff:
      record.installedBeforeCutoff === null ? null : Number(record.installedBeforeCutoff),
    used_before_cutoff: Number(record.usedBeforeCutoff),
    able_to_run: Number(record.ableToRun),
    evidence: JSON.stringify(record.evidence),
    reported_at: now,
  })
  const touched = applying.touch(device.id, account, record.tool)
  // Whether a tool was ever able to run puts all its marks in doubt, or takes them out.
  if (before !== undefined && before.able_to_run !== Number(record.ableToRun)) touched.again = true
  if (before?.state === record.state && before.gone === Number(record.gone)) return
  await addEvent(db, {
    device: device.id,
    at: now,
    type: 'detection',
    account,
    tool: record.tool,
    code: record.gone ? 'detection-gone' : 'detection',
    values: { state: record.state, from: before?.state ?? null, version: record.version },
  })
}

const nobodyElse: NotedSession = { isNew: false, others: [] }

export async function applyMark(
  applying: Applying,
  shared: SharedSessions,
  record: MarkRecord,
): Promise<void> {
  const { db, device } = applying
  const account = await accountColumn(applying, record.account)
  // Nothing happens in the future: the clock was set between the mark and its report, and nobody knows by how much.
  const ahead = applying.aheadMs(record.at, record.boot)
  const told: Doubt[] = ahead === null ? record.doubts : [...record.doubts, 'times-disagree']
  const holder = { device: device.id, account }
  const { isNew, others } =
    record.session === null ? nobodyElse : await noteSession(db, record.session, holder)
  const reported: MarkFact = {
    ...holder,
    tool: record.tool,
    kind: record.kind,
    session: record.session ?? '',
    device_at: record.at,
    boot: record.boot,
    resolution_ms: record.resolutionMs,
    basis: record.basis,
    strength: record.strength,
    doubts: JSON.stringify([...new Set([...told, ...sharedDoubts(holder, others)])]),
    disagreement: disagreementText(record.disagreement, ahead === null ? undefined : atReceipt(ahead)),
    without_record: Number(record.withoutRecord),
    more: record.more ?? 0,
    signal: record.evidence.signal,
    evidence: JSON.stringify(record.evidence),
  }
  const before = await markFact(db, reported)
  const merged = before === undefined ? reported : mergeMarks(before, reported)
  if (merged === before) return
  await saveMark(db, merged)
  await noteDetection(applying, account, record)
  const touched = applying.touch(device.id, account, record.tool)
  if (before === undefined) touched.marks.push(merged)
  else touched.again = true
  if (record.session === null || !isNew) return
  await doubtOthers(applying, shared, { ...holder, session: record.session, tool: record.tool }, others)
}

/** To the minute: the mark's own time is kept, and the two would else tell to the second when the device reported. */
function atReceipt(aheadMs: number): Disagreement | undefined {
  return coarsened({ with: 'receipt', byMs: -aheadMs }, 60_000)
}

function disagreementText(...all: readonly (Disagreement | undefined)[]): string | null {
  const most = furthest(all)
  return most === undefined ? null : JSON.stringify(most)
}

/** A mark whose detection never came (records were lost) is not lost with it. */
async function noteDetection(
  { db, device, now }: Applying,
  account: string,
  mark: MarkRecord,
): Promise<void> {
  await addDetection(db, {
    device: device.id,
    account,
    tool: mark.tool,
    state: mark.kind === 'session' ? 'used' : mark.kind === 'presence' ? 'installed' : 'started',
    gone: 0,
    running: null,
    strength: mark.strength,
    version: null,
    installed_on: null,
    installed_before_cutoff: null,
    used_before_cutoff: 0,
    // Not known, so that its marks stay in doubt until the detection comes.
    able_to_run: 0,
    evidence: JSON.stringify([mark.evidence]),
    reported_at: now,
  })
}

const strengths = { weak: 0, likely: 1, proven: 2 } as const satisfies Record<Strength, number>

/** One mark from two reports of it; the same object when the second adds nothing. */
export function mergeMarks(known: MarkFact, reported: MarkFact): MarkFact {
  const finer = reported.resolution_ms < known.resolution_ms
  const witnessed = known.basis === 'found' && reported.basis === 'witnessed'
  const stronger = strengths[reported.strength] > strengths[known.strength]
  // Doubts are kept: a report that does not repeat one has not cleared it.
  const doubts = [...new Set([...doubtsOf(known), ...doubtsOf(reported)])]
  const disagreement = disagreementText(disagreementOf(known), disagreementOf(reported))
  const more = doubts.length > doubtsOf(known).length || disagreement !== known.disagreement
  const sameRecord = known.without_record === reported.without_record && known.more >= reported.more
  if (!finer && !witnessed && !stronger && !more && sameRecord) return known
  return {
    ...known,
    ...(finer || witnessed ? { boot: reported.boot ?? known.boot } : {}),
    resolution_ms: Math.min(known.resolution_ms, reported.resolution_ms),
    basis: witnessed ? 'witnessed' : known.basis,
    strength: stronger ? reported.strength : known.strength,
    doubts: JSON.stringify(doubts),
    disagreement,
    // The newest look knows best whether a record has come.
    without_record: reported.without_record,
    more: Math.max(known.more, reported.more),
    signal: witnessed || stronger ? reported.signal : known.signal,
    evidence: witnessed || stronger ? reported.evidence : known.evidence,
  }
}

/** All of a report's inventory at once: it is by far the most of a first report. */
export async function applyInventory(applying: Applying, records: readonly InventoryRecord[]): Promise<void> {
  if (records.length === 0) return
  const reported: ReportedItem[] = []
  for (const { item, source, name, version, gone, account } of records) {
    reported.push({
      account: await accountColumn(applying, account),
      item,
      source: columnText(source),
      name: columnText(name),
      version,
      gone,
    })
  }
  const day = new Date(applying.now).toISOString().slice(0, 10)
  await saveInventory(applying.db, applying.device.id, reported, day)
}

function isDay(text: string | null): text is string {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
