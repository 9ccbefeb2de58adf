// Property lists of macOS, in XML or binary, as plain values. Dates and data are null: nothing here asks for them. Pure.
// No library: `plist` reads both with four packages more in the agent; these two forms are frozen since 2002.

import { xmlTokens } from './xml-tokens.ts'

export type PlistValue = string | number | boolean | null | readonly PlistValue[] | PlistDict
export interface PlistDict {
  readonly [key: string]: PlistValue
}

export const maxPlistBytes = 1024 * 1024
const maxDepth = 32
const maxObjects = 50_000

/** Null for what is no property list, or one that is nested or shared beyond reason. */
export function parsePropertyList(bytes: Uint8Array): PlistValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return buffer.toString('latin1', 0, 8) === 'bplist00' ? binary(buffer) : xml(buffer.toString('utf8'))
  } catch (error) {
    // Offsets of a forged file lead outside of it.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** A dictionary's text; null where there is none. */
export function textOf(value: PlistValue, key: string): string | null {
  const found = dictOf(value)?.[key]
  return typeof found === 'string' ? found : null
}

export function dictOf(value: PlistValue): PlistDict | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlistDict) : null
}

function binary(buffer: Buffer): PlistValue {
  // The trailer: 6 unused bytes, sizes of offsets and of references, counts, the top object, where the offsets are.
  const trailer = buffer.length - 32
  const offsetBytes = buffer.readUInt8(trailer + 6)
  const referenceBytes = buffer.readUInt8(trailer + 7)
  const top = Number(buffer.readBigUInt64BE(trailer + 16))
  const table = Number(buffer.readBigUInt64BE(trailer + 24))
  let objects = 0

  const number = (at: number, size: number): number => {
    if (size === 8) return Number(buffer.readBigUInt64BE(at))
    return buffer.readUIntBE(at, size)
  }

  /** Of 8 bytes with a sign, of fewer without. */
  const integer = (at: number, power: number): number | null =>
    power > 3 ? null : power === 3 ? Number(buffer.readBigInt64BE(at)) : number(at, 1 << power)

  const read = (reference: number, depth: number): PlistValue => {
    if ((objects += 1) > maxObjects || depth > maxDepth) throw new RangeError('too much')
    const at = number(table + reference * offsetBytes, offsetBytes)
    const marker = buffer.readUInt8(at)
    const kind = marker >> 4
    const low = marker & 15
    if (kind === 0) return low === 8 ? false : low === 9 ? true : null
    if (kind === 1) return integer(at + 1, low)
    if (kind === 2)
      return low === 2 ? buffer.readFloatBE(at + 1) : low === 3 ? buffer.readDoubleBE(at + 1) : null
    const { count, from } = low === 15 ? long(at + 1) : { count: low, from: at + 1 }
    if (kind === 5) return buffer.toString('latin1', from, within(from, count))
    if (kind === 6)
      return Buffer.from(buffer.subarray(from, within(from, count * 2)))
        .swap16()
        .toString('utf16le')
    const references = (start: number): readonly PlistValue[] =>
      Array.from({ length: count }, (_, index) =>
        read(number(start + index * referenceBytes, referenceBytes), depth + 1),
      )
    if (kind === 10) return references(from)
    if (kind !== 13) return null
    const keys = references(from)
    const values = references(from + count * referenceBytes)
    return Object.fromEntries(
      keys.flatMap((key, index) => (typeof key === 'string' ? [[key, values[index] ?? null]] : [])),
    )
  }

  const long = (at: number): { readonly count: number; readonly from: number } => {
    const size = 1 << (buffer.readUInt8(at) & 15)
    const count = number(at + 1, size)
    if (count > maxObjects * 16) throw new RangeError('too much')
    return { count, from: at + 1 + size }
  }

  const within = (from: number, length: number): number => {
    if (from + length > buffer.length) throw new RangeError('outside')
    return from + length
  }

  return read(top, 0)
}

interface Open {
  readonly element: string
  readonly values: PlistValue[]
  readonly keys: string[]
}

function xml(text: string): PlistValue {
  const open: Open[] = [{ element: '', values: [], keys: [] }]
  let held = ''
  for (const token of xmlTokens(text)) {
    if (token.is === 'text') {
      held += token.text
      continue
    }
    const { is, element } = token
    const last = open.at(-1)
    if (last === undefined || open.length > maxDepth) return null
    if (is === 'open') {
      held = ''
      if (isContainer(element)) open.push({ element, values: [], keys: [] })
      continue
    }
    if (isContainer(element) && is === 'close') {
      if (last.element !== element) return null
      open.pop()
      open.at(-1)?.values.push(containerOf(last))
    } else if (element === 'key') last.keys.push(decoded(held))
    else
      last.values.push(
        isContainer(element)
          ? containerOf({ element, values: [], keys: [] })
          : plainOf(element, is === 'close' ? held : ''),
      )
    held = ''
  }
  return open.length === 1 ? (open[0]?.values[0] ?? null) : null
}

function isContainer(element: string): boolean {
  return element === 'dict' || element === 'array' || element === 'plist'
}

function containerOf({ element, values, keys }: Open): PlistValue {
  if (element === 'array') return values
  if (element === 'plist') return values[0] ?? null
  return Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null]))
}

function plainOf(element: string, text: string): PlistValue {
  if (element === 'string') return decoded(text)
  if (element === 'integer' || element === 'real') return Number(text)
  return element === 'true' ? true : element === 'false' ? false : null
}

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (all, decimal, hex, name) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null
    if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : all
    return names[name] ?? all
  })
}
