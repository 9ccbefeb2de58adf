// A device for tests of the server: a key, a chain, signed requests. Does what the agent does, and on demand what it must not.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { firstHead, sealEnvelope, type HeaderFacts, type SaltedRecord } from '#shared/envelope.ts'
import { contentDigest, signatureBase, signatureHeaders, type SignedRequest } from '#shared/http-signature.ts'
import type { CheckInResponse, EnrolResponse, Envelope, Receipt, WireRecord } from '#shared/protocol.ts'
import type { FastifyInstance } from 'fastify'

export const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

export interface SendOptions {
  readonly nonce?: string
  /** Milliseconds since 1970 by the device's clock. */
  readonly now?: number
  readonly keyId?: string
  readonly key?: KeyObject
  readonly authority?: string
  /** Changes the headers after signing. */
  readonly tamper?: (headers: Record<string, string>) => void
  /** Changes the body after its digest was signed. */
  readonly tamperBody?: (bytes: Buffer) => Buffer
  readonly gzip?: boolean
  /** Sends what was signed for one address to another. */
  readonly moveTo?: string
}

export class TestDevice {
  readonly key = generateKeyPairSync('ed25519').privateKey
  readonly server: FastifyInstance
  readonly authority: string
  readonly now: () => number
  id = ''
  epoch = randomBytes(12).toString('base64url')
  previousEpoch: HeaderFacts['previousEpoch'] = null
  counter = 0
  next = 0
  head = firstHead(this.epoch, hash)
  token: string | null = null
  clock: HeaderFacts['clock'] = null

  constructor(server: FastifyInstance, now: () => number, authority = '127.0.0.1:8740') {
    this.server = server
    this.now = now
    this.authority = authority
  }

  get publicKey(): string {
    return this.key.export({ format: 'jwk' }).x ?? ''
  }

  host(change: Partial<Extract<WireRecord, { type: 'host' }>> = {}): Extract<WireRecord, { type: 'host' }> {
    return {
      type: 'host',
      hostname: 'laptop-of-alice',
      os: 'linux',
      osVersion: 'Debian 12',
      arch: 'x64',
      serial: null,
      agentVersion: '0.1.0',
      keyProtection: 'file',
      ...change,
    }
  }

  /** Sends a signed request; POST with a body, GET without. */
  async send(
    method: 'GET' | 'POST',
    url: string,
    body?: unknown,
    options: SendOptions = {},
    extra: Record<string, string> = {},
  ) {
    const text = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
    const bytes = text === null ? null : options.gzip === false ? text : gzipSync(text)
    const [path = '', query] = url.split('?')
    const digest = bytes === null ? null : contentDigest(createHash('sha256').update(bytes).digest('base64'))
    const parts: SignedRequest = {
      method,
      authority: options.authority ?? this.authority,
      path,
      query: query === undefined ? '?' : `?${query}`,
      contentDigest: digest,
      contentType: bytes === null ? null : 'application/json',
      contentEncoding: bytes === null ? null : 'gzip',
    }
    const parameters = {
      created: Math.floor((options.now ?? this.now()) / 1000),
      nonce: options.nonce ?? randomBytes(16).toString('base64url'),
      keyId: options.keyId ?? this.id,
    }
    const signature = sign(
      null,
      Buffer.from(signatureBase(parts, parameters)),
      options.key ?? this.key,
    ).toString('base64')
    const headers: Record<string, string> = { ...signatureHeaders(parts, parameters, signature), ...extra }
    if (digest !== null) {
      Object.assign(headers, {
        'content-digest': digest,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      })
    }
    options.tamper?.(headers)
    const payload = bytes === null ? undefined : (options.tamperBody?.(bytes) ?? bytes)
    return this.server.inject({
      method,
      url: options.moveTo ?? url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
  }

  async enrol(token: string, host = this.host(), options: SendOptions = {}) {
    const body = { protocol: 1, token, key: this.publicKey, host }
    const response = await this.send('POST', '/api/v1/enrol', body, { keyId: this.publicKey, ...options })
    if (response.statusCode === 200) this.id = response.json<EnrolResponse>().device
    return response
  }

  /** Seals records as the next of the chain and takes them into it. */
  seal(records: readonly WireRecord[], change: Partial<HeaderFacts> = {}): Envelope {
    const salted: SaltedRecord[] = records.map((record) => ({
      salt: randomBytes(16).toString('base64url'),
      text: JSON.stringify(record),
    }))
    return this.sealTexts(salted, change)
  }

  sealTexts(salted: readonly SaltedRecord[], change: Partial<HeaderFacts> = {}): Envelope {
    const facts: HeaderFacts = {
      device: this.id,
      epoch: this.epoch,
      previousEpoch: this.previousEpoch,
      counter: ++this.counter,
      from: this.next,
      previousHead: this.head,
      token: this.token,
      clock: this.clock,
      policyVersion: null,
      ...change,
    }
    const sealed = sealEnvelope(facts, salted, hash, (text) =>
      sign(null, Buffer.from(text), this.key).toString('base64url'),
    )
    this.head = sealed.head
    this.next = facts.from + salted.length
    return sealed.envelope
  }

  /** Sends an envelope and keeps the receipt's token. */
  async report(envelope: Envelope, options: SendOptions = {}) {
    const response = await this.send('POST', '/api/v1/check-in', envelope, options)
    if (response.statusCode === 200) {
      const receipt = JSON.parse(response.json<CheckInResponse>().receipt.text) as Receipt
      this.token = receipt.token
    }
    return response
  }

  checkIn(records: readonly WireRecord[], options: SendOptions = {}) {
    return this.report(this.seal(records), options)
  }

  /** Another machine with the same state. */
  copy(): TestDevice {
    const copy = new TestDevice(this.server, this.now, this.authority)
    const { key, id, epoch, previousEpoch, counter, next, head, token, clock } = this
    return Object.assign(copy, { key, id, epoch, previousEpoch, counter, next, head, token, clock })
  }

  /** Loses its state: a new epoch, citing the old one's head or not. */
  startEpoch(cite: boolean): void {
    this.previousEpoch = cite ? { epoch: this.epoch, head: this.head } : null
    this.epoch = randomBytes(12).toString('base64url')
    this.head = firstHead(this.epoch, hash)
    this.next = 0
    this.counter = 0
    this.token = null
  }
}
