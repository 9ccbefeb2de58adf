// Whether a report follows on what its device sent before. Pure: the chain as it stands and the header in, a decision out.
// Replay is told by the counter and the nonce, never by a clock.
import { firstHead, type Hash } from '#shared/envelope.ts'
import type { EnvelopeHeader } from '#shared/protocol.ts'
import { unaccounted, type SequenceRange } from '#shared/tombstone.ts'

/** Where a device's chain stands; null before its first report. */
export interface ChainState {
  readonly epoch: string
  readonly counter: number
  readonly sequence: number
  readonly head: string
  readonly token: string
  readonly envelopeHash: string
  readonly nonces: readonly string[]
}

/** An epoch that ended when another began. */
export interface EndedEpoch {
  readonly counter: number
  readonly head: string
}

export interface Report {
  readonly header: EnvelopeHeader
  readonly envelopeHash: string
  readonly nonce: string
}

/** How a new epoch joins on to the one before. */
export type EpochStart = 'first' | 'continues' | 'unknown-head' | 'uncited'

export type Succession =
  | {
      readonly kind: 'next'
      /** Records that were never received and that the device does not say it gave up; none when the sequence has no hole. */
      readonly missing: readonly SequenceRange[]
      readonly newEpoch: EpochStart | null
    }
  /** The same report again: answer as before, apply nothing. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'diverged'; readonly why: 'counter' | 'token' | 'sequence' | 'head' }
  | { readonly kind: 'clone'; readonly why: 'ended-epoch' }

/** Decides on a report whose signature and commitments have been checked. */
export function succeed(
  chain: ChainState | null,
  ended: EndedEpoch | null,
  report: Report,
  hash: Hash,
): Succession {
  const { header } = report
  if (chain === null) return begin(header, 'first', hash)
  if (header.epoch === chain.epoch) return goOn(chain, report)
  if (ended !== null) {
    return header.counter <= ended.counter ? { kind: 'replayed' } : { kind: 'clone', why: 'ended-epoch' }
  }
  const cited = header.previousEpoch
  const joins = cited?.epoch === chain.epoch && cited.head === chain.head
  return begin(header, cited === null ? 'uncited' : joins ? 'continues' : 'unknown-head', hash)
}

function begin(header: EnvelopeHeader, start: EpochStart, hash: Hash): Succession {
  const missing = missingIn(0, header)
  if (missing.length === 0 && header.previousHead !== firstHead(header.epoch, hash)) {
    return { kind: 'diverged', why: 'head' }
  }
  return { kind: 'next', missing, newEpoch: start }
}

function goOn(chain: ChainState, { header, envelopeHash, nonce }: Report): Succession {
  if (header.counter < chain.counter) return { kind: 'replayed' }
  if (header.counter === chain.counter) {
    if (envelopeHash !== chain.envelopeHash) return { kind: 'diverged', why: 'counter' }
    return chain.nonces.includes(nonce) ? { kind: 'replayed' } : { kind: 'retry' }
  }
  if (header.token !== chain.token) return { kind: 'diverged', why: 'token' }
  const next = chain.sequence + 1
  if (header.from < next) return { kind: 'diverged', why: 'sequence' }
  const missing = missingIn(next, header)
  // Over records that were lost the head cannot be checked: what it was chained to never came. What was given up was never chained.
  if (missing.length === 0 && header.previousHead !== chain.head) return { kind: 'diverged', why: 'head' }
  return { kind: 'next', missing, newEpoch: null }
}

/** What the hole before a report leaves open: a range that its device gave up, and says so, is not missing. */
function missingIn(next: number, { from, tombstone }: EnvelopeHeader): readonly SequenceRange[] {
  return from > next ? unaccounted({ from: next, to: from - 1 }, tombstone?.ranges ?? []) : []
}
