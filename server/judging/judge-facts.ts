// Judges detections from facts that have been read. Stores nothing; asks the database for nothing.
import { judge, type DeviceFinding } from '#shared/judge.ts'
import type { Coverage } from '#shared/observation.ts'
import type { Context } from '../context.ts'
import { findingId } from '../pseudonym.ts'
import type { DetectionFact, MarkFact } from '../store/facts.ts'
import { toJudged } from './detections.ts'
import type { MeasuredClock } from '../ingest/device-time.ts'
import type { Rules } from './rulebook.ts'
import { isByMarks } from './verdict.ts'

/** What of the context judging needs. */
export type Judge = Pick<Context, 'catalogue' | 'keys'>

/** What is held of one device. */
export interface Held {
  readonly device: string
  readonly clocks: readonly MeasuredClock[]
  readonly coverage: readonly (Coverage & { readonly device: string })[]
}

/** One detection and the marks to judge it by. */
export interface Facts {
  readonly detection: DetectionFact
  readonly marks: readonly MarkFact[]
}

export interface JudgedFacts {
  readonly id: string
  readonly detection: DetectionFact
  /** Null: nothing to find. */
  readonly finding: DeviceFinding | null
}

export function judgeFacts(
  { catalogue, keys }: Judge,
  rules: Rules,
  { device, clocks, coverage }: Held,
  facts: readonly Facts[],
  now: number,
): JudgedFacts[] {
  const timezone = rules.versions.at(-1)?.policy.timezone ?? 'UTC'
  const own = rules.forDevice(device)
  return facts.map(({ detection, marks }) => {
    const judged = toJudged(detection, marks, clocks, timezone)
    const [finding = null] = judge({
      ...own,
      detections: [judged],
      tools: catalogue.tools,
      coverage,
      catalogue: catalogue.version,
      now,
    })
    // A tool that is gone is not there: only what its marks say remains.
    const there = finding !== null && (detection.gone === 0 || isByMarks(finding))
    const id = findingId(keys, device, judged.account, detection.tool)
    return { id, detection, finding: there ? finding : null }
  })
}
