// A report taken out of its envelope: signature, commitments, chain and every record checked, the database not asked.
import { openEnvelope, type EnvelopeFault } from '#shared/envelope.ts'
import { Envelope, PROTOCOL_VERSION, WireRecord, type EnvelopeHeader } from '#shared/protocol.ts'
import { readPublicKey, sha256, verifierOf } from '../crypto.ts'
import { RequestProblem } from '../errors.ts'
import type { Device } from '../store/devices.ts'
import { parseBounded, parseKnown } from './body.ts'

export interface Report {
  readonly envelope: Envelope
  readonly header: EnvelopeHeader
  /** Those that this server can read. */
  readonly records: readonly WireRecord[]
  /** How many of a newer agent's it cannot: they are kept as signed, and told again to a newer server. */
  readonly passedOver: number
  readonly hash: string
}

/** Checks the envelope by itself, before anything is asked of the database. */
export function openReport(device: Pick<Device, 'id' | 'key'>, body: unknown): Report {
  const envelope = parseKnown(Envelope, body, 'bad-envelope')
  const key = readPublicKey(device.key)
  if (key === null) throw new Error(`device ${device.id} has an unreadable key`)
  const result = openEnvelope(envelope, sha256, verifierOf(key))
  if (!result.ok) throw new RequestProblem('bad-envelope', faultText(result.fault, result.sequence))
  const { header } = result
  if (header.device !== device.id) throw new RequestProblem('bad-envelope', 'the header names another device')
  const records = result.records.flatMap((record, index) => readRecord(record.text, header, index))
  const passedOver = result.records.length - records.length
  return { envelope, header, records, passedOver, hash: sha256(`${envelope.header}\n${envelope.signature}`) }
}

function faultText(fault: EnvelopeFault, sequence: number | null): string {
  return sequence === null ? fault : `${fault} at sequence ${sequence}`
}

function readRecord(text: string, header: EnvelopeHeader, index: number): WireRecord[] {
  const value = parseBounded(text)
  try {
    return [parseKnown(WireRecord, value, 'bad-record')]
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error
    // A newer agent may tell of more kinds of things: refused, all that waits behind it would never come.
    if (header.protocol > PROTOCOL_VERSION) return []
    throw new RequestProblem('bad-record', `record at sequence ${header.from + index}`, error.extra)
  }
}
