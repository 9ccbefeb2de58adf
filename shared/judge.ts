// The judgement: from detections, policy versions, waivers and people to findings. The table of design section 2, nothing else.
// Pure: the same input gives the same findings in whatever order it comes.
import type { Mark, State } from './detection.ts'
import type { Finding } from './finding.ts'
import type { Coverage } from './observation.ts'
import type { People, Waiver } from './people.ts'
import type { Policy } from './policy.ts'
import type { Tool } from './tool.ts'

/** A policy version and since when it has been in force (server clock); it is until the next one is. */
export interface PolicyVersion {
  readonly activatedAt: number
  readonly policy: Policy
}

/** A detection as judged: instants already converted from the device's clock to the server's, uncertainty included. */
export interface JudgedDetection {
  readonly device: string
  readonly account: string | null
  readonly tool: string
  readonly state: State
  readonly running: boolean
  /** First instant of the day of installation, when known; `'before'` when known to lie before the cutoff. */
  readonly installed: number | 'before' | null
  readonly usedBeforeCutoff: boolean | null
  readonly marks: readonly Mark[]
}

export interface JudgeInput {
  readonly detections: readonly JudgedDetection[]
  readonly versions: readonly PolicyVersion[]
  readonly waivers: readonly Waiver[]
  readonly people: People
  /** What selectors of a rule ask about: every tool of the catalogue. */
  readonly tools: readonly Pick<Tool, 'id' | 'vendor' | 'vendorCountry' | 'category'>[]
  readonly coverage: readonly (Coverage & { readonly device: string })[]
  readonly catalogue: string
  readonly now: number
}

export type DeviceFinding = Finding & { readonly device: string }

export declare function judge(input: JudgeInput): DeviceFinding[]
