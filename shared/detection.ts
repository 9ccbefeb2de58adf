// Detections and marks: what was found of one tool for one account, and the dated signs of life that are judged.
import { z } from 'zod'
import { Disagreement } from './disagreement.ts'
import { AccountName, Instant, observationKinds } from './observation.ts'
import { Means, Strength, ToolId } from './tool.ts'

export const State = z.enum(['leftover', 'installed', 'started', 'used'])
export type State = z.infer<typeof State>

export const MarkKind = z.enum(['session', 'attempt', 'run', 'presence'])
export type MarkKind = z.infer<typeof MarkKind>

/** `witnessed`: the agent saw it happen · `found`: known only from what files say of themselves. */
export const MarkBasis = z.enum(['witnessed', 'found'])
export type MarkBasis = z.infer<typeof MarkBasis>

/** Why a mark's time or place is in doubt. */
export const Doubt = z.enum([
  'times-disagree', // record, file, birth time and the looks around it do not fit together
  'arrived-together', // came with traces of several tools within seconds: a restore, a migration, a sync
  'another-device', // another device reported the same session
  'another-account', // another account of the device did: a home copied or renamed, two accounts of one number
  'unable-to-run', // the tool was never seen able to run on this device
])
export type Doubt = z.infer<typeof Doubt>

export const ObservationKindName = z.enum(observationKinds)

/** One fact that speaks for a tool, and which signal of the catalogue says so. */
export const Evidence = z.strictObject({
  kind: ObservationKindName,
  /** Which signal, as `package:npm:@example/cli` or `trace:~/.example/sessions/*.jsonl`. */
  signal: z.string(),
  /** Absolute, local output only. */
  path: z.string().nullable(),
  pid: z.int().nullable(),
  at: Instant,
  means: Means,
  strength: Strength,
})
export type Evidence = z.infer<typeof Evidence>

export const Mark = z.strictObject({
  kind: MarkKind,
  at: Instant,
  uncertaintyMs: z.int().nonnegative(),
  basis: MarkBasis,
  strength: Strength,
  /** Keyed hash of the session's name, equal on every device of the organisation; null for other kinds. */
  session: z.string().nullable(),
  doubts: z.array(Doubt),
  /** With `times-disagree`, where it is known: with which other time, and by how much. Informs, and decides nothing. */
  disagreement: Disagreement.optional(),
  /** Kind `run` only: seen running for more than 10 minutes while a tool that keeps records kept none. */
  withoutRecord: z.boolean(),
  /** More like it, of the same day and side of the rule's dates, of which a device told only the first, the last and the number. */
  more: z.int().positive().optional(),
  /** The signal that it rests on. */
  signal: z.string(),
})
export type Mark = z.infer<typeof Mark>

export const Detection = z.strictObject({
  tool: ToolId,
  /** Null: a machine-wide installation that belongs to no one account. */
  account: AccountName.nullable(),
  state: State,
  running: z.boolean(),
  strength: Strength,
  version: z.string().nullable(),
  firstSeenAt: Instant,
  /** Of the newest session mark; null when none. */
  lastUsedAt: Instant.nullable(),
  marks: z.array(Mark),
  evidence: z.array(Evidence),
})
export type Detection = z.infer<typeof Detection>
