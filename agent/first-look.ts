// When a newly installed agent looks for the first time: at once, or after a span in which people can be shown the notice of
// it at login. Pure.

const hourMs = 3_600_000

/**
 * How long the first look still waits, in milliseconds.
 * @param installedAt when the state was made, and `now`, both by the device's clock
 * @param hours of the setting `firstLookAfterHours`
 */
export function firstLookInMs(installedAt: number, now: number, hours: number): number {
  const sinceMs = now - installedAt
  // A clock that was set back must not put the looking off for ever.
  return sinceMs < 0 ? 0 : Math.max(0, hours * hourMs - sinceMs)
}
