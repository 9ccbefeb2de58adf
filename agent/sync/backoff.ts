// How long to wait before the next try. Pure; randomness is passed in.

/** Regular check-ins are spread so that a fleet that was started together does not report together. */
export function regularDelayMs(everySeconds: number, random: () => number): number {
  return Math.round(everySeconds * 1000 * (0.9 + 0.2 * random()))
}

export interface BackoffLimits {
  readonly firstMs: number
  readonly mostMs: number
}

/**
 * Exponential with full jitter: anything from nothing to a bound that doubles with each failure. A server that said how
 * long to wait is asked no earlier, and not by all at that instant.
 * @param failures in a row, from 1
 */
export function retryDelayMs(
  failures: number,
  limits: BackoffLimits,
  retryAfterMs: number | null,
  random: () => number,
): number {
  const bound = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(failures - 1, 30))
  if (retryAfterMs === null) return Math.max(1000, bound * random())
  return retryAfterMs + random() * Math.max(5000, retryAfterMs / 2)
}

/** `Retry-After` in either of its forms (RFC 9110, 10.2.3), bounded to a day; null when there is none or it is unreadable. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  const at = /^\d{1,9}$/.test(value) ? now + Number(value) * 1000 : Date.parse(value)
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), 86_400_000)
}
