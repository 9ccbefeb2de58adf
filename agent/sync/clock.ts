// The device's clock set against the server's, measured with each signed time that answers a request of ours. Pure.
import { z } from 'zod'
import type { Signed } from '#shared/protocol.ts'
import type { ClockMeasure } from '../report/windows.ts'

/** No server's clock stands outside these years, whatever it says; an offset from there would leave the calendar. */
const years = { first: Date.UTC(2000, 0), last: Date.UTC(2200, 0) }
const SignedTime = z.object({ at: z.int().min(years.first).max(years.last), nonce: z.string() })

/** One request: device clock before and after, and by a monotonic clock how long it took. */
export interface Exchange {
  readonly nonce: string
  readonly sentAt: number
  readonly receivedAt: number
  readonly tookMs: number
}

/**
 * Server clock minus device clock. Null when the time is not the server's answer to this very request, or when the
 * device's clock was set while it ran.
 */
export function measureClock(
  time: Signed,
  exchange: Exchange,
  boot: string,
  verify: (text: string, signature: string) => boolean,
): ClockMeasure | null {
  if (!verify(time.text, time.signature)) return null
  const told = readTime(time.text)
  if (told === null || told.nonce !== exchange.nonce) return null
  if (Math.abs(exchange.receivedAt - exchange.sentAt - exchange.tookMs) > 1000) return null
  const middle = exchange.sentAt + exchange.tookMs / 2
  // Both clocks tell whole milliseconds.
  return { boot, offsetMs: told.at - middle, errorMs: exchange.tookMs / 2 + 1 }
}

function readTime(text: string): z.infer<typeof SignedTime> | null {
  try {
    return SignedTime.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Boots whose offset is kept: marks of earlier ones have left long ago. */
const bootsKept = 10

/**
 * The measures after one more: of each boot the surest, unless the two cannot both be true; then the clock was set, and
 * the newer one holds.
 */
export function withMeasure(
  measures: readonly ClockMeasure[],
  fresh: ClockMeasure,
): { readonly measures: readonly ClockMeasure[]; readonly stepped: boolean } {
  const known = measures.find((m) => m.boot === fresh.boot)
  const others = measures.filter((m) => m.boot !== fresh.boot)
  if (known === undefined) return { measures: [...others, fresh].slice(-bootsKept), stepped: false }
  const stepped = Math.abs(known.offsetMs - fresh.offsetMs) > known.errorMs + fresh.errorMs
  const better = stepped || fresh.errorMs < known.errorMs
  return { measures: better ? [...others, fresh] : measures, stepped }
}
