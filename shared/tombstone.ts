// What a device signs in place of records that it had to drop or fold into others for want of room: which numbers, how many, why.
// It tells a range that was given up from one that was lost. Pure arithmetic on ranges; says nothing of what the records held.
import { z } from 'zod'
import { Instant } from './instant.ts'

/** Sequence numbers of one epoch, both ends included. */
export const SequenceRange = z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() })
export type SequenceRange = z.infer<typeof SequenceRange>

/** More holes than this between them are shown as missing: a device with so many has lost records. */
const rangesKept = 32

/** Not strict: what a newer agent adds is passed over, and stays in the text that was signed. */
export const Tombstone = z.object({
  reason: z.enum(['spool-full']).describe('why'),
  ranges: z
    .array(SequenceRange)
    .max(rangesKept)
    .describe(
      'numbers under which nothing will come: their records were dropped, or wait under later numbers',
    ),
  records: z.int().nonnegative().describe('how many records were dropped'),
  kinds: z
    .record(z.string().regex(/^[a-z-]{1,32}$/), z.int().nonnegative())
    .refine((kinds) => Object.keys(kinds).length <= 32)
    .describe('how many of them by kind'),
  since: Instant.describe('first moment of the day (UTC) of the last report before'),
  until: Instant.describe('first moment of the day (UTC) on which records were last dropped'),
})
export type Tombstone = z.infer<typeof Tombstone>

/** Both as one; the later one's reason. */
export function joinTombstones(earlier: Tombstone | null, later: Tombstone): Tombstone {
  if (earlier === null) return later
  const kinds = { ...earlier.kinds }
  for (const [kind, count] of Object.entries(later.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count
  return {
    reason: later.reason,
    ranges: joinRanges([...earlier.ranges, ...later.ranges]),
    records: earlier.records + later.records,
    kinds,
    since: Math.min(earlier.since, later.since),
    until: Math.max(earlier.until, later.until),
  }
}

/** The same numbers in as few ranges as can be, in order; of too many the first ones. */
export function joinRanges(ranges: readonly SequenceRange[]): SequenceRange[] {
  const joined: SequenceRange[] = []
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  return joined.slice(0, rangesKept)
}

/** What of a hole no range accounts for. */
export function unaccounted(hole: SequenceRange, ranges: readonly SequenceRange[]): SequenceRange[] {
  const left: SequenceRange[] = []
  let next = hole.from
  for (const { from, to } of joinRanges(ranges)) {
    if (to < next) continue
    if (from > hole.to) break
    if (from > next) left.push({ from: next, to: from - 1 })
    next = to + 1
  }
  if (next <= hole.to) left.push({ from: next, to: hole.to })
  return left
}
