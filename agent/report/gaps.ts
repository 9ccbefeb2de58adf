// Gaps as they leave the device: which collector could not look at which template, why, from when until when.
import type { Gap } from '#shared/observation.ts'
import type { GapRecord } from '#shared/protocol.ts'
import type { EvidenceContext } from './evidence.ts'

/** Gaps of one collector and account in a report; the coverage says how many there are. */
const gapsKept = 200

/** Reasons that pass by themselves: they are told when two looks in a row met them, or they would show who is at work. */
const passing: ReadonlySet<Gap['reason']> = new Set(['changed-while-read', 'over-budget'])

/** Gaps about what runs: another account’s processes, a container’s disk. */
export function comesAndGoes(gap: Pick<GapRecord, 'collector'>): boolean {
  return gap.collector === 'process'
}

export function isPassing(gap: Pick<Gap, 'reason'>): boolean {
  return passing.has(gap.reason)
}

/** Each session is a file of its own, and each container a disk: told apart, their gaps would be dated signs of work. */
const ofUse: ReadonlySet<string> = new Set(['trace', 'process'])

/** Records by key; `from` is when the gap was first told, kept from an earlier record. */
export function gapRecords(
  gaps: readonly Gap[],
  context: EvidenceContext,
  firstTold: (key: string) => number | null,
): Map<string, GapRecord> {
  const records = new Map<string, GapRecord>()
  const perCollector = new Map<string, number>()
  for (const gap of gaps) {
    const who = `${gap.collector}\0${gap.account ?? ''}`
    const count = (perCollector.get(who) ?? 0) + 1
    if (count > gapsKept) continue
    perCollector.set(who, count)
    const record = recordOf(gap, context)
    const key = gapKey(record)
    if (records.has(key)) continue
    records.set(key, { ...record, from: firstTold(key) ?? gap.at })
  }
  return records
}

export function gapKey(record: GapRecord): string {
  const { collector, account, place, hash, reason } = record
  return ['gap', collector, account ?? '', place ?? '', hash ?? '', reason].join('\0')
}

function recordOf(gap: Gap, context: EvidenceContext): GapRecord {
  const { collector, account, path, reason, at } = gap
  return {
    type: 'gap',
    collector: collector.slice(0, 64),
    account,
    place: context.places.template(path, context.homeOf(account)),
    hash: ofUse.has(collector) ? null : context.hashPlace(`${account ?? ''}\0${path}`),
    reason,
    detail: detailCode(gap.detail),
    from: at,
    until: null,
  }
}

const codes =
  /^(E[A-Z0-9]{1,20}|ERR_[A-Z0-9_]{1,40}|SQLITE_[A-Z_]{1,30}|more than \d{1,9}|nfs4?|cifs|smb3?|9p|afs|ceph|autofs|fuse)$/

/** A code of the system or of ours; a detail that could hold anything else does not leave. */
function detailCode(detail: string | null): string | null {
  if (detail === null) return null
  const code = detail.startsWith('fuse.') ? 'fuse' : detail
  return codes.test(code) ? code : null
}
