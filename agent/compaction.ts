// What is given up when the spool is full, by importance. Pure: records in, a plan out; nothing of it is decided anywhere else.
// Of evidence of use the first and the last stay, with a count; of gaps the whole time that they lasted; of everything that
// replaces what was told before, the newest.
import type { GapRecord, MarkRecord, WireRecord } from '#shared/protocol.ts'

/** A record that waits, by its number. */
export interface Spooled {
  readonly sequence: number
  readonly bytes: number
  readonly record: WireRecord
}

/**
 * How much is given up; each takes in the ones before. `superseded`: what a later record replaces · `sessions`: of a session's
 * marks of one day and side of the rule's dates all but the first and last · `tools`: the same across the sessions of a tool;
 * gaps of one place that came and went on one day become one, and so does what the agent said of itself in the same words.
 */
export const compactionLevels = ['superseded', 'sessions', 'tools'] as const
export type CompactionLevel = (typeof compactionLevels)[number]

/** What a kept record takes over from dropped ones. */
export interface Folded {
  /** Marks that it stands for besides itself, in addition to those before. */
  readonly more?: number
  /** The time that the gap covers, if it is over. */
  readonly span?: Span
}

interface Span {
  readonly from: number
  readonly until: number
}

export interface Compaction {
  readonly drop: ReadonlySet<number>
  readonly fold: ReadonlyMap<number, Folded>
  /** Of what stays. */
  readonly bytes: number
  /** How many are dropped, by their type. */
  readonly kinds: Readonly<Record<string, number>>
}

export interface CompactionContext {
  /** On which side of its rule's dates a mark lies, as text; one on an edge is on none. */
  readonly sideOf: (mark: MarkRecord) => string
  /** A short name for a long text; no two texts share one. */
  readonly digest: (text: string) => string
}

const dayMs = 86_400_000

/** Plans once through the records, which are in their order. */
export function planCompaction(
  records: Iterable<Spooled>,
  level: CompactionLevel,
  context: CompactionContext,
): Compaction {
  const drop = new Set<number>()
  const kinds: Record<string, number> = {}
  const newest = new Map<string, Spent>()
  const ends = new Map<string, Ends>()
  let bytes = 0
  const give = ({ sequence, bytes: size, type }: Spent): void => {
    drop.add(sequence)
    bytes -= size
    kinds[type] = (kinds[type] ?? 0) + 1
  }
  for (const { sequence, bytes: size, record } of records) {
    bytes += size
    const spent: Spent = { sequence, bytes: size, type: record.type }
    if (record.type === 'mark') {
      if (level === 'superseded') continue
      const key = context.digest(markGroup(record, level, context.sideOf(record)))
      const mark = { ...spent, at: record.at, more: record.more ?? 0 }
      const known = ends.get(key)
      if (known === undefined) ends.set(key, { first: mark, last: mark, more: 0, times: new Set([mark.at]) })
      else takeIn(known, mark, give)
      continue
    }
    // Said once a day at most, but for a clock that is set again and again.
    if (record.type === 'agent' && level !== 'tools') continue
    const key = context.digest(subjectOf(record, level))
    const before = newest.get(key)
    if (before !== undefined) give(before)
    newest.set(key, record.type === 'gap' ? { ...spent, span: spanOf(record, before?.span) } : spent)
  }
  return { drop, fold: folds(newest, ends), bytes, kinds }
}

/** The record that is kept in place of itself and what it takes over. */
export function foldInto(record: WireRecord, folded: Folded): WireRecord {
  if (record.type === 'mark') return { ...record, more: (record.more ?? 0) + (folded.more ?? 0) }
  if (record.type !== 'gap' || folded.span === undefined) return record
  const { from, until } = folded.span
  return { ...record, from, until: record.until === null ? null : until }
}

/** In any order: the clock may have been set back between them. */
function spanOf({ from, until }: GapRecord, before: Span | undefined): Span {
  const end = until ?? from
  return { from: Math.min(from, before?.from ?? from), until: Math.max(end, before?.until ?? end) }
}

interface Spent {
  readonly sequence: number
  readonly bytes: number
  readonly type: string
  /** Of a gap: when it and those that were dropped for it held. */
  readonly span?: Span
}

interface EndMark extends Spent {
  readonly at: number
  readonly more: number
}

interface Ends {
  first: EndMark
  last: EndMark
  /** Marks that were dropped between them. */
  more: number
  readonly times: Set<number>
}

/** Keeps the earliest and the latest by their own times; whatever lies between is counted, and what is told again is no other. */
function takeIn(ends: Ends, mark: EndMark, give: (spent: Spent) => void): void {
  const { first, last, times } = ends
  if (times.has(mark.at)) {
    ends.more += mark.more
    give(mark)
    return
  }
  times.add(mark.at)
  const dropped = mark.at < first.at ? first : mark.at > last.at ? last : mark
  if (mark.at < first.at) ends.first = mark
  else if (mark.at > last.at) ends.last = mark
  // The first of two is the other end still.
  if (first === last) return
  ends.more += 1 + dropped.more
  give(dropped)
}

function folds(newest: ReadonlyMap<string, Spent>, ends: ReadonlyMap<string, Ends>): Map<number, Folded> {
  const fold = new Map<number, Folded>()
  for (const { last, more } of ends.values()) if (more > 0) fold.set(last.sequence, { more })
  for (const { sequence, span } of newest.values()) if (span !== undefined) fold.set(sequence, { span })
  return fold
}

/** Marks of one group differ in nothing but their time: no judgement on one could be another on its neighbour of the same side. */
function markGroup(mark: MarkRecord, level: CompactionLevel, side: string): string {
  const { at, more: _more, ...rest } = mark
  const same =
    level === 'tools' ? { ...rest, session: null, evidence: { ...rest.evidence, hash: null } } : rest
  return JSON.stringify([same, Math.floor(at / dayMs), side])
}

/** A later record of the same subject makes it superfluous. */
function subjectOf(record: Exclude<WireRecord, MarkRecord>, level: CompactionLevel): string {
  switch (record.type) {
    case 'host':
    case 'scan':
      return record.type
    case 'account':
      return JSON.stringify([record.type, record.account])
    case 'inventory':
      return JSON.stringify([record.type, record.item, record.account, record.source, record.name])
    case 'unlisted':
      return JSON.stringify([record.type, record.account, record.source, record.name])
    case 'detection': {
      const { tool, account, state, gone, ableToRun, usedBeforeCutoff } = record
      return JSON.stringify([record.type, tool, account, state, gone, ableToRun, usedBeforeCutoff])
    }
    case 'coverage':
      return JSON.stringify([record.type, record.account, record.state])
    case 'gap':
      return gapSubject(record, level)
    case 'agent':
      return JSON.stringify(record)
  }
}

function gapSubject(
  { collector, account, place, hash, reason, from }: GapRecord,
  level: CompactionLevel,
): string {
  const since = level === 'tools' ? Math.floor(from / dayMs) : from
  return JSON.stringify(['gap', collector, account, place, hash, reason, since])
}
