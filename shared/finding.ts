// Findings: the verdict on one device, account and tool, and what it rests on. Schemas only; judge.ts makes them.
import { z } from 'zod'
import { Mark, State } from './detection.ts'
import { AccountName, Coverage, Instant } from './observation.ts'
import { ToolId } from './tool.ts'

export const FindingStatus = z.enum([
  'violation',
  'suspected',
  'undetermined',
  'waived',
  'upcoming',
  'present',
  'leftover',
  'review',
])
export type FindingStatus = z.infer<typeof FindingStatus>

/** What a single mark was judged to be; `nothing` for rows 1 and 2. */
export const MarkVerdict = z.enum(['violation', 'suspected', 'undetermined', 'waived', 'nothing'])
export type MarkVerdict = z.infer<typeof MarkVerdict>

export const ReasonCode = z.enum([
  'before-cutoff', // row 1
  'after-until', // row 1
  'not-counted', // row 2
  'run-without-record', // row 2
  'in-waiver', // row 3
  'around-an-edge', // row 4
  'before-notice', // row 5
  'weak-evidence', // row 6
  'times-disagree', // row 7
  'arrived-together', // row 7
  'maybe-elsewhere', // row 8
  'found-not-witnessed', // row 9
  'used-after-cutoff', // row 10: session
  'tried-after-cutoff', // row 10: attempt
  'ran-after-cutoff', // row 10: run
  'present-after-cutoff', // row 10: presence
  'scope-unknown', // which rule applies cannot be known
  'waiver-unknown', // whether a waiver applies cannot be known
  'approved', // the rule in force approves it
  'cutoff-ahead',
  'installed-before-cutoff',
  'installed-after-cutoff',
  'installed-unknown-when',
  'no-counted-use',
  'traces-only',
  'no-rule',
  'unlisted-behaviour', // behaves like an AI coding agent, and is in no catalogue
])
export type ReasonCode = z.infer<typeof ReasonCode>

export const JudgedMark = z.strictObject({
  ...Mark.shape,
  verdict: MarkVerdict,
  row: z.int().min(1).max(10).nullable(),
  reason: ReasonCode,
  /** The policy version and rule it was judged by. */
  policyVersion: z.int().nullable(),
  rule: z.string().nullable(),
  /** What would have made it something else, as reason codes of rows that were near. */
  waiver: z.string().nullable(),
})
export type JudgedMark = z.infer<typeof JudgedMark>

export const Lifecycle = z.enum(['open', 'acknowledged', 'disputed', 'closed'])
export type Lifecycle = z.infer<typeof Lifecycle>

export const Finding = z.strictObject({
  tool: ToolId,
  account: AccountName.nullable(),
  rule: z.string().nullable(),
  status: FindingStatus,
  reasons: z.array(ReasonCode),
  /** The row of the judgement table that decided; null for statuses that no mark gave. */
  row: z.int().min(1).max(10).nullable(),
  marks: z.array(JudgedMark),
  /** The earliest instant for which the status holds; null for statuses that no mark gave. */
  since: Instant.nullable(),
  cutoff: Instant.nullable(),
  notice: Instant.nullable(),
  state: State,
  running: z.boolean(),
  usedBeforeCutoff: z.boolean().nullable(),
  policyVersion: z.int().nullable(),
  catalogue: z.string(),
  coverage: Coverage.nullable(),
  /** What would have changed it, as codes with a sentence in words.ts. */
  wouldChange: z.array(
    z.enum(['witnessed', 'earlier', 'waiver', 'rule-found-use', 'sure-time', 'proof', 'announced']),
  ),
  /** For `undetermined`: what is missing, in codes and names. */
  missing: z.array(z.string()),
})
export type Finding = z.infer<typeof Finding>
