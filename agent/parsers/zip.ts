// Finds one file in a ZIP archive (a plugin's .jar) without reading the rest of it. Pure: reads by a function that it is
// given. Format: APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16. No ZIP64, no encryption.
import { late } from '../late.ts'
import type { ReadAt } from './read-at.ts'

const endBytes = 22
const maxCommentBytes = 65_535
const maxDirectoryBytes = 8 * 1024 * 1024
const directoryHeader = 0x02014b50
const localHeader = 0x04034b50
const endHeader = 0x06054b50

/** The content of the file called `name`, at most `maxBytes` of it; null when there is none or the archive is broken. */
export function fileInZip(
  readAt: ReadAt,
  archiveBytes: number,
  name: string,
  maxBytes: number,
): Buffer | null {
  const tailFrom = Math.max(0, archiveBytes - endBytes - maxCommentBytes)
  const tail = readAt(tailFrom, archiveBytes - tailFrom)
  const end = endOf(tail)
  if (end === null || end.bytes > maxDirectoryBytes) return null
  const entry = entryOf(readAt(end.offset, end.bytes), name)
  if (entry === null || entry.packedBytes > maxBytes || entry.bytes > maxBytes) return null
  const header = readAt(entry.offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== localHeader) return null
  const from = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = readAt(from, entry.packedBytes)
  if (entry.method === 0) return packed
  if (entry.method !== 8) return null
  try {
    return late.zlib().inflateRawSync(packed, { maxOutputLength: maxBytes })
  } catch {
    return null
  }
}

function endOf(tail: Buffer): { readonly offset: number; readonly bytes: number } | null {
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === endHeader)
      return { bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
  }
  return null
}

interface ZipEntry {
  readonly method: number
  readonly packedBytes: number
  readonly bytes: number
  readonly offset: number
}

function entryOf(directory: Buffer, name: string): ZipEntry | null {
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === directoryHeader;) {
    const nameBytes = directory.readUInt16LE(at + 28)
    const next = at + 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    if (directory.toString('utf8', at + 46, at + 46 + nameBytes) === name) {
      return {
        method: directory.readUInt16LE(at + 10),
        packedBytes: directory.readUInt32LE(at + 20),
        bytes: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      }
    }
    at = next
  }
  return null
}
