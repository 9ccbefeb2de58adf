// An ad-hoc signature for a macOS executable, as Apple's linker writes it: the hash of each page and no one's name. Without
// it Apple silicon kills the process at its start; who may call it theirs signs it again with codesign.
import { createHash } from 'node:crypto'

const magic64 = 0xfeedfacf
const loadCommand = { segment64: 0x19, codeSignature: 0x1d } as const
const headerBytes = 32
const signatureCommandBytes = 16
const pageBytes = 4096
const linkedAlignment = 0x4000n

interface Layout {
  /** Offsets of the commands in the file. */
  readonly linkedit: number
  readonly signature: number | undefined
  readonly commandsEnd: number
  /** Where the first section's bytes begin: commands may grow up to there. */
  readonly firstContent: number
  readonly text: { readonly offset: bigint; readonly bytes: bigint }
}

/**
 * A copy of the 64-bit Mach-O `file` that is signed under `identifier`; a signature that it had is replaced.
 * @throws where the file is none, is a universal one or has no room for the command: a bug of the build
 */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  const { linkedit, signature, commandsEnd, firstContent, text } = layoutOf(file)
  const linkedBegin = Number(file.readBigUInt64LE(linkedit + 40))
  const linkedEnd = linkedBegin + Number(file.readBigUInt64LE(linkedit + 48))
  const codeEnd = align16(signature === undefined ? linkedEnd : file.readUInt32LE(signature + 8))
  const signatureBytes = align16(superBlobBytes(codeEnd, identifier))
  const signed = Buffer.alloc(codeEnd + signatureBytes)
  file.copy(signed, 0, 0, Math.min(codeEnd, file.length))
  const command = signature ?? commandsEnd
  if (signature === undefined) {
    if (commandsEnd + signatureCommandBytes > firstContent) throw new Error('no room for a load command')
    signed.writeUInt32LE(file.readUInt32LE(16) + 1, 16)
    signed.writeUInt32LE(file.readUInt32LE(20) + signatureCommandBytes, 20)
    signed.writeUInt32LE(loadCommand.codeSignature, command)
    signed.writeUInt32LE(signatureCommandBytes, command + 4)
  }
  signed.writeUInt32LE(codeEnd, command + 8)
  signed.writeUInt32LE(signatureBytes, command + 12)
  const linkedBytes = BigInt(signed.length - linkedBegin)
  signed.writeBigUInt64LE(
    ((linkedBytes + linkedAlignment - 1n) / linkedAlignment) * linkedAlignment,
    linkedit + 32,
  )
  signed.writeBigUInt64LE(linkedBytes, linkedit + 48)
  // The pages that are hashed hold the header: it is final by now.
  superBlob(signed.subarray(0, codeEnd), identifier, text).copy(signed, codeEnd)
  return signed
}

function layoutOf(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== magic64) throw new Error('not a Mach-O file for one 64-bit processor')
  let linkedit: number | undefined
  let signature: number | undefined
  let text: Layout['text'] | undefined
  let firstContent = file.length
  let at = headerBytes
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const kind = file.readUInt32LE(at)
    if (kind === loadCommand.codeSignature) signature = at
    if (kind === loadCommand.segment64) {
      const name = file.toString('latin1', at + 8, at + 24).replace(/\0.*$/s, '')
      if (name === '__LINKEDIT') linkedit = at
      if (name === '__TEXT')
        text = { offset: file.readBigUInt64LE(at + 40), bytes: file.readBigUInt64LE(at + 48) }
      for (let section = at + 72, n = file.readUInt32LE(at + 64); n > 0; n--, section += 80) {
        const offset = file.readUInt32LE(section + 48)
        if (offset > 0) firstContent = Math.min(firstContent, offset)
      }
    }
    at += file.readUInt32LE(at + 4)
  }
  if (linkedit === undefined || text === undefined)
    throw new Error('no __TEXT or __LINKEDIT in the Mach-O file')
  return { linkedit, signature, commandsEnd: at, firstContent, text }
}

function align16(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}

// Apple's xnu, osfmk/kern/cs_blobs.h: a SuperBlob with one CodeDirectory in it. All numbers are big-endian.
const superBlobHeader = 12 + 8
const directoryHeader = 88
const hashBytes = 32

function superBlobBytes(codeBytes: number, identifier: string): number {
  return (
    superBlobHeader + directoryHeader + identifier.length + 1 + Math.ceil(codeBytes / pageBytes) * hashBytes
  )
}

function superBlob(code: Buffer, identifier: string, text: Layout['text']): Buffer {
  const blob = Buffer.alloc(superBlobBytes(code.length, identifier))
  const pages = Math.ceil(code.length / pageBytes)
  const hashes = directoryHeader + identifier.length + 1
  blob.writeUInt32BE(0xfade0cc0, 0)
  blob.writeUInt32BE(blob.length, 4)
  blob.writeUInt32BE(1, 8) // one blob, at:
  blob.writeUInt32BE(superBlobHeader, 16)
  const directory = blob.subarray(superBlobHeader)
  directory.writeUInt32BE(0xfade0c02, 0)
  directory.writeUInt32BE(directory.length, 4)
  directory.writeUInt32BE(0x20400, 8) // the version that knows executable segments
  directory.writeUInt32BE(0x2, 12) // ad hoc
  directory.writeUInt32BE(hashes, 16)
  directory.writeUInt32BE(directoryHeader, 20) // the identifier
  directory.writeUInt32BE(pages, 28)
  directory.writeUInt32BE(code.length, 32)
  directory.writeUInt8(hashBytes, 36)
  directory.writeUInt8(2, 37) // SHA-256
  directory.writeUInt8(Math.log2(pageBytes), 39)
  directory.writeBigUInt64BE(text.offset, 64)
  directory.writeBigUInt64BE(text.bytes, 72)
  directory.writeBigUInt64BE(1n, 80) // a main program
  directory.write(`${identifier}\0`, directoryHeader, 'latin1')
  for (let page = 0; page < pages; page++) {
    const bytes = code.subarray(page * pageBytes, (page + 1) * pageBytes)
    createHash('sha256')
      .update(bytes)
      .digest()
      .copy(directory, hashes + page * hashBytes)
  }
  return blob
}
