// Messages of D-Bus as far as a notification needs them: method calls out, their answers in. Bytes and values, no socket. Pure.
// Source: D-Bus Specification 0.43, "Message Protocol" and "Marshaling", looked at 2026-11-23. Why not a library: dbus-next has
// had no release since 2021, and what is needed of it are these lines.

/** One method call: where to, what, and its arguments, already marshalled. */
export interface MethodCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  /** Types of the arguments, such as `susv`; empty without any. */
  readonly signature: string
  readonly body: Buffer
}

export interface Answer {
  /** The serial of the call that it answers; null for signals and calls, which are nobody's answer. */
  readonly to: number | null
  /** Name of the error; null for a success. */
  readonly error: string | null
  readonly signature: string
  readonly body: Buffer
  readonly littleEndian: boolean
}

const types = { call: 1, answer: 2, error: 3 } as const
const fields = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  answerTo: 5,
  destination: 6,
  signature: 8,
} as const
/** Of the header before its fields. */
const fixedBytes = 16
/** A notification's answer is a number or a few words; whoever sends more is not listened to. */
export const maxMessageBytes = 1024 * 1024

/** Puts values together in D-Bus’s layout, little-endian. */
export class Marshal {
  readonly #parts: Buffer[] = []
  #size = 0

  bytes(bytes: Buffer): this {
    this.#parts.push(bytes)
    this.#size += bytes.length
    return this
  }
  /** Zeros up to a multiple. */
  align(to: number): this {
    return this.bytes(Buffer.alloc((to - (this.#size % to)) % to))
  }
  byte(value: number): this {
    return this.bytes(Buffer.from([value]))
  }
  uint32(value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return this.align(4).bytes(bytes)
  }
  int32(value: number): this {
    return this.uint32(value >>> 0)
  }
  /** Strings end at a zero: one within would be refused by the bus. */
  string(text: string): this {
    const bytes = Buffer.from(text.replaceAll('\0', ''), 'utf8')
    return this.uint32(bytes.length).bytes(bytes).byte(0)
  }
  signature(text: string): this {
    const bytes = Buffer.from(text, 'latin1')
    return this.byte(bytes.length).bytes(bytes).byte(0)
  }
  /** @param alignment of the array's elements */
  array(alignment: number, items: (into: Marshal) => void): this {
    // Elements are aligned from the beginning of the message; every array here begins at a multiple of 8 once it is aligned.
    const inner = new Marshal()
    items(inner)
    const bytes = inner.done()
    return this.uint32(bytes.length).align(alignment).bytes(bytes)
  }
  done(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

export function encodeCall(call: MethodCall, serial: number): Buffer {
  const text = (into: Marshal, field: number, type: 's' | 'o', value: string) =>
    into.align(8).byte(field).signature(type).string(value)
  return new Marshal()
    .bytes(Buffer.from(['l'.charCodeAt(0), types.call, 0, 1]))
    .uint32(call.body.length)
    .uint32(serial)
    .array(8, (into) => {
      text(into, fields.path, 'o', call.path)
      text(into, fields.interface, 's', call.interface)
      text(into, fields.member, 's', call.member)
      text(into, fields.destination, 's', call.destination)
      if (call.signature !== '') into.align(8).byte(fields.signature).signature('g').signature(call.signature)
    })
    .align(8)
    .bytes(call.body)
    .done()
}

/**
 * The first message in the bytes, and how many it takes; null while it is not whole; `broken` for what is no message.
 */
export function decodeMessage(
  bytes: Buffer,
): { readonly message: Answer; readonly size: number } | 'broken' | null {
  if (bytes.length < fixedBytes) return null
  const order = String.fromCharCode(bytes[0] ?? 0)
  if (order !== 'l' && order !== 'B') return 'broken'
  const littleEndian = order === 'l'
  const at = (place: number) => (littleEndian ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place))
  const bodyBytes = at(4)
  const headEnd = fixedBytes + at(12)
  const bodyStart = Math.ceil(headEnd / 8) * 8
  const size = bodyStart + bodyBytes
  if (size > maxMessageBytes) return 'broken'
  if (bytes.length < size) return null
  try {
    const found = headerFields(new Unmarshal(bytes.subarray(0, headEnd), fixedBytes, littleEndian))
    const type = bytes[1]
    const isAnswer = type === types.answer || type === types.error
    const error = type === types.error ? String(found.get(fields.error) ?? 'unnamed') : null
    const body = bytes.subarray(bodyStart, size)
    const signature = String(found.get(fields.signature) ?? '')
    const to = found.get(fields.answerTo)
    return {
      size,
      message: { to: isAnswer && typeof to === 'number' ? to : null, error, signature, body, littleEndian },
    }
  } catch (error) {
    if (error instanceof RangeError) return 'broken' // reads past its end
    throw error
  }
}

/** Words of an answer that is a list of them; none where it is something else. */
export function wordsIn({ signature, body, littleEndian }: Answer): readonly string[] {
  if (signature !== 'as') return []
  try {
    const read = new Unmarshal(body, 0, littleEndian)
    const end = read.uint32() + 4
    const words: string[] = []
    while (read.place < end) words.push(read.string())
    return words
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

function headerFields(read: Unmarshal): ReadonlyMap<number, string | number> {
  const found = new Map<number, string | number>()
  while (!read.ended()) {
    read.align(8)
    const field = read.byte()
    const type = read.signature()
    if (type === 's' || type === 'o') found.set(field, read.string())
    else if (type === 'g') found.set(field, read.signature())
    else if (type === 'u') found.set(field, read.uint32())
    else throw new RangeError(`no header field is of type ${type}`)
  }
  return found
}

/** Reads values; a RangeError where the bytes end before. */
class Unmarshal {
  place: number
  readonly #bytes: Buffer
  readonly #littleEndian: boolean

  constructor(bytes: Buffer, place: number, littleEndian: boolean) {
    this.#bytes = bytes
    this.place = place
    this.#littleEndian = littleEndian
  }
  ended(): boolean {
    return this.place >= this.#bytes.length
  }
  align(to: number): void {
    this.place = Math.ceil(this.place / to) * to
  }
  byte(): number {
    const value = this.#bytes.readUInt8(this.place)
    this.place += 1
    return value
  }
  uint32(): number {
    this.align(4)
    const { place } = this
    this.place += 4
    return this.#littleEndian ? this.#bytes.readUInt32LE(place) : this.#bytes.readUInt32BE(place)
  }
  string(): string {
    return this.#text(this.uint32())
  }
  signature(): string {
    return this.#text(this.byte())
  }
  #text(length: number): string {
    const end = this.place + length
    // A zero follows.
    if (end >= this.#bytes.length) throw new RangeError('the text ends behind the message')
    const text = this.#bytes.toString('utf8', this.place, end)
    this.place = end + 1
    return text
  }
}
