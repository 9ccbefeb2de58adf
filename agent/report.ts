// The only place that decides what leaves the device: from what a look saw to the records that differ from those told before.
// Pure. Every record passes the published schema at the end, strictly; what does not fit stays here and is counted.
import type { Detected } from '#shared/detect.ts'
import type { Account, Coverage, CoverageState, Gap } from '#shared/observation.ts'
import { DetectionRecord, GapRecord, InventoryRecord, UnlistedRecord, WireRecord } from '#shared/protocol.ts'
import { behaviourCollectors, goneDetection, isHidden } from '#shared/told.ts'
import type { Behaving } from '#shared/unlisted.ts'
import { detectionRecord, type DetectionContext } from './report/detections.ts'
import { comesAndGoes, gapRecords, isPassing } from './report/gaps.ts'
import { unlistedRecords } from './report/unlisted.ts'
import type { ToolKnowledge } from './state/tool-knowledge.ts'

/** What a full look gave, as far as a report is made of it. */
export interface ScanFacts {
  readonly startedAt: number
  readonly finishedAt: number
  readonly cpuMs: number
  readonly accounts: readonly Account[]
  readonly detected: readonly Detected[]
  /** Things of no catalogue that do what AI coding agents do. */
  readonly behaving: readonly Behaving[]
  /** What is installed, by `inventoryKey`. */
  readonly inventory: ReadonlyMap<string, InventoryRecord>
  readonly gaps: readonly Gap[]
  readonly coverage: readonly Coverage[]
  readonly collectors: readonly {
    readonly name: string
    readonly ms: number
    readonly observations: number
    readonly gaps: number
  }[]
}

/** What was told before, by key. */
export interface Reported {
  readonly get: (key: string) => WireRecord | null
  readonly text: (key: string) => string | null
  readonly keys: (prefix: string) => readonly string[]
  /** Whether this passing gap was met at the look before. */
  readonly metBefore: (gap: Gap) => boolean
}

export interface ReportContext extends DetectionContext {
  readonly tools: ToolKnowledge
  readonly catalogue: string
  readonly inventory: 'full' | 'catalogue-only'
  readonly host: Extract<WireRecord, { type: 'host' }>
}

export interface Report {
  readonly records: readonly WireRecord[]
  /** What to keep as told; null: forget it. */
  readonly told: readonly (readonly [key: string, record: WireRecord | null])[]
  /** Records that did not fit the published form and stayed here. */
  readonly refused: number
}

/** What is looked at again every hour is told once a day, unless it changed: else it would tell when the machine is on. */
const retoldMs = 24 * 3_600_000

/** The records that a full look gives rise to. */
export function reportScan(scan: ScanFacts, reported: Reported, context: ReportContext): Report {
  const draft = new Draft(reported)
  draft.put('host', context.host)
  reportAccounts(draft, scan, reported)
  reportDetections(draft, scan, reported, context)
  reportInventory(draft, scan, reported, context)
  reportUnlisted(draft, scan, reported)
  const gaps = reportGaps(draft, scan, reported, context)
  reportCoverage(draft, scan, gaps, reported, context)
  return draft.finish()
}

/** The record of one detection outside a full look, when a use was witnessed in an open window. */
export function reportDetection(detected: Detected, reported: Reported, context: ReportContext): Report {
  const draft = new Draft(reported)
  putDetection(draft, detected, context)
  return draft.finish()
}

/** Several reports as one. */
export function joinReports(reports: readonly Report[]): Report {
  return {
    records: reports.flatMap((r) => r.records),
    told: reports.flatMap((r) => r.told),
    refused: reports.reduce((sum, r) => sum + r.refused, 0),
  }
}

/** Gathers records and keeps those that say something new. */
class Draft {
  readonly #reported: Reported
  readonly #records: WireRecord[] = []
  readonly #told: [string, WireRecord | null][] = []
  #refused = 0

  constructor(reported: Reported) {
    this.#reported = reported
  }

