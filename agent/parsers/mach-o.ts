// The load commands of a macOS program, and where its sections lie. Pure: reads only through the function that it is given.
// Formats: loader.h and fat.h of XNU; 64 bits, little-endian, as both processors of macOS have it.
import { untilZero } from './plain-text.ts'
import { isRange, type FileRange, type ReadAt } from './read-at.ts'

const fatMagic = 0xcafebabe
const thinMagic = 0xfeedfacf
/** Programs for two processors are usual; more than these are not looked at. */
const maxSlices = 4
const maxCommandBytes = 256 * 1024
const headBytes = 32
const segmentCommand = 0x19
const segmentHeadBytes = 72
const sectionBytes = 80

export interface LoadCommand {
  readonly kind: number
  /** With its kind and its size, which stand before all else. */
  readonly bytes: Buffer
}

/** Where the programs in a file begin: one, or one for each processor; none when that cannot be told. */
export function machOSlices(readAt: ReadAt): readonly number[] {
  const head = readAt(0, 8)
  if (head.length < 8 || head.readUInt32BE(0) !== fatMagic) return [0]
  const count = head.readUInt32BE(4)
  const table = count > maxSlices ? null : readAt(8, 20 * count)
  if (table === null || table.length < 20 * count) return []
  return Array.from({ length: count }, (_, index) => table.readUInt32BE(20 * index + 8))
}

/** Null when no 64-bit program begins there. A command of an impossible size ends the list. */
export function loadCommands(readAt: ReadAt, slice: number): readonly LoadCommand[] | null {
  const head = readAt(slice, headBytes)
  if (head.length < headBytes || head.readUInt32LE(0) !== thinMagic) return null
  const length = head.readUInt32LE(20)
  if (length > maxCommandBytes) return null
  const all = readAt(slice + headBytes, length)
  const commands: LoadCommand[] = []
  for (let at = 0; at + 16 <= all.length;) {
    const size = all.readUInt32LE(at + 4)
    if (size < 8) break
    commands.push({ kind: all.readUInt32LE(at), bytes: all.subarray(at, at + size) })
    at += size
  }
  return commands
}

/** Sections of the first program in a file, by segment and name; null when it is none. */
export function machOSections(
  readAt: ReadAt,
): ((segment: string, section: string) => FileRange | null) | null {
  const [slice] = machOSlices(readAt)
  const commands = slice === undefined ? null : loadCommands(readAt, slice)
  if (slice === undefined || commands === null) return null
  const segments = commands.filter(
    ({ kind, bytes }) => kind === segmentCommand && bytes.length >= segmentHeadBytes,
  )
  return (segment, section) => {
    for (const { bytes } of segments) {
      if (nameAt(bytes, 8) !== segment) continue
      for (let at = segmentHeadBytes; at + sectionBytes <= bytes.length; at += sectionBytes) {
        if (nameAt(bytes, at) !== section) continue
        const range = {
          offset: slice + bytes.readUInt32LE(at + 48),
          bytes: Number(bytes.readBigUInt64LE(at + 40)),
        }
        return isRange(range) ? range : null
      }
    }
    return null
  }
}

/** 16 bytes, filled up with zeros. */
function nameAt(bytes: Buffer, at: number): string {
  return untilZero(bytes.toString('latin1', at, at + 16))
}
