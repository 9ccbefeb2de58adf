// Where a section of an ELF file lies, by its name. Pure: reads only through the function that it is given.
// Format: elf(5).
import type { ReadAt } from './read-at.ts'

export interface Section {
  readonly offset: number
  readonly bytes: number
}

const maxSections = 2_000
const maxNamesBytes = 256 * 1024

/** Null when the bytes are no ELF file, or one without such a section. */
export function elfSection(readAt: ReadAt, name: string): Section | null {
  const head = readAt(0, 64)
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46) return null
  const wide = head[4] === 2
  const little = head[5] === 1
  if ((head[4] !== 1 && !wide) || (head[5] !== 2 && !little)) return null
  const u16 = (bytes: Buffer, at: number): number =>
    little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  const u32 = (bytes: Buffer, at: number): number =>
    little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  const word = (bytes: Buffer, at: number): number => {
    if (!wide) return u32(bytes, at)
    return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  }
  const table = word(head, wide ? 0x28 : 0x20)
  const entryBytes = u16(head, wide ? 0x3a : 0x2e)
  const count = u16(head, wide ? 0x3c : 0x30)
  const namesIndex = u16(head, wide ? 0x3e : 0x32)
  const isTable = entryBytes === (wide ? 64 : 40) && count <= maxSections && namesIndex < count
  if (!isTable || !Number.isSafeInteger(table)) return null
  const entries = readAt(table, entryBytes * count)
  if (entries.length < entryBytes * count) return null
  const sectionAt = (index: number): Section => ({
    offset: word(entries, index * entryBytes + (wide ? 0x18 : 0x10)),
    bytes: word(entries, index * entryBytes + (wide ? 0x20 : 0x14)),
  })
  const names = sectionAt(namesIndex)
  if (!isIn(names) || names.bytes > maxNamesBytes) return null
  const text = readAt(names.offset, names.bytes).toString('latin1')
  for (let index = 0; index < count; index += 1) {
    const at = u32(entries, index * entryBytes)
    if (!text.startsWith(`${name}\0`, at)) continue
    const section = sectionAt(index)
    return isIn(section) ? section : null
  }
  return null
}

function isIn({ offset, bytes }: Section): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
}
