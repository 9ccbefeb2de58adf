// Slows down whoever guesses: counts failures by address, and refuses that address for the rest of the minute.
// Only failures count, so that a whole office behind one address can enrol at once.
import { RequestProblem } from './errors.ts'

const windowMs = 60_000
/** Addresses remembered; beyond that the oldest are forgotten. */
const maxAddresses = 10_000

interface Window {
  readonly endsAt: number
  failures: number
}

export interface FailureLimit {
  /** Refuses an address that has failed too often. */
  readonly check: (address: string) => void
  readonly failed: (address: string) => void
}

export function failureLimit(maxFailures: number, now: () => number): FailureLimit {
  const windows = new Map<string, Window>()
  const current = (address: string): Window | undefined => {
    const window = windows.get(address)
    return window !== undefined && now() < window.endsAt ? window : undefined
  }
  return {
    check(address) {
      const window = current(address)
      if (window === undefined || window.failures < maxFailures) return
      const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now()) / 1000))
      throw new RequestProblem('too-many-requests', undefined, { retryAfterSeconds })
    },
    failed(address) {
      const window = current(address)
      if (window !== undefined) {
        window.failures++
        return
      }
      windows.delete(address)
      const oldest = windows.size >= maxAddresses ? windows.keys().next() : null
      if (oldest?.done === false) windows.delete(oldest.value)
      windows.set(address, { endsAt: now() + windowMs, failures: 1 })
    },
  }
}
