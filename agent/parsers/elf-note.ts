// Where a note of an ELF file lies, by its owner's name. Pure: reads only through the function that it is given.
// Format: elf(5), "Notes (Nhdr)".
import { elfHeader, tableOf } from './elf-header.ts'
import { isRange, type FileRange, type ReadAt } from './read-at.ts'

const maxSegments = 200
const maxNotes = 64
const noteSegment = 4
const noteHeadBytes = 12

/** What the note describes; null when there is no such note. */
export function elfNote(readAt: ReadAt, owner: string): FileRange | null {
  const header = elfHeader(readAt)
  if (header === null) return null
  const { wide, u32, word, segments } = header
  const entryBytes = wide ? 56 : 32
  const entries = tableOf(readAt, segments, entryBytes, maxSegments)
  if (entries === null) return null
  let left = maxNotes
  for (let at = 0; at < entries.length; at += entryBytes) {
    if (u32(entries, at) !== noteSegment) continue
    const segment = {
      offset: word(entries, at + (wide ? 0x08 : 0x04)),
      bytes: word(entries, at + (wide ? 0x20 : 0x10)),
    }
    if (!isRange(segment)) continue
    const end = segment.offset + segment.bytes
    for (let note = segment.offset; note + noteHeadBytes <= end && left > 0; left -= 1) {
      const head = readAt(note, noteHeadBytes + padded(owner.length + 1))
      if (head.length < noteHeadBytes) break
      const nameBytes = u32(head, 0)
      const found = { offset: note + noteHeadBytes + padded(nameBytes), bytes: u32(head, 4) }
      if (found.offset > end) break
      const name = head.toString('latin1', noteHeadBytes, noteHeadBytes + nameBytes)
      if (name.replace(/\0$/, '') === owner) return found
      note = found.offset + padded(found.bytes)
    }
  }
  return null
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}
