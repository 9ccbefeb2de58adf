// The outbox: records that wait to be sent, the one sealed envelope on its way, and what has been sent. On disk, in order.
// A record leaves it only against a receipt; an envelope is sealed once and sent again byte for byte. Knows no network.
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { firstHead, sealEnvelope, type SaltedRecord } from '#shared/envelope.ts'
import { Envelope, EnvelopeHeader, limits, type Receipt, type WireRecord } from '#shared/protocol.ts'
import type { Told } from '#shared/told.ts'
import { joinTombstones, type Tombstone } from '#shared/tombstone.ts'
import type { Compaction, Spooled } from './compaction.ts'
import { late } from './late.ts'
import { readMeta, writeMeta } from './state/meta.ts'
import { sha256 } from './state/keys.ts'
import {
  bytesAfter,
  carryOut,
  keepTombstone,
  readTombstone,
  spooledAfter,
  spooledBytes,
} from './state/spooled.ts'

/** Where the chain of this device stands. */
export const Chain = z.strictObject({
  epoch: z.string(),
  previousEpoch: z.strictObject({ epoch: z.string(), head: z.string() }).nullable(),
  /** Of the last envelope that was sealed. */
  counter: z.int(),
  /** Of the last record that was written; -1 before the first. */
  sequence: z.int(),
  /** Of the last envelope that was received. */
  head: z.string(),
  token: z.string().nullable(),
})
export type Chain = z.infer<typeof Chain>

export interface SealedEnvelope {
  readonly counter: number
  readonly first: number
  readonly last: number
  readonly head: string
  /** The request's body, compressed: what is sent, again and again until it is received. */
  readonly body: Buffer
}

export interface SentRequest {
  readonly id: number
  readonly at: number
  readonly request: string
  /** The body before compression. */
  readonly body: Buffer
  readonly answer: string | null
}

export type SealFacts = Pick<
  EnvelopeHeader,
  'device' | 'clock' | 'policyVersion' | 'release' | 'organisationKeys'
>

interface OutboxParts {
  readonly database: DatabaseSync
  readonly random: (bytes: number) => Buffer
  readonly sign: (text: string) => Buffer
}

/** Text of records in one envelope: well under the limit even where nothing compresses. */
const envelopeTextBytes = 700_000
const recordsPerEnvelope = 1000
/** What `sent` can show: about a week of check-ins. */
const sentKept = 700

