// The head of an ELF file, and how its numbers are read. Pure: reads only through the function that it is given.
// Format: elf(5).
import type { ReadAt } from './read-at.ts'

export interface ElfTable {
  readonly offset: number
  readonly entryBytes: number
  readonly count: number
}

export interface ElfHeader {
  /** 64 bits. */
  readonly wide: boolean
  readonly sections: ElfTable
  /** Index of the section that holds the names of the others. */
  readonly namesIndex: number
  readonly segments: ElfTable
  readonly u32: (bytes: Buffer, at: number) => number
  /** An address or a size: 8 bytes in a wide file, 4 in another. */
  readonly word: (bytes: Buffer, at: number) => number
}

/** Of a wide file; of another it is shorter. */
export const elfHeadBytes = 64

/** Null when the bytes are no ELF file. */
export function elfHeader(readAt: ReadAt): ElfHeader | null {
  const head = readAt(0, elfHeadBytes)
  if (head.length < elfHeadBytes || head.readUInt32BE(0) !== 0x7f454c46) return null
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
  const sizes = wide ? 0x36 : 0x2a
  return {
    wide,
    u32,
    word,
    segments: {
      offset: word(head, wide ? 0x20 : 0x1c),
      entryBytes: u16(head, sizes),
      count: u16(head, sizes + 2),
    },
    sections: {
      offset: word(head, wide ? 0x28 : 0x20),
      entryBytes: u16(head, sizes + 4),
      count: u16(head, sizes + 6),
    },
    namesIndex: u16(head, sizes + 8),
  }
}

/** The entries of a table; null when it is not of the size that it should have, too long, or cut short. */
export function tableOf(
  readAt: ReadAt,
  table: ElfTable,
  entryBytes: number,
  maxCount: number,
): Buffer | null {
  if (table.entryBytes !== entryBytes || table.count > maxCount || !Number.isSafeInteger(table.offset))
    return null
  const entries = readAt(table.offset, entryBytes * table.count)
  return entries.length < entryBytes * table.count ? null : entries
}
