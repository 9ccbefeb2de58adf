// Where a resource of a Windows program lies, and what its version resource says. Pure: reads only through the function that it is
// given. Formats: "The .rsrc Section" of Microsoft's PE Format; VS_VERSIONINFO of its version information reference.
import { untilZero } from './plain-text.ts'
import type { PeFile } from './pe-file.ts'
import type { FileRange, ReadAt } from './read-at.ts'

export const resourceTypes = { data: 10, version: 16 } as const

const tableBytes = 16
const entryBytes = 8
const maxEntries = 200
const isBelow = 0x80000000
const maxNameLetters = 64
const maxVersionBytes = 64 * 1024

/** The first of a type, or the first of that name; in the first language there is. Null when there is none. */
export function peResource(readAt: ReadAt, pe: PeFile, type: number, name: string | null): FileRange | null {
  const start = pe.directory('resource')?.offset
  if (start === undefined) return null
  /** What an entry of a table points to: a further table, or in the end a description of the data. */
  const below = (table: number | null, isWanted: (key: number) => boolean): number | null => {
    if (table === null) return null
    const head = readAt(start + table, tableBytes)
    if (head.length < tableBytes) return null
    const count = Math.min(head.readUInt16LE(12) + head.readUInt16LE(14), maxEntries)
    const entries = readAt(start + table + tableBytes, count * entryBytes)
    for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
      if (isWanted(entries.readUInt32LE(at))) return (entries.readUInt32LE(at + 4) & ~isBelow) >>> 0
    }
    return null
  }
  const isNamed = (key: number): boolean => {
    if (name === null) return true
    if ((key & isBelow) === 0) return false
    const at = start + (key & ~isBelow)
    const letters = readAt(at, 2 + 2 * maxNameLetters)
    const count = letters.length < 2 ? 0 : letters.readUInt16LE(0)
    return letters.toString('utf16le', 2, 2 + 2 * count) === name
  }
  const ofType = below(0, (key) => key === type)
  const languages = below(ofType, isNamed)
  const description = below(languages, () => true)
  const data = description === null ? null : readAt(start + description, 8)
  if (data === null || data.length < 8) return null
  const offset = pe.offsetOf(data.readUInt32LE(0))
  return offset === null ? null : { offset, bytes: data.readUInt32LE(4) }
}

/** One text of the version resource, as `ProductName`; null where it is not there or empty. */
export function versionText(readAt: ReadAt, pe: PeFile, key: string): string | null {
  const range = peResource(readAt, pe, resourceTypes.version, null)
  if (range === null || range.bytes > maxVersionBytes) return null
  const bytes = readAt(range.offset, range.bytes)
  const name = Buffer.from(`${key}\0`, 'utf16le')
  // Before the name stand three numbers: its whole length, how many letters the value has, its kind.
  const at = bytes.indexOf(name)
  if (at < 6) return null
  const letters = bytes.readUInt16LE(at - 4)
  const value = Math.ceil((at + name.length) / 4) * 4
  const text = untilZero(bytes.toString('utf16le', value, value + 2 * letters)).trim()
  return text === '' ? null : text
}
