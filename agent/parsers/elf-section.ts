// Where a section of an ELF file lies, by its name. Pure: reads only through the function that it is given.
// Format: elf(5).
import { elfHeader, tableOf } from './elf-header.ts'
import { isRange, type FileRange, type ReadAt } from './read-at.ts'

const maxSections = 2_000
const maxNamesBytes = 256 * 1024

/** By name; null when the bytes are no ELF file. Its tables are read once. */
export function elfSections(readAt: ReadAt): ((name: string) => FileRange | null) | null {
  const header = elfHeader(readAt)
  if (header === null || header.namesIndex >= header.sections.count) return null
  const { wide, u32, word, sections } = header
  const entryBytes = wide ? 64 : 40
  const entries = tableOf(readAt, sections, entryBytes, maxSections)
  if (entries === null) return null
  const sectionAt = (index: number): FileRange => ({
    offset: word(entries, index * entryBytes + (wide ? 0x18 : 0x10)),
    bytes: word(entries, index * entryBytes + (wide ? 0x20 : 0x14)),
  })
  const names = sectionAt(header.namesIndex)
  if (!isRange(names) || names.bytes > maxNamesBytes) return null
  const text = readAt(names.offset, names.bytes).toString('latin1')
  return (name) => {
    for (let index = 0; index < sections.count; index += 1) {
      const at = u32(entries, index * entryBytes)
      if (!text.startsWith(`${name}\0`, at)) continue
      const section = sectionAt(index)
      return isRange(section) ? section : null
    }
    return null
  }
}
