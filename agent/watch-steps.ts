// The catalogue's templates of session traces as a tree of steps, for a watch that goes down them folder by folder. Pure.
import { segmentsOf } from '#shared/place.ts'
import type { TraceSignal } from '#shared/tool.ts'

/** What may lie in a folder. */
export interface Step {
  readonly segment: string
  readonly next: Step[]
  readonly signals: TraceSignal[]
}

/** Templates below a home; only what tells of sessions. */
export function stepsOf(signals: readonly TraceSignal[]): readonly Step[] {
  const root: Step = { segment: '~', next: [], signals: [] }
  for (const signal of signals) {
    if (signal.means !== 'session' || signal.subAgent === true || !signal.place.startsWith('~/')) continue
    let step = root
    for (const segment of segmentsOf(signal.place).slice(1)) {
      const known = step.next.find((next) => next.segment === segment)
      const next = known ?? { segment, next: [], signals: [] }
      if (known === undefined) step.next.push(next)
      step = next
    }
    step.signals.push(signal)
  }
  return root.next
}

/** What of the templates lies below a place (`~`, `~/.claude`). */
export function stepsBelow(steps: readonly Step[], place: string): readonly Step[] {
  return segmentsOf(place)
    .slice(1)
    .reduce<readonly Step[]>((at, segment) => at.find((step) => step.segment === segment)?.next ?? [], steps)
}

/** Whether many folders can fit it. */
export function isWild(step: Step): boolean {
  return step.segment.includes('*')
}
