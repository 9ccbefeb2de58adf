// Reads macOS executables for the checks: written apart from what signs them, and tried on Apple's own signature of Node first.
import { createHash } from 'node:crypto'

interface Segment {
  readonly name: string
  readonly offset: number
  readonly bytes: number
  readonly sections: readonly string[]
}

export interface MachO {
  readonly file: Buffer
  readonly processor: number
  readonly segments: readonly Segment[]
  /** Where each command of the linker's data points, by the command's number. */
  readonly linked: ReadonlyMap<number, { readonly offset: number; readonly bytes: number }>
}

export const processors = { x64: 0x01000007, arm64: 0x0100000c } as const
export const commands = {
  codeSignature: 0x1d,
  functionStarts: 0x26,
  exports: 0x80000033,
  fixups: 0x80000034,
} as const

export function readMachO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a 64-bit Mach-O file')
  const segments: Segment[] = []
  const linked = new Map<number, { offset: number; bytes: number }>()
  const name = (at: number) => file.toString('latin1', at, at + 16).split('\0')[0] ?? ''
  let at = 32
  for (let n = file.readUInt32LE(16); n > 0; n--) {
    const command = file.readUInt32LE(at)
    if (command === 0x19) {
      const count = file.readUInt32LE(at + 64)
      segments.push({
        name: name(at + 8),
        offset: Number(file.readBigUInt64LE(at + 40)),
        bytes: Number(file.readBigUInt64LE(at + 48)),
        sections: Array.from({ length: count }, (_, index) => name(at + 72 + index * 80)),
      })
    } else if (Object.values<number>(commands).includes(command)) {
      linked.set(command, { offset: file.readUInt32LE(at + 8), bytes: file.readUInt32LE(at + 12) })
    }
    at += file.readUInt32LE(at + 4)
  }
  return { file, processor: file.readUInt32LE(4), segments, linked }
}

/** What a linker's command points to. */
export function linkedData({ file, linked }: MachO, command: number): Buffer {
  const { offset, bytes } = linked.get(command) ?? { offset: 0, bytes: 0 }
  return file.subarray(offset, offset + bytes)
}

export interface SignatureReport {
  readonly identifier: string
  /** No one vouches: the hashes alone. */
  readonly adHoc: boolean
  readonly pages: number
  readonly badPages: number
  /** Everything before the signature is hashed, and the signature ends file and last segment. */
  readonly complete: boolean
}

const directoryMagic = 0xfade0c02

/** Holds every page against the strongest list of hashes in the signature; undefined without one. */
export function readSignature(image: MachO): SignatureReport | undefined {
  const place = image.linked.get(commands.codeSignature)
  if (place === undefined) return undefined
  const blob = linkedData(image, commands.codeSignature)
  const starts = Array.from({ length: blob.readUInt32BE(8) }, (_, index) => blob.readUInt32BE(16 + index * 8))
  const directories = starts
    .map((start) => blob.subarray(start, start + blob.readUInt32BE(start + 4)))
    .filter((one) => one.readUInt32BE(0) === directoryMagic)
  const directory = directories.find((one) => one.readUInt8(37) === 2)
  if (directory === undefined) return undefined
  const [hashes, identifier] = [directory.readUInt32BE(16), directory.readUInt32BE(20)]
  const [pages, limit] = [directory.readUInt32BE(28), directory.readUInt32BE(32)]
  const [hashBytes, pageBytes] = [directory.readUInt8(36), 2 ** directory.readUInt8(39)]
  let badPages = 0
  for (let page = 0; page < pages; page++) {
    const code = image.file.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, limit))
    const listed = directory.subarray(hashes + page * hashBytes, hashes + (page + 1) * hashBytes)
    if (!createHash('sha256').update(code).digest().equals(listed)) badPages++
  }
  const last = image.segments.at(-1)
  const end = place.offset + place.bytes
  return {
    identifier: directory.toString('latin1', identifier, directory.indexOf(0, identifier)),
    adHoc: (directory.readUInt32BE(12) & 2) !== 0,
    pages,
    badPages,
    complete:
      limit === place.offset &&
      pages === Math.ceil(limit / pageBytes) &&
      end === image.file.length &&
      last?.name === '__LINKEDIT' &&
      last.offset + last.bytes === end,
  }
}