export class Outbox {
  readonly #parts: OutboxParts
  #mostRecords = recordsPerEnvelope
  /** Of the records behind the envelope on its way; null until they are counted. */
  #bytes: number | null = null

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** The chain as it stands; made on first use. */
  chain(): Chain {
    const known = readMeta(this.#parts.database, 'chain', Chain)
    if (known !== null) return known
    const epoch = this.#parts.random(16).toString('base64url')
    const head = firstHead(epoch, sha256)
    return this.#write({ epoch, previousEpoch: null, counter: 0, sequence: -1, head, token: null })
  }

  #write(chain: Chain): Chain {
    writeMeta(this.#parts.database, 'chain', chain)
    return chain
  }

  /** Adds records to the end; call inside a transaction together with what made them. */
  append(records: readonly WireRecord[]): void {
    if (records.length === 0) return
    const chain = this.chain()
    const insert = this.#parts.database.prepare('INSERT INTO records VALUES (?, ?, ?, ?)')
    for (const [index, record] of records.entries()) {
      const salt = this.#parts.random(16).toString('base64url')
      const text = JSON.stringify(record)
      insert.run(chain.sequence + 1 + index, record.type, salt, text)
      if (this.#bytes !== null) this.#bytes += spooledBytes(text.length)
    }
    this.#write({ ...chain, sequence: chain.sequence + records.length })
  }

  /** How many records wait, those on their way included. */
  waiting(): number {
    return Number(this.#parts.database.prepare('SELECT count(*) AS n FROM records').get()?.['n'] ?? 0)
  }

  /** Bytes that the records behind the envelope on its way take, about: what a compaction can make less. */
  bytes(): number {
    this.#bytes ??= bytesAfter(this.#parts.database, this.#sealedTo())
    return this.#bytes
  }

  /** The records behind the envelope on its way, in order. */
  behind(): Iterable<Spooled> {
    return spooledAfter(this.#parts.database, this.#sealedTo())
  }

  /**
   * Gives up what a plan over `behind` gives up; the next envelope says so. Call inside a transaction.
   * @param since first moment of the day (UTC) of the last report, `until` of today
   */
  compact(plan: Compaction, days: { readonly since: number; readonly until: number }): void {
    if (plan.drop.size === 0) return
    const { database } = this.#parts
    const chain = this.chain()
    const after = { sequence: this.#sealedTo(), last: chain.sequence }
    this.#write({ ...chain, sequence: carryOut(database, plan, after, days) })
    this.#bytes = null
  }

  /** How many records were given up for want of room and are in no envelope yet. */
  givenUp(): number {
    return readTombstone(this.#parts.database)?.records ?? 0
  }

  #sealedTo(): number {
    return this.sealed()?.last ?? -1
  }

  /** The envelope on its way, or null. */
  sealed(): SealedEnvelope | null {
    const row = this.#parts.database.prepare('SELECT * FROM sealed ORDER BY counter LIMIT 1').get()
    if (row === undefined) return null
    return {
      counter: Number(row['counter']),
      first: Number(row['first']),
      last: Number(row['last']),
      head: String(row['head']),
      body: Buffer.from(row['body'] as Uint8Array), // a BLOB column
    }
  }

  /**
   * The envelope to send next: the one on its way if there is one, else a new one over the oldest records (none is
   * allowed, as a sign of life). Call inside a transaction.
   * @param told what was told so far: asked for where nothing waits. A server keeps no header without records, so that the
   * hash of what is erased later does not stay
   */
  seal(facts: SealFacts, now: number, told: () => Told | null = () => null): SealedEnvelope {
    const before = this.sealed()
    if (before !== null && this.#isOurs(before)) return before
    if (before !== null) this.#unseal()
    const chain = this.chain()
    const records = this.#next()
    const so = records.length === 0 ? told() : null
    const made = this.#sealWithin(so === null ? facts : { ...facts, told: so }, chain, records)
    const insert = this.#parts.database.prepare('INSERT INTO sealed VALUES (?, ?, ?, ?, ?)')
    insert.run(made.counter, made.first, made.last, made.head, made.body)
    keepTombstone(this.#parts.database, null)
    this.#bytes = null
    this.noteSent(now, `check-in ${made.counter}`, made.body)
    this.#write({ ...chain, counter: made.counter })
    return made
  }

  /** The oldest records that wait, in order. */
  peek(most: number): (SaltedRecord & { readonly sequence: number })[] {
    return this.#parts.database
      .prepare('SELECT sequence, salt, text FROM records ORDER BY sequence LIMIT ?')
      .all(most)
      .map((row) => ({
        sequence: Number(row['sequence']),
        salt: String(row['salt']),
        text: String(row['text']),
      }))
  }

  /** Oldest records that follow each other: a missing number ends an envelope, so that the gap shows at the server. */
  #next(): (SaltedRecord & { readonly sequence: number })[] {
    const records: (SaltedRecord & { readonly sequence: number })[] = []
    let bytes = 0
    for (const record of this.peek(this.#mostRecords)) {
      const previous = records.at(-1)
      if (previous && previous.sequence + 1 !== record.sequence) break
      bytes += Buffer.byteLength(record.text)
      if (previous && bytes > envelopeTextBytes) break
      records.push(record)
    }
    return records
  }

  #sealWithin(
    facts: SealFacts & { readonly told?: Told },
    chain: Chain,
    records: readonly (SaltedRecord & { readonly sequence: number })[],
  ): SealedEnvelope {
    const from = records[0]?.sequence ?? chain.sequence + 1
    const { epoch, previousEpoch, head: previousHead, token } = chain
    const counter = chain.counter + 1
    const tombstone = readTombstone(this.#parts.database)
    const { envelope, head } = sealEnvelope(
      {
        ...facts,
        ...{ epoch, previousEpoch, counter, from, previousHead, token },
        ...(tombstone === null ? {} : { tombstone }),
      },
      records.map(({ salt, text }) => ({ salt, text })),
      sha256,
      (text) => this.#parts.sign(text).toString('base64url'),
    )
    const body = late.zlib().gzipSync(JSON.stringify(envelope))
    if (body.length > limits.compressedBytes && records.length > 1) {
      return this.#sealWithin(facts, chain, records.slice(0, Math.ceil(records.length / 2)))
    }
    return { counter, first: from, last: from + records.length - 1, head, body }
  }

  /**
   * Forgets what the server has confirmed. False when the receipt is for something else than the envelope on its way;
   * nothing is forgotten then. Call inside a transaction.
   */
  acknowledge(receipt: Receipt): boolean {
    const chain = this.chain()
    const sealed = this.sealed()
    if (sealed === null || receipt.epoch !== chain.epoch) return false
    if (receipt.counter !== sealed.counter || receipt.head !== sealed.head) return false
    if (receipt.sequence !== sealed.last) return false
    const { database } = this.#parts
    database.prepare('DELETE FROM records WHERE sequence <= ?').run(sealed.last)
    database.exec('DELETE FROM sealed')
    this.#bytes = null
    this.confirmSent(`check-in ${sealed.counter}`)
    this.#mostRecords = Math.min(recordsPerEnvelope, this.#mostRecords * 2)
    this.#write({ ...chain, previousEpoch: null, head: sealed.head, token: receipt.token })
    return true
  }

  /**
   * Begins a new chain that cites the old one's head. Records that wait are kept, in order, and numbered anew; an
   * envelope on its way is given up, its records with it back in line. Call inside a transaction.
   */
  beginEpoch(): Chain {
    const { database, random } = this.#parts
    const old = this.chain()
    this.#takeBackTombstone()
    const given = readTombstone(database)
    // Its numbers were the old chain's: in the new one nothing is missing before what waits.
    if (given !== null) keepTombstone(database, { ...given, ranges: [] })
    this.#bytes = null
    const rows = database.prepare('SELECT type, salt, text FROM records ORDER BY sequence').all()
    database.exec('DELETE FROM sealed; DELETE FROM records')
    const insert = database.prepare('INSERT INTO records VALUES (?, ?, ?, ?)')
    for (const [index, row] of rows.entries()) {
      insert.run(index, String(row['type']), String(row['salt']), String(row['text']))
    }
    const epoch = random(16).toString('base64url')
    const previousEpoch = { epoch: old.epoch, head: old.head }
    const head = firstHead(epoch, sha256)
    return this.#write({ epoch, previousEpoch, counter: 0, sequence: rows.length - 1, head, token: null })
  }

  /** Lets this chain, which must be new, cite the one of a state that was lost. Call inside a transaction. */
  follow(lost: Chain): void {
    this.#write({ ...this.chain(), previousEpoch: { epoch: lost.epoch, head: lost.head } })
  }

  /** Gives up the envelope on its way, which the server found too large; the next one holds half as many records. */
  reseal(): void {
    const sealed = this.sealed()
    if (sealed === null) return
    this.#mostRecords = Math.max(1, Math.floor((sealed.last - sealed.first + 1) / 2))
    this.#unseal()
  }

  #unseal(): void {
    this.#takeBackTombstone()
    this.#bytes = null
    this.#parts.database.exec('DELETE FROM sealed')
  }

  /** Signed with the key that counts now: no server takes another. The same key signs the same text the same way. */
  #isOurs({ body }: SealedEnvelope): boolean {
    const { header, signature } = envelopeIn(body)
    return this.#parts.sign(header).toString('base64url') === signature
  }

  /** The envelope on its way is given up: what it said was given up has to be said by another. */
  #takeBackTombstone(): void {
    const { database } = this.#parts
    const sealed = this.sealed()
    const said = sealed === null ? null : tombstoneIn(sealed.body)
    if (said === null) return
    const later = readTombstone(database)
    keepTombstone(database, later === null ? said : joinTombstones(said, later))
  }

  /** What has been sent, oldest first, bodies expanded. */
  sent(): SentRequest[] {
    const rows = this.#parts.database.prepare('SELECT * FROM sent ORDER BY id').all()
    return rows.map((row) => {
      const body = Buffer.from(row['body'] as Uint8Array) // a BLOB column
      return {
        id: Number(row['id']),
        at: Number(row['at']),
        request: String(row['request']),
        body: body[0] === 0x1f && body[1] === 0x8b ? late.zlib().gunzipSync(body) : body,
        answer: row['answer'] === null ? null : String(row['answer']),
      }
    })
  }

  /** The newest request of this name was answered. */
  confirmSent(request: string): void {
    this.#parts.database
      .prepare("UPDATE sent SET answer = 'received' WHERE id = (SELECT max(id) FROM sent WHERE request = ?)")
      .run(request)
  }

  /** Keeps the exact bytes of a request for `sent`. `body` as sent, compressed. */
  noteSent(at: number, request: string, body: Buffer): void {
    const { database } = this.#parts
    database.prepare('INSERT INTO sent (at, request, body) VALUES (?, ?, ?)').run(at, request, body)
    database.prepare('DELETE FROM sent WHERE id <= (SELECT max(id) FROM sent) - ?').run(sentKept)
  }

  /** Forgets the oldest of what was sent where all of it takes more than so many bytes; the newest stays, however large. */
  pruneSent(bytes: number): void {
    this.#parts.database
      .prepare(
        `DELETE FROM sent WHERE id < (SELECT max(id) FROM sent) AND id <= (SELECT max(id) FROM
          (SELECT id, sum(length(body)) OVER (ORDER BY id DESC) AS bytes FROM sent) WHERE bytes > ?)`,
      )
      .run(bytes)
  }
}

function tombstoneIn(body: Buffer): Tombstone | null {
  return EnvelopeHeader.parse(JSON.parse(envelopeIn(body).header)).tombstone ?? null
}

function envelopeIn(body: Buffer): Envelope {
  return Envelope.parse(JSON.parse(late.zlib().gunzipSync(body).toString()))
}
