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
  /** Those of a kind that this server knows. */
  readonly records: readonly WireRecord[]
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
  return { envelope, header, records, hash: sha256(`${envelope.header}\n${envelope.signature}`) }
}

function faultText(fault: EnvelopeFault, sequence: number | null): string {
  return sequence === null ? fault : `${fault} at sequence ${sequence}`
}

const knownTypes: ReadonlySet<string> = new Set(WireRecord.options.map((option) => option.shape.type.value))

function readRecord(text: string, header: EnvelopeHeader, index: number): WireRecord[] {
  const value = parseBounded(text)
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  // A newer agent may tell more kinds of record: they are kept as signed, and understood by a newer server.
  if (header.protocol > PROTOCOL_VERSION && typeof type === 'string' && !knownTypes.has(type)) return []
  try {
    return [parseKnown(WireRecord, value, 'bad-record')]
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error
    throw new RequestProblem('bad-record', `record at sequence ${header.from + index}`, error.extra)
  }
}
