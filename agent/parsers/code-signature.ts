// Whom the signature in a macOS program names: a team, and what that calls the program. It is read and not verified: who copies a
// name has it too, so that it can only weaken what an application says of itself, or make something likely. Pure: reads a few
// parts, through the function that it is given.
// Formats: cs_blobs.h of XNU for what LC_CODE_SIGNATURE points to (SuperBlob, CodeDirectory).
import { loadCommands, machOSlices } from './mach-o.ts'
import type { ReadAt } from './read-at.ts'

const superBlobMagic = 0xfade0cc0
const codeDirectoryMagic = 0xfade0c02
const codeSignatureCommand = 0x1d
/** Since this version a CodeDirectory names a team. */
const versionWithTeam = 0x20200
const maxBlobs = 32
const maxIdentifierBytes = 200

export interface CodeSignature {
  /** What the program is called by who signed it, as `com.example.tool`; null where it is too long or no plain name. */
  readonly identifier: string | null
  /** Ten letters and digits; null where no team is named, as in an ad hoc signature. */
  readonly team: string | null
}

/** Ten letters and digits; null for what has no signature, one that names no team (ad hoc), or is no 64-bit program. */
export function signingTeam(readAt: ReadAt): string | null {
  return codeSignature(readAt)?.team ?? null
}

/** Null for what has no signature, is no 64-bit program, or is one for several processors that are not signed alike. */
export function codeSignature(readAt: ReadAt): CodeSignature | null {
  const [first = null, ...others] = machOSlices(readAt).map((slice) => signatureOf(readAt, slice))
  // A program for several processors has a signature for each.
  return others.every((one) => one?.team === first?.team && one?.identifier === first?.identifier)
    ? first
    : null
}

function signatureOf(readAt: ReadAt, slice: number): CodeSignature | null {
  const command = loadCommands(readAt, slice)?.find(({ kind }) => kind === codeSignatureCommand)?.bytes
  if (command === undefined || command.length < 12) return null
  const signature = slice + command.readUInt32LE(8)
  const head = readAt(signature, 12 + 8 * maxBlobs)
  if (head.length < 12 || head.readUInt32BE(0) !== superBlobMagic) return null
  const count = Math.min(head.readUInt32BE(8), Math.floor((head.length - 12) / 8))
  for (let index = 0; index < count; index += 1) {
    const at = 12 + 8 * index
    // The first kind of blob; there may be others of it with stronger sums.
    if (head.readUInt32BE(at) === 0) return namedIn(readAt, signature + head.readUInt32BE(at + 4))
  }
  return null
}

function namedIn(readAt: ReadAt, directory: number): CodeSignature | null {
  const head = readAt(directory, 52)
  if (head.length < 52 || head.readUInt32BE(0) !== codeDirectoryMagic) return null
  const textAt = (offset: number, bytes: number): string =>
    offset === 0 ? '' : readAt(directory + offset, bytes).toString('latin1')
  const identifier = textAt(head.readUInt32BE(20), maxIdentifierBytes + 1)
  const team = head.readUInt32BE(8) < versionWithTeam ? '' : textAt(head.readUInt32BE(48), 11)
  return {
    identifier: /^([\w.-]+)\0/.exec(identifier)?.[1] ?? null,
    team: /^([A-Z0-9]{10})\0/.exec(team)?.[1] ?? null,
  }
}
