// What every language must have words for: one entry per code, so that a new code does not compile without its sentence.
// Types only. A sentence about a code says what is known, never that a person is guilty.
import type { ContactState } from '../contact.ts'
import type { Doubt, MarkBasis, MarkKind, State } from '../detection.ts'
import type { Finding, FindingStatus, Lifecycle, MarkVerdict, ReasonCode } from '../finding.ts'
import type { CoverageState, GapReason, ObservationKind } from '../observation.ts'
import type { ProblemCode } from '../problem.ts'
import type { Counts } from '../policy.ts'
import type { Category, Means, Platform, Strength } from '../tool.ts'
import type { Behaviour } from '../unlisted-finding.ts'
import type { ToolTerms } from './signal-vocabulary.ts'
import type { TimeTerms } from './time-words.ts'

export type WouldChange = Finding['wouldChange'][number]
export const tableRows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
export type TableRow = (typeof tableRows)[number]
/** What a finding of `undetermined` lacks, as shared/rules.ts tells it: `owner`, or `group NAME`. */
export type MissingCode = 'owner' | 'group' | 'other'

/** `label`: a few words for a badge or a column. `about`: one sentence that stands by itself. */
export interface Term {
  readonly label: string
  readonly about: string
}
/** `next`: what somebody who is responsible for it can do now. */
export interface StatusTerm extends Term {
  readonly next: string
}
/** `when`: the condition of the row. `result`: what follows from it. */
export interface RowTerm {
  readonly when: string
  readonly result: string
}

export interface Words {
  readonly status: Readonly<Record<FindingStatus, StatusTerm>>
  readonly markVerdict: Readonly<Record<MarkVerdict, Term>>
  readonly reason: Readonly<Record<ReasonCode, string>>
  readonly row: Readonly<Record<TableRow, RowTerm>>
  readonly wouldChange: Readonly<Record<WouldChange, string>>
  readonly missing: Readonly<Record<MissingCode, string>>
  readonly lifecycle: Readonly<Record<Lifecycle, Term>>
  readonly state: Readonly<Record<State, Term>>
  readonly markKind: Readonly<Record<MarkKind, Term>>
  readonly basis: Readonly<Record<MarkBasis, Term>>
  readonly strength: Readonly<Record<Strength, Term>>
  readonly doubt: Readonly<Record<Doubt, string>>
  /** By how much times disagree; shared/words/time-words.ts makes sentences of it. */
  readonly times: TimeTerms
  readonly means: Readonly<Record<Means, Term>>
  readonly observation: Readonly<Record<ObservationKind, Term>>
  /** A finding about something that is in no catalogue, in place of its status's words. */
  readonly unlisted: StatusTerm
  /** What something that is in no catalogue does as AI coding agents do. */
  readonly behaviour: Readonly<Record<Behaviour, Term>>
  readonly gap: Readonly<Record<GapReason, Term>>
  readonly coverage: Readonly<Record<CoverageState, Term>>
  readonly contact: Readonly<Record<ContactState, Term>>
  readonly counts: Readonly<Record<Counts, string>>
  readonly category: Readonly<Record<Category, string>>
  readonly platform: Readonly<Record<Platform, string>>
  /** What a tool is and how it is recognised; shared/words/signal-words.ts makes sentences of it. */
  readonly tool: ToolTerms
  /** What to do about a problem; its title is in problem.ts, its detail comes with it. */
  readonly problem: Readonly<Record<ProblemCode, string>>
}

/** What is seen, before any judgement. */
export type GroundWords = Omit<
  Words,
  'status' | 'markVerdict' | 'reason' | 'row' | 'wouldChange' | 'missing' | 'lifecycle' | 'problem'
>
