// Places marks, the announcement and the cutoff on one line of time. Pure; positions are shares of the width, 0 to 1.

export interface Span {
  readonly from: number
  readonly until: number
}

/** A mark's place: its middle and the two ends of its uncertainty. */
export interface Placed {
  readonly at: number
  readonly from: number
  readonly until: number
}

/**
 * The span of time to show: every instant given with its uncertainty, and some air on both sides.
 * At least an hour long, so that one mark alone has a place.
 */
export function spanOf(
  instants: readonly { readonly at: number; readonly uncertaintyMs: number }[],
): Span | null {
  if (instants.length === 0) return null
  const from = Math.min(...instants.map((one) => one.at - one.uncertaintyMs))
  const until = Math.max(...instants.map((one) => one.at + one.uncertaintyMs))
  const air = Math.max((until - from) * 0.06, 1_800_000)
  return { from: from - air, until: until + air }
}

/** The share of the span at which an instant lies, held to the span. */
export function shareOf(at: number, span: Span): number {
  return Math.min(1, Math.max(0, (at - span.from) / (span.until - span.from)))
}

export function placeMark(mark: { readonly at: number; readonly uncertaintyMs: number }, span: Span): Placed {
  return {
    at: shareOf(mark.at, span),
    from: shareOf(mark.at - mark.uncertaintyMs, span),
    until: shareOf(mark.at + mark.uncertaintyMs, span),
  }
}

const steps = [
  600_000,
  1_800_000,
  3_600_000,
  6 * 3_600_000,
  12 * 3_600_000,
  86_400_000,
  2 * 86_400_000,
  7 * 86_400_000,
  14 * 86_400_000,
  30 * 86_400_000,
  91 * 86_400_000,
  365 * 86_400_000,
]

/** Even instants for an axis, at most `most` of them, counted from an instant that is even in the viewer's zone. */
export function ticksOf(span: Span, most: number, offsetMs = 0): readonly number[] {
  const length = span.until - span.from
  const step = steps.find((candidate) => length / candidate <= most) ?? steps.at(-1) ?? length
  const first = Math.ceil((span.from + offsetMs) / step) * step - offsetMs
  const ticks: number[] = []
  for (let at = first; at <= span.until; at += step) ticks.push(at)
  return ticks
}
