// The team that the signature in a macOS program names. It is read and not verified: who copies a name has it too, so that it can
// only weaken what an application says of itself. Pure: reads a few parts, through the function that it is given.
// Formats: loader.h and fat.h of XNU; cs_blobs.h of XNU for what LC_CODE_SIGNATURE points to (SuperBlob, CodeDirectory).
import type { ReadAt } from './read-at.ts'

const fatMagic = 0xcafebabe
const thinMagic = 0xfeedfacf
const superBlobMagic = 0xfade0cc0
const codeDirectoryMagic = 0xfade0c02
const codeSignatureCommand = 0x1d
/** Since this version a CodeDirectory names a team. */
const versionWithTeam = 0x20200
/** Programs for two processors are usual; more than these are not looked at. */
const maxSlices = 4
const maxCommandBytes = 256 * 1024
const maxBlobs = 32

/** Ten letters and digits; null for what has no signature, one that names no team (ad hoc), or is no 64-bit program. */
export function signingTeam(readAt: ReadAt): string | null {
  const teams = slicesOf(readAt).map((offset) => teamAt(readAt, offset))
  const [first = null] = teams
  // A program for several processors has a signature for each.
  return teams.every((team) => team === first) ? first : null
}

function slicesOf(readAt: ReadAt): readonly number[] {
  const head = readAt(0, 8 + 20 * maxSlices)
  if (head.length < 8 || head.readUInt32BE(0) !== fatMagic) return [0]
  const count = head.readUInt32BE(4)
  if (count > maxSlices || head.length < 8 + 20 * count) return []
  return Array.from({ length: count }, (_, index) => head.readUInt32BE(8 + 20 * index + 8))
}

function teamAt(readAt: ReadAt, slice: number): string | null {
  const signature = signatureIn(readAt, slice)
  if (signature === null) return null
  const head = readAt(signature, 12 + 8 * maxBlobs)
  if (head.length < 12 || head.readUInt32BE(0) !== superBlobMagic) return null
  const count = Math.min(head.readUInt32BE(8), Math.floor((head.length - 12) / 8))
  for (let index = 0; index < count; index += 1) {
    const at = 12 + 8 * index
    // The first kind of blob; there may be others of it with stronger sums.
    if (head.readUInt32BE(at) === 0) return teamIn(readAt, signature + head.readUInt32BE(at + 4))
  }
  return null
}

/** Where the signature begins, from the start of the file. */
function signatureIn(readAt: ReadAt, slice: number): number | null {
  const head = readAt(slice, 32)
  if (head.length < 32 || head.readUInt32LE(0) !== thinMagic) return null
  const bytes = head.readUInt32LE(20)
  if (bytes > maxCommandBytes) return null
  const commands = readAt(slice + 32, bytes)
  for (let at = 0; at + 16 <= commands.length;) {
    if (commands.readUInt32LE(at) === codeSignatureCommand) return slice + commands.readUInt32LE(at + 8)
    const size = commands.readUInt32LE(at + 4)
    if (size < 8) return null
    at += size
  }
  return null
}

function teamIn(readAt: ReadAt, directory: number): string | null {
  const head = readAt(directory, 52)
  if (head.length < 52 || head.readUInt32BE(0) !== codeDirectoryMagic) return null
  const offset = head.readUInt32BE(48)
  if (head.readUInt32BE(8) < versionWithTeam || offset === 0) return null
  return /^([A-Z0-9]{10})\0/.exec(readAt(directory + offset, 11).toString('latin1'))?.[1] ?? null
}
