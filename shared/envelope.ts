// The evidence envelope: a device's signed header over salted commitments of its records, chained from one to the next.
// Pure: hashing, signing and randomness are passed in. Erasing a record leaves its commitment, so that the chain still verifies.
import type { Envelope } from './protocol.ts'
import { EnvelopeHeader, PROTOCOL_VERSION } from './protocol.ts'

/** SHA-256 of UTF-8 text as base64url without padding. */
export type Hash = (text: string) => string
/** Ed25519 over UTF-8 text, base64url without padding. */
export type Sign = (text: string) => string
export type Verify = (text: string, signature: string) => boolean

/** The head of a chain that has no record yet: the epoch's own name, so that no two epochs share a head. */
export function firstHead(epoch: string, hash: Hash): string {
  return hash(`cutoff-epoch\n${epoch}`)
}

/** What stands for a record when it is gone: a hash over its salt, its place in the sequence and its exact text. */
export function commitmentOf(sequence: number, salt: string, text: string, hash: Hash): string {
  return hash(`cutoff-record\n${sequence}\n${salt}\n${text}`)
}

/** The head after some more commitments: each is hashed onto the one before. */
export function headAfter(previousHead: string, commitments: readonly string[], hash: Hash): string {
  return commitments.reduce((head, commitment) => hash(`cutoff-link\n${head}\n${commitment}`), previousHead)
}

/** A record as kept for sending: exact text and the salt drawn when it was written. */
export interface SaltedRecord {
  readonly salt: string
  readonly text: string
}

export type HeaderFacts = Pick<
  EnvelopeHeader,
  | 'device'
  | 'epoch'
  | 'previousEpoch'
  | 'counter'
  | 'from'
  | 'previousHead'
  | 'token'
  | 'clock'
  | 'policyVersion'
  | 'release'
  | 'organisationKeys'
  | 'tombstone'
  | 'told'
>

/** Seals records that follow each other from `facts.from` on; none is allowed, as a sign of life. */
export function sealEnvelope(
  facts: HeaderFacts,
  records: readonly SaltedRecord[],
  hash: Hash,
  sign: Sign,
): { readonly envelope: Envelope; readonly head: string; readonly to: number } {
  const commitments = records.map((r, index) => commitmentOf(facts.from + index, r.salt, r.text, hash))
  const head = headAfter(facts.previousHead, commitments, hash)
  const to = facts.from + records.length - 1
  const header = JSON.stringify({
    protocol: PROTOCOL_VERSION,
    ...facts,
    to: Math.max(to, 0),
    head,
    commitments,
  } satisfies EnvelopeHeader)
  return { envelope: { header, signature: sign(header), records: [...records] }, head, to }
}

export type EnvelopeFault =
  | 'header-unreadable'
  | 'header-signature'
  | 'record-count'
  | 'record-commitment'
  | 'chain-head'
  | 'sequence-range'

export type OpenedEnvelope =
  | { readonly ok: true; readonly header: EnvelopeHeader; readonly records: readonly SaltedRecord[] }
  | { readonly ok: false; readonly fault: EnvelopeFault; readonly sequence: number | null }

/**
 * Checks an envelope by itself: signature, commitments and chain. Whether it follows on the one before is the caller's.
 * `sequence` names the first record that does not fit, where one does not.
 */
export function openEnvelope(envelope: Envelope, hash: Hash, verify: Verify): OpenedEnvelope {
  const fail = (fault: EnvelopeFault, sequence: number | null = null): OpenedEnvelope => ({
    ok: false,
    fault,
    sequence,
  })
  if (!verify(envelope.header, envelope.signature)) return fail('header-signature')
  const header = readHeader(envelope.header)
  if (header === null) return fail('header-unreadable')
  const count = header.commitments.length
  if (count !== envelope.records.length) return fail('record-count')
  if (header.to !== Math.max(header.from + count - 1, 0)) return fail('sequence-range')
  for (const [index, record] of envelope.records.entries()) {
    const sequence = header.from + index
    if (commitmentOf(sequence, record.salt, record.text, hash) !== header.commitments[index]) {
      return fail('record-commitment', sequence)
    }
  }
  if (headAfter(header.previousHead, header.commitments, hash) !== header.head) return fail('chain-head')
  return { ok: true, header, records: envelope.records }
}

function readHeader(text: string): EnvelopeHeader | null {
  try {
    const parsed = EnvelopeHeader.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null // not JSON
  }
}