  /** Adds a record unless the same was told before. */
  put(key: string, record: WireRecord): void {
    // Most records are the same as last time: compared as text, which costs less than checking them again.
    if (this.#reported.text(key) === JSON.stringify(record)) return
    if (!WireRecord.safeParse(record).success) {
      this.#refused++
      return
    }
    this.#records.push(record)
    this.#told.push([key, record])
  }

  forget(key: string): void {
    this.#told.push([key, null])
  }

  /** Adds a last record and forgets the key. */
  end(key: string, record: WireRecord): void {
    this.put(key, record)
    this.forget(key)
  }

  finish(): Report {
    return { records: this.#records, told: this.#told, refused: this.#refused }
  }
}

function reportAccounts(draft: Draft, scan: ScanFacts, reported: Reported): void {
  const there = new Set<string>()
  for (const { name, readable } of scan.accounts) {
    const key = `account\0${name}`
    there.add(key)
    draft.put(key, { type: 'account', account: name, readable, gone: false })
  }
  if (scan.gaps.some((gap) => gap.collector === 'host' && gap.account === null)) return
  for (const key of reported.keys('account\0')) {
    const before = reported.get(key)
    if (before?.type === 'account' && !there.has(key)) draft.end(key, { ...before, gone: true })
  }
}

function detectionKey({ tool, account }: Detected): string {
  return ['detection', tool, account ?? ''].join('\0')
}

/** @param gaps of the look that it is of, as far as there was one at what runs */
function putDetection(
  draft: Draft,
  detected: Detected,
  context: ReportContext,
  gaps: readonly Gap[] = [],
): void {
  const { tool, account } = detected
  const able = detected.present || context.tools.able(tool, account)
  const record = detectionRecord(detected, context.tools.of(tool, account), able, context)
  // What was not seen running where not all that runs could be seen may run all the same.
  const isUnknown = record.running === false && isHidden(gaps, account, processLook)
  draft.put(detectionKey(detected), isUnknown ? { ...record, running: null } : record)
}

const processLook: ReadonlySet<string> = new Set(['process'])

/** Only traces of a tool were seen, and what proved before that it is there may lie where this look was blind. */
function isHalfSeen(detected: Detected, gaps: readonly Gap[], reported: Reported): boolean {
  if (detected.present) return false
  const before = reported.get(detectionKey(detected))
  if (before?.type !== 'detection' || before.gone || before.state === 'leftover') return false
  const kinds = new Set(before.evidence.filter((e) => e.means === 'presence').map((e) => e.kind))
  return isHidden(gaps, detected.account, kinds)
}

function reportDetections(draft: Draft, scan: ScanFacts, reported: Reported, context: ReportContext): void {
  // Another system's disk is no process that was not seen.
  const open = scan.gaps.filter(({ reason }) => reason !== 'blind-spot')
  const there = new Set(
    scan.detected.map((d) => {
      const key = detectionKey(d)
      // What lies where this look did not see is no more left over than gone: what was told of it holds.
      if (!isHalfSeen(d, scan.gaps, reported)) putDetection(draft, d, context, open)
      return key
    }),
  )
  for (const key of reported.keys('detection\0')) {
    const before = DetectionRecord.safeParse(reported.get(key))
    if (!before.success || before.data.gone || there.has(key)) continue
    const kinds = new Set(before.data.evidence.map((e) => e.kind))
    if (!isHidden(scan.gaps, before.data.account, kinds)) draft.put(key, goneDetection(before.data))
  }
}

function reportInventory(draft: Draft, scan: ScanFacts, reported: Reported, context: ReportContext): void {
  const records = context.inventory === 'full' ? scan.inventory : new Map<string, InventoryRecord>()
  records.forEach((record, key) => draft.put(key, record))
  for (const key of reported.keys('inventory\0')) {
    if (records.has(key)) continue
    // No longer wanted is not gone: it is only not told any more.
    if (context.inventory !== 'full') {
      draft.forget(key)
      continue
    }
    const before = InventoryRecord.safeParse(reported.get(key))
    if (!before.success || isHidden(scan.gaps, before.data.account, new Set([before.data.item]))) continue
    draft.end(key, { ...before.data, gone: true })
  }
}

/**
 * Tells candidates. That one was seen to mark what it starts is kept as long as the thing behaves like an agent otherwise: what
 * runs comes and goes with the people at work.
 */
function reportUnlisted(draft: Draft, scan: ScanFacts, reported: Reported): void {
  const told = new Map(
    reported.keys('unlisted\0').flatMap((key) => {
      const before = UnlistedRecord.safeParse(reported.get(key))
      return before.success ? [[key, before.data] as const] : []
    }),
  )
  const records = unlistedRecords(scan.behaving, (key) => told.get(key) ?? null)
  for (const [key, record] of records) draft.put(key, record)
  for (const [key, before] of told) {
    if (records.has(key) || isHidden(scan.gaps, before.account, behaviourCollectors)) continue
    draft.end(key, { ...before, gone: true })
  }
}

/** Tells gaps; answers those that hold, told before included. */
function reportGaps(
  draft: Draft,
  scan: ScanFacts,
  reported: Reported,
  context: ReportContext,
): readonly GapRecord[] {
  const told = new Map(
    reported.keys('gap\0').flatMap((key) => {
      const before = GapRecord.safeParse(reported.get(key))
      return before.success ? [[key, before.data] as const] : []
    }),
  )
  const gaps = scan.gaps.filter((gap) => !isPassing(gap) || reported.metBefore(gap))
  const records = gapRecords(gaps, context, (key) => told.get(key)?.from ?? null)
  for (const [key, record] of records) draft.put(key, record)
  const standing = [...records.values()]
  for (const [key, before] of told) {
    if (records.has(key)) continue
    // What runs comes and goes with the people at work: such a gap is told once, and its end would tell too much.
    if (comesAndGoes(before)) standing.push(before)
    else draft.end(key, { ...before, until: scan.startedAt })
  }
  return standing
}

function reportCoverage(
  draft: Draft,
  scan: ScanFacts,
  gaps: readonly GapRecord[],
  reported: Reported,
  context: ReportContext,
): void {
  for (const { account, at, catalogue } of scan.coverage) {
    const own = gaps.filter((gap) => gap.account === account)
    const record: WireRecord = {
      type: 'coverage',
      account,
      state: coverageState(own),
      at,
      catalogue,
      gaps: own.length,
    }
    const key = `coverage\0${account ?? ''}`
    const before = reported.get(key)
    const same =
      before?.type === 'coverage' &&
      before.state === record.state &&
      before.catalogue === catalogue &&
      before.gaps === record.gaps &&
      isRecent(before.at, at)
    if (!same) draft.put(key, record)
  }
  const { startedAt, finishedAt, cpuMs } = scan
  const { catalogue } = context
  const before = reported.get('scan')
  const policyVersion = context.policy?.version ?? null
  const same =
    before?.type === 'scan' && before.policyVersion === policyVersion && before.catalogue === catalogue
  if (same && isRecent(before.startedAt, startedAt)) return
  draft.put('scan', {
    type: 'scan',
    startedAt,
    finishedAt,
    cpuMs: Math.max(0, Math.round(cpuMs)),
    policyVersion,
    catalogue,
    collectors: scan.collectors.slice(0, 32).map((c) => ({ ...c, ms: Math.max(0, Math.round(c.ms)) })),
  })
}

function coverageState(gaps: readonly GapRecord[]): CoverageState {
  if (gaps.length === 0) return 'attested'
  return gaps.every((gap) => gap.reason === 'blind-spot') ? 'attested-but-blind-spots' : 'not-attested'
}

function isRecent(told: number, now: number): boolean {
  return now >= told && now - told < retoldMs
}
