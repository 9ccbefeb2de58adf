// From the device's clock to the server's: the one place where instants are converted. Pure.

/** A device clock as measured in one start of the machine: server time minus device time. */
export interface MeasuredClock {
  readonly boot: string
  readonly offsetMs: number
  readonly errorMs: number
  /** The clock was set during the boot. */
  readonly stepped: boolean
}

export interface DeviceInstant {
  readonly at: number
  readonly boot: string | null
  readonly resolutionMs: number
}

/** Until a clock has been measured, nothing is known of it but that its day is about right. */
const unmeasuredMs = 86_400_000
export const dayMs = 86_400_000

/** The beginning of an instant’s day (UTC): for what is not to say when on that day somebody was at work. */
export function dayOf(at: number): number {
  return Math.floor(at / dayMs) * dayMs
}

/** The instant by the server's clock, and how far off it may be. */
export function toServerTime(
  instant: DeviceInstant,
  clocks: readonly MeasuredClock[],
): { readonly at: number; readonly uncertaintyMs: number } {
  const clock = instant.boot === null ? undefined : clocks.find((c) => c.boot === instant.boot)
  if (clock === undefined) {
    return { at: instant.at, uncertaintyMs: Math.max(unmeasuredMs, instant.resolutionMs) }
  }
  return {
    at: Math.round(instant.at + clock.offsetMs),
    uncertaintyMs: Math.ceil(instant.resolutionMs + clock.errorMs),
  }
}

/**
 * What is known of a boot's clock after one more measurement; the same object when nothing more is. A clock that was set
 * meanwhile has two offsets: from then on the error covers both, since nobody can tell which mark lies on which side.
 */
export function mergeClock(known: MeasuredClock | undefined, measured: MeasuredClock): MeasuredClock {
  if (known === undefined) return measured
  const apart = Math.abs(measured.offsetMs - known.offsetMs)
  if (apart > measured.errorMs + known.errorMs || (known.stepped && apart > known.errorMs)) {
    const low = Math.min(known.offsetMs - known.errorMs, measured.offsetMs - measured.errorMs)
    const high = Math.max(known.offsetMs + known.errorMs, measured.offsetMs + measured.errorMs)
    return { boot: known.boot, offsetMs: (low + high) / 2, errorMs: (high - low) / 2, stepped: true }
  }
  // A little better is not worth judging again for.
  return !known.stepped && measured.errorMs < known.errorMs / 2 ? measured : known
}
