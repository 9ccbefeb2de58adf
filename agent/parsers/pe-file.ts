// The head of a Windows program: where its sections lie, and the tables that Windows itself looks for. Pure: reads only through
// the function that it is given. Format: "PE Format" of Microsoft's documentation.
import { untilZero } from './plain-text.ts'
import type { FileRange, ReadAt } from './read-at.ts'

const dosHeadBytes = 64
const headBytes = 24
const sectionBytes = 40
const maxSections = 96
/** Of programs that were looked at it was at most 280; behind that only what fills a file up for other reasons. */
const maxHeadOffset = 4096
/** Of the part of the head that is called optional, with room for all tables. */
const maxOptionalBytes = 240
/** Number of the table, and where the first stands in a head for 64 and 32 bits. */
const directories = { resource: 2, certificate: 4, debug: 6 } as const
const directoriesAt: Readonly<Record<number, number>> = { 0x20b: 112, 0x10b: 96 }

export interface PeFile {
  /** What of a section is in the file; null when there is none of that name. */
  readonly section: (name: string) => FileRange | null
  /** A table; null when there is none. */
  readonly directory: (name: keyof typeof directories) => FileRange | null
  /** Where in the file stands what has this address in memory; null for what is not in the file. */
  readonly offsetOf: (address: number) => number | null
}

interface Section {
  readonly name: string
  readonly address: number
  readonly range: FileRange
}

/** Null when the bytes are no such program. */
export function peFile(readAt: ReadAt): PeFile | null {
  const dos = readAt(0, dosHeadBytes)
  if (dos.length < dosHeadBytes || dos.readUInt16BE(0) !== 0x4d5a) return null
  const start = dos.readUInt32LE(0x3c)
  if (start > maxHeadOffset) return null
  const head = readAt(start, headBytes + maxOptionalBytes + maxSections * sectionBytes)
  if (head.length < headBytes + 2 || head.readUInt32BE(0) !== 0x50450000) return null
  const tables = directoriesAt[head.readUInt16LE(headBytes)]
  const optionalBytes = head.readUInt16LE(20)
  if (tables === undefined || optionalBytes > maxOptionalBytes) return null
  const end = headBytes + optionalBytes
  const sections = sectionsIn(head.subarray(end, end + head.readUInt16LE(6) * sectionBytes))

  function offsetOf(address: number): number | null {
    const within = sections.find(
      ({ address: from, range }) => address >= from && address < from + range.bytes,
    )
    return within === undefined ? null : within.range.offset + address - within.address
  }

  return {
    section: (name) => sections.find((one) => one.name === name)?.range ?? null,
    directory(name) {
      const at = headBytes + tables + 8 * directories[name]
      if (at + 8 > end || at + 8 > head.length) return null
      const [place, bytes] = [head.readUInt32LE(at), head.readUInt32LE(at + 4)]
      if (place === 0 || bytes === 0) return null
      // Certificates are no part of the program in memory: of them alone the place in the file is given.
      const offset = name === 'certificate' ? place : offsetOf(place)
      return offset === null ? null : { offset, bytes }
    },
    offsetOf,
  }
}

function sectionsIn(table: Buffer): readonly Section[] {
  return Array.from({ length: Math.floor(table.length / sectionBytes) }, (_, index) => {
    const at = index * sectionBytes
    return {
      name: untilZero(table.toString('latin1', at, at + 8)),
      address: table.readUInt32LE(at + 12),
      range: { bytes: table.readUInt32LE(at + 16), offset: table.readUInt32LE(at + 20) },
    }
  })
}
