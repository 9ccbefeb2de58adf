// Reads a hive, the file in which Windows keeps a part of its registry (`NTUSER.DAT` of an account). Its account can write into it
// what it likes: every size, number and place in it is doubted, and what one read may cost is bounded. Reads only the keys that are
// asked for, only through the function that it is given, and writes nothing.
// Source: msuhanov's "Windows registry file format specification" and libregf's, looked at 2026-11-23.
import { untilZero } from './plain-text.ts'
import type { ReadAt } from './read-at.ts'
import type { RegistryKey, RegistryValue } from './registry-export.ts'

/** `unparsable`: a part is not as the format has it, and was left out. `too-many`: there was more than is read. */
export type HiveFault = 'unparsable' | 'too-many'

export interface HiveKeys {
  /** By whole names from the hive's root, as `parseRegistryExport` has them; null where there is no such key. */
  readonly keys: ReadonlyMap<string, RegistryKey> | null
  /** Null: the keys are whole. */
  readonly fault: HiveFault | null
}

export interface Hive {
  /** Windows had not written everything into it: the newest changes are in the logs beside it. */
  readonly behind: boolean
  /** A key and all below it. @param path from the hive's root: `Software\Microsoft`, in any case; '' is the root */
  keysAt(path: string): HiveKeys
}

/** For all reads of a hive together. A real one takes some thousand cells and 200 KiB for what is asked here. */
const maxCells = 50_000
const maxBytes = 16 * 1024 * 1024
/** As deep as Windows lets keys be nested. */
const maxDepth = 512

const baseBytes = 4096
const blockBytes = 4096
const mostBlocks = 256
/** Of a value of several parts, in each but the last. */
const segmentBytes = 16_344
const smallestKey = 76
const smallestValue = 20

/** Null for what is no hive, or whose head is damaged. */
export function openHive(readAt: ReadAt): Hive | null {
  const base = readAt(0, baseBytes)
  if (base.length < baseBytes || base.toString('latin1', 0, 4) !== 'regf' || !isSummed(base)) return null
  const [major, minor, fileType] = [base.readUInt32LE(20), base.readUInt32LE(24), base.readUInt32LE(28)]
  if (major !== 1 || minor < 3 || fileType !== 0) return null
  if (readAt(baseBytes, 4).toString('latin1') !== 'hbin') return null
  const cells = cellsOf(readAt, base.readUInt32LE(40))
  const root = base.readUInt32LE(36)
  return {
    behind: base.readUInt32LE(4) !== base.readUInt32LE(8),
    keysAt: (path) => keysAt(cells, root, path),
  }
}

/** All words before it, one against the other; the two sums that would mean something else are written as their neighbours. */
function isSummed(base: Buffer): boolean {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= base.readInt32LE(at)
  if (sum === -1) sum = -2
  if (sum === 0) sum = 1
  return sum === base.readInt32LE(508)
}

/** What a hive is made of; a place counts from the end of its head. */
interface Cells {
  /** What lies there, at least `atLeast` bytes of it; null with a fault noted. */
  at(place: number, atLeast: number): Buffer | null
  /** Null with `unparsable` noted, for what is not as the format has it. */
  damaged(): null
  fault: HiveFault | null
}

function cellsOf(readAt: ReadAt, end: number): Cells {
  const blocks = new Map<number, Buffer>()
  let read = 0
  let total = 0

  /** Cells that belong together lie together: a block that was read once has most of what is asked for next. */
  function bytesAt(position: number, length: number): Buffer {
    const number = Math.floor(position / blockBytes)
    const within = position - number * blockBytes
    if (within + length > blockBytes) return readAt(position, length)
    let block = blocks.get(number)
    if (block === undefined) {
      if (blocks.size >= mostBlocks) blocks.clear()
      blocks.set(number, (block = readAt(number * blockBytes, blockBytes)))
    }
    return block.subarray(within, within + length)
  }

  const cells: Cells = {
    fault: null,
    damaged() {
      cells.fault ??= 'unparsable'
      return null
    },
    at(place, atLeast) {
      if (place % 8 !== 0 || place + 8 > end) return cells.damaged()
      const head = bytesAt(baseBytes + place, 4)
      // Cells that are in use have their size below zero.
      const length = head.length < 4 ? 0 : -head.readInt32LE(0) - 4
      if (length < Math.max(atLeast, 4) || place + 4 + length > end) return cells.damaged()
      read += 1
      total += length
      if (read > maxCells || total > maxBytes) {
        cells.fault = 'too-many'
        return null
      }
      const bytes = bytesAt(baseBytes + place + 4, length)
      return bytes.length < length ? cells.damaged() : bytes
    },
  }
  return cells
}

interface KeyCell {
  readonly place: number
  readonly name: string
  readonly bytes: Buffer
}

function keysAt(cells: Cells, root: number, path: string): HiveKeys {
  cells.fault = null
  const keys = new Map<string, RegistryKey>()
  const seen = new Set<number>()
  const take = (key: KeyCell, name: string, depth: number): void => {
    // Two ways to one key: a ring, or a key that is lent to a second parent. Windows makes neither.
    if (seen.has(key.place) || depth > maxDepth) return void cells.damaged()
    seen.add(key.place)
    keys.set(name, valuesOf(cells, key))
    for (const below of subkeysOf(cells, key))
      take(below, name === '' ? below.name : `${name}\\${below.name}`, depth + 1)
  }
  const key = keyNamed(cells, root, path)
  if (key !== null) {
    // What was damaged on the way to it hides nothing of it.
    cells.fault = null
    take(key, path, 0)
  }
  return { keys: key === null ? null : keys, fault: cells.fault }
}

