// What the linker of a Windows program called the file with its debugging symbols, which is after the program. Pure: reads only
// through the function that it is given. Formats: IMAGE_DEBUG_DIRECTORY of Microsoft's PE Format, CodeView's RSDS record.
import { lastPart, untilZero } from './plain-text.ts'
import type { PeFile } from './pe-file.ts'
import type { ReadAt } from './read-at.ts'

const debugEntryBytes = 28
const maxDebugEntries = 16
const codeView = 2
const symbolsHead = Buffer.from('RSDS')
const symbolsHeadBytes = 24
const maxPathBytes = 1_000

/** The last part of the path, `tool.pdb`; null where there is none. */
export function symbolsFile(readAt: ReadAt, pe: PeFile): string | null {
  const range = pe.directory('debug')
  if (range === null) return null
  const entries = readAt(range.offset, Math.min(range.bytes, maxDebugEntries * debugEntryBytes))
  for (let at = 0; at + debugEntryBytes <= entries.length; at += debugEntryBytes) {
    if (entries.readUInt32LE(at + 12) !== codeView) continue
    const record = readAt(entries.readUInt32LE(at + 24), symbolsHeadBytes + maxPathBytes)
    if (!record.subarray(0, 4).equals(symbolsHead)) return null
    const path = untilZero(record.toString('utf8', symbolsHeadBytes))
    return lastPart(path) || null
  }
  return null
}
