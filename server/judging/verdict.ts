// From a finding as judged to the row that is stored, and what of it is news. Pure.
import { FindingStatus, type Finding, type Lifecycle } from '#shared/finding.ts'
import type { DeviceFinding } from '#shared/judge.ts'
import type { StoredFinding } from '../store/findings.ts'

/** What is stored of a finding besides its columns; marks are judged again when somebody looks. */
export type FindingBody = Pick<
  Finding,
  | 'reasons'
  | 'cutoff'
  | 'notice'
  | 'state'
  | 'running'
  | 'usedBeforeCutoff'
  | 'catalogue'
  | 'wouldChange'
  | 'missing'
>

export function bodyOf(row: Pick<StoredFinding, 'body'>): FindingBody {
  // Written by this server, see below.
  return JSON.parse(row.body) as FindingBody
}

/** Worst first: 8 for a violation, 1 for a review. */
export function severityOf(status: FindingStatus): number {
  return FindingStatus.options.length - FindingStatus.options.indexOf(status)
}

/** Whether marks gave the status, as against how the tool stands now. */
export function isByMarks(finding: Pick<Finding, 'since'>): boolean {
  return finding.since !== null
}

/** Newest mark that means anything; null when none does. */
export function lastMarkAt(finding: Pick<Finding, 'marks'>): number | null {
  return finding.marks.reduce<number | null>(
    (last, mark) => (mark.verdict === 'nothing' || (last !== null && mark.at <= last) ? last : mark.at),
    null,
  )
}

/** A finding without its marks and coverage: what is stored of it, and shown without judging again. */
export type StoredVerdict = Omit<DeviceFinding, 'marks' | 'coverage'> & { readonly lastMarkAt: number | null }

export interface VerdictChange {
  readonly row: StoredFinding
  /** Anything at all differs from what is stored. */
  readonly changed: boolean
  /** The status differs, or the finding is new. */
  readonly news: { readonly from: FindingStatus | null } | null
  /** A new mark opened a closed finding again. */
  readonly reopened: boolean
}

/** The row for a finding as judged now, over the one that is stored. */
export function toStored(
  id: string,
  finding: StoredVerdict,
  stored: StoredFinding | null,
  now: number,
): VerdictChange {
  const last = finding.lastMarkAt
  const reopened =
    stored?.lifecycle === 'closed' &&
    last !== null &&
    (stored.closed_mark_at === null || last > stored.closed_mark_at)
  const lifecycle: Lifecycle = reopened ? 'open' : (stored?.lifecycle ?? 'open')
  const body: FindingBody = {
    reasons: finding.reasons,
    cutoff: finding.cutoff,
    notice: finding.notice,
    state: finding.state,
    running: finding.running,
    usedBeforeCutoff: finding.usedBeforeCutoff,
    catalogue: finding.catalogue,
    wouldChange: finding.wouldChange,
    missing: finding.missing,
  }
  const row: StoredFinding = {
    id,
    device: finding.device,
    account: finding.account ?? '',
    tool: finding.tool,
    status: finding.status,
    severity: severityOf(finding.status),
    rule: finding.rule,
    row: finding.row,
    since: finding.since,
    last_mark_at: last,
    policy_version: finding.policyVersion,
    lifecycle,
    closed_mark_at: lifecycle === 'closed' ? (stored?.closed_mark_at ?? null) : null,
    judged_at: now,
    changed_at: stored?.status === finding.status ? stored.changed_at : now,
    body: JSON.stringify(body),
  }
  const before = stored?.status ?? null
  return {
    row,
    changed: stored === null || !sameVerdict(row, stored),
    // The column holds nothing but statuses.
    news: before === finding.status ? null : { from: before as FindingStatus | null },
    reopened,
  }
}

function sameVerdict(a: StoredFinding, b: StoredFinding): boolean {
  return (
    a.status === b.status &&
    a.rule === b.rule &&
    a.row === b.row &&
    a.since === b.since &&
    a.last_mark_at === b.last_mark_at &&
    a.policy_version === b.policy_version &&
    a.lifecycle === b.lifecycle &&
    a.body === b.body
  )
}