function keyNamed(cells: Cells, root: number, path: string): KeyCell | null {
  let key = keyAt(cells, root)
  for (const name of path === '' ? [] : path.toLowerCase().split('\\')) {
    if (key === null) return null
    key = subkeyNamed(cells, key, name)
  }
  return key
}

function subkeyNamed(cells: Cells, key: KeyCell, name: string): KeyCell | null {
  for (const below of subkeysOf(cells, key)) if (below.name.toLowerCase() === name) return below
  return null
}

function keyAt(cells: Cells, place: number): KeyCell | null {
  const bytes = cells.at(place, smallestKey)
  if (bytes === null) return null
  const length = bytes.readUInt16LE(72)
  if (bytes.toString('latin1', 0, 2) !== 'nk' || smallestKey + length > bytes.length) return cells.damaged()
  const name = textOf(bytes.subarray(smallestKey, smallestKey + length), (bytes.readUInt16LE(2) & 0x20) !== 0)
  return { place, name, bytes }
}

function* subkeysOf(cells: Cells, { bytes }: KeyCell): Generator<KeyCell> {
  if (bytes.readUInt32LE(20) === 0) return
  for (const place of placesIn(cells, bytes.readUInt32LE(28), true)) {
    const key = keyAt(cells, place)
    if (key !== null) yield key
    if (cells.fault === 'too-many') return
  }
}

/** Bytes of each entry: a place, and in two of the four a hint of the name. */
const entryBytes: Readonly<Record<string, number>> = { lf: 8, lh: 8, li: 4, ri: 4 }

/** @param mayDivide a list of lists has no further lists of lists in it */
function* placesIn(cells: Cells, list: number, mayDivide: boolean): Generator<number> {
  const bytes = cells.at(list, 4)
  if (bytes === null) return
  const kind = bytes.toString('latin1', 0, 2)
  const step = entryBytes[kind]
  const count = bytes.readUInt16LE(2)
  if (step === undefined || (kind === 'ri' && !mayDivide) || 4 + count * step > bytes.length)
    return void cells.damaged()
  for (let index = 0; index < count && cells.fault !== 'too-many'; index += 1) {
    const place = bytes.readUInt32LE(4 + index * step)
    if (kind === 'ri') yield* placesIn(cells, place, false)
    else yield place
  }
}

function valuesOf(cells: Cells, { bytes }: KeyCell): RegistryKey {
  const values = new Map<string, RegistryValue>()
  const count = bytes.readUInt32LE(36)
  const list = count === 0 ? null : cells.at(bytes.readUInt32LE(40), count * 4)
  if (list === null) return values
  for (let index = 0; index < count && cells.fault !== 'too-many'; index += 1) {
    const value = cells.at(list.readUInt32LE(index * 4), smallestValue)
    if (value === null) continue
    const length = value.readUInt16LE(2)
    if (value.toString('latin1', 0, 2) !== 'vk' || smallestValue + length > value.length) {
      cells.damaged()
      continue
    }
    const isPlain = (value.readUInt16LE(16) & 1) !== 0
    const name = textOf(value.subarray(smallestValue, smallestValue + length), isPlain).toLowerCase()
    const data = dataOf(cells, value)
    if (data !== null && !values.has(name)) values.set(name, valueOf(value.readUInt32LE(12), data))
  }
  return values
}

function dataOf(cells: Cells, value: Buffer): Buffer | null {
  const size = value.readUInt32LE(4)
  // The high bit: it is so small that it stands where otherwise its place does.
  if (size >= 0x8000_0000) {
    const length = size - 0x8000_0000
    return length > 4 ? cells.damaged() : value.subarray(8, 8 + length)
  }
  if (size === 0) return Buffer.alloc(0)
  const place = value.readUInt32LE(8)
  if (size <= segmentBytes) return cells.at(place, size)?.subarray(0, size) ?? null
  const data = cells.at(place, 8)
  if (data === null) return null
  // Before the parts came (minor version 3), a value of any size was one cell.
  if (data.length >= size) return data.subarray(0, size)
  return data.toString('latin1', 0, 2) === 'db' ? segmentsOf(cells, data, size) : cells.damaged()
}

function segmentsOf(cells: Cells, data: Buffer, size: number): Buffer | null {
  const count = data.readUInt16LE(2)
  if (count !== Math.ceil(size / segmentBytes)) return cells.damaged()
  const list = cells.at(data.readUInt32LE(4), count * 4)
  const parts: Buffer[] = []
  for (let index = 0; list !== null && index < count; index += 1) {
    const length = Math.min(segmentBytes, size - index * segmentBytes)
    const part = cells.at(list.readUInt32LE(index * 4), length)
    if (part === null) return null
    parts.push(part.subarray(0, length))
  }
  return list === null ? null : Buffer.concat(parts)
}

/** Of types as `parseRegistryExport` tells them apart. */
function valueOf(type: number, data: Buffer): RegistryValue {
  // Text ends at its first zero, whatever was left behind it.
  if (type === 1 || type === 2) return { type: 'text', text: untilZero(textOf(data, false)) }
  if (type === 4 && data.length === 4) return { type: 'number', number: data.readUInt32LE(0) }
  return { type: 'bytes', bytes: Buffer.from(data) }
}

/** @param isPlain one byte for each letter, which then is of the first 256 of Unicode */
function textOf(bytes: Buffer, isPlain: boolean): string {
  return bytes.toString(isPlain ? 'latin1' : 'utf16le')
}
