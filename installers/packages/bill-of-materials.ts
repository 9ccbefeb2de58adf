// The `Bom` of a flat package: what it installs, in Apple's undocumented form, as others have described it (numbered blocks, a few
// of them named, trees of keys and values). By it macOS knows later which files are the package's. Pure.
import type { TreeEntry } from './package-tree.ts'

const types = { folder: 2, file: 1, link: 3 } as const
const headerBytes = 512
/** A tree's page; what a package of ours lists fits into one. */
const pageBytes = 4096
const mostEntries = Math.floor((pageBytes - 12) / 8)

/** @param at seconds since 1970, of every entry; all belong to root. */
export function billOfMaterials(entries: readonly TreeEntry[], at: number): Buffer {
  if (entries.length > mostEntries)
    throw new Error(`${entries.length} entries: more than one page of a bill of materials holds`)
  const blocks: Buffer[] = []
  /** Answers the block's number; 0 is none. */
  const block = (bytes: Buffer): number => blocks.push(bytes)
  const tree = (size: number, pairs: readonly (readonly [value: number, key: number])[]): number =>
    block(
      Buffer.concat([
        Buffer.from('tree'),
        words(1, block(page(size, pairs)), size, pairs.length),
        Buffer.of(0),
      ]),
    )

  const info = block(words(1, entries.length + 1, 1, 0, 0, 0, 0))
  const paths = tree(
    pageBytes,
    entries.map((entry, index) => {
      const facts = block(pathFacts(entry, at))
      const key = Buffer.concat([
        words(entry.parent === null ? 0 : entry.parent + 1),
        Buffer.from(`${entry.name}\0`),
      ])
      return [block(words(index + 1, facts)), block(key)] as const
    }),
  )
  const hardLinks = tree(pageBytes, [])
  const versions = block(Buffer.concat([words(1, tree(128, []), 0), Buffer.of(0)]))
  const largeFiles = tree(pageBytes, [])
  const named = [
    ['BomInfo', info],
    ['Paths', paths],
    ['HLIndex', hardLinks],
    ['VIndex', versions],
    ['Size64', largeFiles],
  ] as const
  return written(blocks, named)
}

function page(size: number, pairs: readonly (readonly [number, number])[]): Buffer {
  const leaf = Buffer.alloc(4)
  leaf.writeUInt16BE(1)
  leaf.writeUInt16BE(pairs.length, 2)
  const filled = Buffer.concat([leaf, words(0, 0), words(...pairs.flat())])
  return Buffer.concat([filled, Buffer.alloc(size - filled.length)])
}

function pathFacts({ kind, mode, bytes }: TreeEntry, at: number): Buffer {
  const head = Buffer.alloc(6)
  head.writeUInt8(types[kind])
  head.writeUInt8(1, 1)
  head.writeUInt16BE(kind === 'file' ? 3 : 0, 2) // Of which processors the parts are: not told.
  head.writeUInt16BE({ folder: 0o040000, file: 0o100000, link: 0o120000 }[kind] | mode, 4)
  const leadsTo = kind === 'link' ? Buffer.concat([bytes, Buffer.of(0)]) : Buffer.alloc(0)
  return Buffer.concat([
    head,
    words(0, 0, at, bytes.length),
    Buffer.of(1),
    words(kind === 'folder' ? 0 : posixChecksum(bytes), leadsTo.length),
    leadsTo,
  ])
}

function written(blocks: readonly Buffer[], named: readonly (readonly [string, number])[]): Buffer {
  let offset = headerBytes
  const table = blocks.map((bytes) => {
    const pointer = words(offset, bytes.length)
    offset += bytes.length
    return pointer
  })
  const names = named.map(([name, number]) =>
    Buffer.concat([words(number), Buffer.of(name.length), Buffer.from(name)]),
  )
  const variables = Buffer.concat([words(named.length), ...names])
  // The null block first; then a list of free blocks, which is empty but has room for two.
  const index = Buffer.concat([words(blocks.length + 1, 0, 0), ...table, words(0, 0, 0, 0, 0)])
  const header = Buffer.concat([
    Buffer.from('BOMStore'),
    words(1, blocks.length, offset + variables.length, index.length, offset, variables.length),
  ])
  return Buffer.concat([header, Buffer.alloc(headerBytes - header.length), ...blocks, variables, index])
}

/** 32 bits each, the high byte first. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** As the program `cksum` counts it. */
export function posixChecksum(bytes: Buffer): number {
  let sum = 0
  const add = (byte: number): void => {
    sum = (sum << 8) ^ (remainders[((sum >>> 24) ^ byte) & 0xff] ?? 0)
  }
  for (const byte of bytes) add(byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff)
  return ~sum >>> 0
}
