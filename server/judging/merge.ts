// A stored finding and one judged from new marks alone, made one: what judging all marks together would give. Pure.
// Each mark is judged by itself, and a finding is the worst of them, so that old ones need not be looked at again.
import type { DeviceFinding } from '#shared/judge.ts'
import type { StoredFinding } from '../store/findings.ts'
import { bodyOf, isByMarks, lastMarkAt, severityOf, type StoredVerdict } from './verdict.ts'

/** What changes about a finding with its detection, whatever its marks say. */
export type Standing = Pick<DeviceFinding, 'state' | 'running' | 'usedBeforeCutoff'>

/**
 * @param stored what was judged from the marks before, or null
 * @param fresh what was judged from the new marks and the detection as it is now, or null for nothing
 */
export function mergeVerdicts(
  stored: StoredFinding | null,
  fresh: DeviceFinding | null,
  standing: Standing,
): StoredVerdict | null {
  const next = fresh === null ? null : verdictOf(fresh)
  // A finding that no mark gave says only how the tool stands, and the new one says that anew.
  if (stored === null || !isByMarks(stored)) return next
  const before = { ...storedVerdict(stored), ...standing }
  if (next === null || !isByMarks(next)) return before
  const last = Math.max(before.lastMarkAt ?? next.lastMarkAt ?? 0, next.lastMarkAt ?? 0)
  const difference = severityOf(next.status) - severityOf(before.status)
  if (difference !== 0) return { ...(difference > 0 ? next : before), lastMarkAt: last }
  const [first, second] = (next.since ?? 0) < (before.since ?? 0) ? [next, before] : [before, next]
  return {
    ...first,
    ...standing,
    reasons: [...new Set([...first.reasons, ...second.reasons])],
    wouldChange: [...new Set([...first.wouldChange, ...second.wouldChange])],
    lastMarkAt: last,
  }
}

export function verdictOf(finding: DeviceFinding): StoredVerdict {
  const { marks: _marks, coverage: _coverage, ...rest } = finding
  return { ...rest, lastMarkAt: lastMarkAt(finding) }
}

function storedVerdict(row: StoredFinding): StoredVerdict {
  return {
    device: row.device,
    account: row.account === '' ? null : row.account,
    tool: row.tool,
    // The column holds nothing but statuses.
    status: row.status as DeviceFinding['status'],
    rule: row.rule,
    row: row.row,
    since: row.since,
    lastMarkAt: row.last_mark_at,
    policyVersion: row.policy_version,
    ...bodyOf(row),
  }
}
