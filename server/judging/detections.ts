// From stored facts to what judge() takes: instants in the server's clock, doubts as of now. Pure.
import type { Doubt, Mark } from '#shared/detection.ts'
import type { Disagreement } from '#shared/disagreement.ts'
import type { JudgedDetection } from '#shared/judge.ts'
import type { Coverage } from '#shared/observation.ts'
import { instantOf } from '#shared/policy.ts'
import { toServerTime, type MeasuredClock } from '../ingest/device-time.ts'
import type { ClockFact, CoverageFact, DetectionFact, MarkFact } from '../store/facts.ts'

export function clockOf(row: ClockFact): MeasuredClock {
  return { boot: row.boot, offsetMs: row.offset_ms, errorMs: row.error_ms, stepped: row.stepped === 1 }
}

/** Of a stored mark; nearly always none, which is worth not parsing. */
export function doubtsOf(row: Pick<MarkFact, 'doubts'>): Doubt[] {
  // Written by this server from checked records.
  return row.doubts === '[]' ? [] : (JSON.parse(row.doubts) as Doubt[])
}

export function disagreementOf(row: Pick<MarkFact, 'disagreement'>): Disagreement | undefined {
  return row.disagreement === null ? undefined : (JSON.parse(row.disagreement) as Disagreement)
}

/** A mark in the server's clock. Whether the tool was able to run is known of the device, not of the mark. */
export function toMark(row: MarkFact, ableToRun: boolean, clocks: readonly MeasuredClock[]): Mark {
  const time = toServerTime({ at: row.device_at, boot: row.boot, resolutionMs: row.resolution_ms }, clocks)
  const doubts = doubtsOf(row).filter((doubt) => doubt !== 'unable-to-run')
  return {
    kind: row.kind,
    ...time,
    basis: row.basis,
    strength: row.strength,
    session: row.session === '' ? null : row.session,
    doubts: ableToRun ? doubts : [...doubts, 'unable-to-run'],
    disagreement: disagreementOf(row),
    withoutRecord: row.without_record === 1,
    more: row.more === 0 ? undefined : row.more,
    signal: row.signal,
  }
}

export function toJudged(
  row: DetectionFact,
  marks: readonly MarkFact[],
  clocks: readonly MeasuredClock[],
  timezone: string,
): JudgedDetection {
  return {
    device: row.device,
    account: row.account === '' ? null : row.account,
    tool: row.tool,
    state: row.state,
    running: row.running === 1,
    installed: installedOf(row, timezone),
    usedBeforeCutoff: row.used_before_cutoff === 1,
    marks: marks.map((mark) => toMark(mark, row.able_to_run === 1, clocks)),
  }
}

function installedOf(row: DetectionFact, timezone: string): number | 'before' | null {
  if (row.installed_on !== null) return instantOf(row.installed_on, timezone)
  return row.installed_before_cutoff === 1 ? 'before' : null
}

export function toCoverage(row: CoverageFact): Coverage & { device: string } {
  return {
    device: row.device,
    account: row.account === '' ? null : row.account,
    state: row.state,
    at: row.at,
    catalogue: row.catalogue,
    gaps: row.gaps,
  }
}
