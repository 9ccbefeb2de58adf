// What a native program that was built around a script, or by Rust's compiler, says of its build: the script it begins with
// and the parts in which its texts stand. Pure: reads only through the function that it is given; keeps no text.
// Formats: Bun's StandaloneModuleGraph as of 0.8 to 1.4 (at the end of the file, later in a section of its own), the blob of
// Node's single executable applications, each as found in programs of npm packages for Linux, macOS and Windows, 2026-11-23.
import { lastPart } from './plain-text.ts'
import { nativeParts } from './native-parts.ts'
import type { FileRange, ReadAt } from './read-at.ts'

export interface EmbeddedProgram {
  readonly format: 'bun' | 'node-sea' | 'rust'
  /** The script that it begins with, as its build called it; of Rust for Windows the file of its symbols; null without. */
  readonly entry: string | null
  /** Where its texts are to be looked for, what is smallest first. */
  readonly parts: readonly FileRange[]
}

/**
 * Of the largest part only the beginning: the texts of the programs that were looked at stand in the first 4 MiB, and to
 * read on would cost more than it tells.
 */
const maxPartBytes = 4 * 1024 * 1024
const maxEntryHeadBytes = 4 * 1024
const maxNameBytes = 1_000

/** An AppImage is an ELF file with a mark of its own where others have nothing (AppImage specification, type 1 and 2). */
export function isAppImage(readAt: ReadAt): boolean {
  const head = readAt(0, 11)
  if (head.length < 11 || head.readUInt32BE(0) !== 0x7f454c46) return false
  return head[8] === 0x41 && head[9] === 0x49 && (head[10] === 1 || head[10] === 2)
}

/** Null for a program of another kind, or a broken one. `bytes` is the file's size. */
export function embeddedProgram(readAt: ReadAt, bytes: number): EmbeddedProgram | null {
  const program = nativeParts(readAt)
  if (program === null) return null
  const bun = program.bun()
  if (bun !== null) return bunProgram(readAt, bunEnd(readAt, bun))
  const appended = bunProgram(readAt, bytes - 8)
  if (appended !== null) return appended
  const blob = program.nodeBlob()
  if (blob !== null) return seaProgram(readAt, blob)
  const texts = program.rustTexts()
  return texts === null ? null : { format: 'rust', entry: program.symbols(), parts: [beginningOf(texts)] }
}

/** The section begins with the length of what was built in. */
function bunEnd(readAt: ReadAt, section: FileRange): number {
  const length = readAt(section.offset, 8)
  return length.length < 8 ? 0 : section.offset + 8 + Number(length.readBigUInt64LE(0))
}

const bunTrailer = Buffer.from('\n---- Bun! ----\n')
/** Of the record before the trailer: with the arguments that are built in (since 1.2.19 or so), and without. */
const bunRecords = [32, 24] as const
/** Of one module, by version; each begins with where its name and its content are. */
const bunModules = [52, 36, 32, 28, 24] as const
/** Of a program for Windows the second. */
const bunRoots = ['/$bunfs/root/', 'B:/~BUN/root/'] as const

/** `end`: behind the trailer. */
function bunProgram(readAt: ReadAt, end: number): EmbeddedProgram | null {
  const start = end - bunTrailer.length
  if (!Number.isSafeInteger(start) || start < 64) return null
  if (!readAt(start, bunTrailer.length).equals(bunTrailer)) return null
  for (const size of bunRecords) {
    const record = readAt(start - size, size)
    if (record.length < size) continue
    const length = Number(record.readBigUInt64LE(0))
    const base = start - size - length
    if (!Number.isSafeInteger(base) || base < 0) continue
    const pointer = (bytes: Buffer, at: number): FileRange => ({
      offset: base + bytes.readUInt32LE(at),
      bytes: bytes.readUInt32LE(at + 4),
    })
    const isWithin = (range: FileRange): boolean => range.offset + range.bytes <= base + length
    const modules = pointer(record, 8)
    const index = record.readUInt32LE(16)
    if (modules.bytes === 0 || !isWithin(modules)) continue
    for (const moduleBytes of bunModules) {
      if (modules.bytes % moduleBytes !== 0 || (index + 1) * moduleBytes > modules.bytes) continue
      const module = readAt(modules.offset + index * moduleBytes, 16)
      if (module.length < 16) continue
      const name = pointer(module, 0)
      const content = pointer(module, 8)
      if (name.bytes > maxNameBytes || !isWithin(name) || !isWithin(content)) continue
      const entry = readAt(name.offset, name.bytes).toString('utf8')
      const root = bunRoots.find((one) => entry.startsWith(one))
      if (root === undefined) continue
      const built = size === 32 ? pointer(record, 20) : null
      return {
        format: 'bun',
        entry: entry.slice(root.length),
        parts: [
          ...(built !== null && built.bytes <= maxEntryHeadBytes && isWithin(built) ? [built] : []),
          { offset: content.offset, bytes: Math.min(content.bytes, maxEntryHeadBytes) },
          beginningOf({ offset: base, bytes: length }),
        ],
      }
    }
  }
  return null
}

const seaMagic = 0x143da20

/** A magic number, flags, since Node 25 one or two bytes more; then the script's path behind its length. */
function seaProgram(readAt: ReadAt, blob: FileRange): EmbeddedProgram | null {
  const head = readAt(blob.offset, 18)
  if (head.length < 18 || head.readUInt32LE(0) !== seaMagic) return null
  for (const at of [8, 9, 10]) {
    const length = Number(head.readBigUInt64LE(at))
    if (length === 0 || length > maxNameBytes) continue
    const path = readAt(blob.offset + at + 8, length).toString('utf8')
    // Often a path of the machine that built it: the file's name is what stays.
    const entry = lastPart(path)
    if (/^[\w.@-]+$/.test(entry)) return { format: 'node-sea', entry, parts: [beginningOf(blob)] }
  }
  return null
}

function beginningOf({ offset, bytes }: FileRange): FileRange {
  return { offset, bytes: Math.min(bytes, maxPartBytes) }
}

const chunkBytes = 512 * 1024

/**
 * The first of the candidates all of whose texts stand in the parts, each as single bytes or as UTF-16, which Bun keeps
 * some scripts as; null when none does. Reads no further than it must. What `readAt` gives may be written over by the next.
 */
export function whichHolds<T extends { readonly holds: readonly string[] }>(
  readAt: ReadAt,
  parts: readonly FileRange[],
  candidates: readonly T[],
): T | null {
  const left = new Map(
    candidates
      .flatMap(({ holds }) => holds)
      .map((text) => [text, [Buffer.from(text), Buffer.from(text, 'utf16le')]]),
  )
  const overlap = Math.max(0, ...[...left.values()].flat().map(({ length }) => length))
  for (const { offset, bytes } of parts) {
    for (let at = 0; at < bytes; at += chunkBytes - overlap) {
      const chunk = readAt(offset + at, Math.min(chunkBytes, bytes - at))
      for (const [text, forms] of left) if (forms.some((form) => chunk.includes(form))) left.delete(text)
      const found = candidates.find(({ holds }) => holds.every((text) => !left.has(text)))
      if (found !== undefined) return found
      if (at + chunkBytes >= bytes || chunk.length === 0) break
    }
  }
  return null
}
