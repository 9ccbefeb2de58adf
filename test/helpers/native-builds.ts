// Native programs as far as they tell what they were built from: ELF files with nothing in them but the parts that are read.
// Layouts as in test/fixtures/builds, which were captured from real ones.
import type { FakeNode } from './fake-host.ts'

interface Parts {
  /** What stands behind everything else. */
  readonly tail?: Buffer
  /** Content of a segment of notes. */
  readonly notes?: Buffer
}

const headBytes = 64
const segmentBytes = 56

/** A 64-bit little-endian ELF file with these sections and that of the names. */
export function elfOf(sections: Readonly<Record<string, Buffer>>, { tail, notes }: Parts = {}): Buffer {
  const given = Object.entries(sections)
  const names = Buffer.from(`\0${given.map(([name]) => `${name}\0`).join('')}.shstrtab\0`)
  const notesAt = headBytes + (notes === undefined ? 0 : segmentBytes)
  const contents = [...given, ['.shstrtab', names] as const]
  const table = Buffer.alloc((contents.length + 1) * 64)
  let offset = notesAt + (notes?.length ?? 0)
  for (const [index, [name, content]] of contents.entries()) {
    const at = (index + 1) * 64
    table.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, at)
    table.writeBigUInt64LE(BigInt(offset), at + 0x18)
    table.writeBigUInt64LE(BigInt(content.length), at + 0x20)
    offset += content.length
  }
  const head = Buffer.alloc(headBytes)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeBigUInt64LE(BigInt(offset), 0x28)
  head.writeUInt16LE(64, 0x3a)
  head.writeUInt16LE(contents.length + 1, 0x3c)
  head.writeUInt16LE(contents.length, 0x3e)
  const segment = Buffer.alloc(notes === undefined ? 0 : segmentBytes)
  if (notes !== undefined) {
    head.writeBigUInt64LE(BigInt(headBytes), 0x20)
    head.writeUInt16LE(segmentBytes, 0x36)
    head.writeUInt16LE(1, 0x38)
    segment.writeUInt32LE(4, 0)
    segment.writeBigUInt64LE(BigInt(notesAt), 0x08)
    segment.writeBigUInt64LE(BigInt(notes.length), 0x20)
  }
  const own = [head, segment, notes ?? Buffer.alloc(0), ...contents.map(([, content]) => content), table]
  return Buffer.concat([...own, tail ?? Buffer.alloc(0)])
}

export interface Script {
  /** As its build calls it. */
  readonly entry: string
  readonly text: string | Buffer
  /** Arguments that are built in. */
  readonly built?: string
}

/** What Bun builds in: two modules, the second of which it begins with. */
function bunGraph({ entry, text, built = '' }: Script): Buffer {
  const other = Buffer.from('/$bunfs/root/chunk-0000.js\0')
  const name = Buffer.from(`/$bunfs/root/${entry}\0`)
  const content = Buffer.concat([Buffer.from(text), Buffer.alloc(1)])
  const options = Buffer.from(`${built}\0`)
  const texts = Buffer.concat([other, name, content, options])
  const modules = Buffer.alloc(2 * 52)
  modules.writeUInt32LE(other.length - 1, 4)
  modules.writeUInt32LE(other.length, 52)
  modules.writeUInt32LE(name.length - 1, 56)
  modules.writeUInt32LE(other.length + name.length, 60)
  modules.writeUInt32LE(content.length - 1, 64)
  const record = Buffer.alloc(32)
  record.writeBigUInt64LE(BigInt(texts.length + modules.length))
  record.writeUInt32LE(texts.length, 8)
  record.writeUInt32LE(modules.length, 12)
  record.writeUInt32LE(1, 16)
  record.writeUInt32LE(other.length + name.length + content.length, 20)
  record.writeUInt32LE(options.length - 1, 24)
  return Buffer.concat([texts, modules, record, Buffer.from('\n---- Bun! ----\n')])
}

/** What Bun has a section for, on each system. */
export function bunSection(script: Script): Buffer {
  const graph = bunGraph(script)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(graph.length))
  return Buffer.concat([length, graph])
}

export function bunProgram(script: Script): Buffer {
  return elfOf({ '.rodata': Buffer.from('of Bun itself'), '.bun': bunSection(script) })
}

/** As older versions of Bun did it: behind the program, with the size of the file at its end. */
export function oldBunProgram(script: Script): Buffer {
  return elfOf(
    { '.rodata': Buffer.from('of Bun itself') },
    { tail: Buffer.concat([bunGraph(script), Buffer.alloc(8)]) },
  )
}

/** What Node begins with, on each system. */
export function seaBlob({ entry, text }: Script): Buffer {
  const path = Buffer.from(entry)
  const head = Buffer.alloc(17)
  head.writeUInt32LE(0x143da20)
  head.writeUInt8(2, 8)
  head.writeBigUInt64LE(BigInt(path.length), 9)
  return Buffer.concat([head, path, Buffer.from(text)])
}

export function seaProgram(script: Script): Buffer {
  const blob = seaBlob(script)
  const note = (owner: string, content: Buffer): Buffer => {
    const name = Buffer.alloc(Math.ceil((owner.length + 1) / 4) * 4)
    name.write(owner)
    const sizes = Buffer.alloc(12)
    sizes.writeUInt32LE(owner.length + 1, 0)
    sizes.writeUInt32LE(content.length, 4)
    return Buffer.concat([sizes, name, content, Buffer.alloc((4 - (content.length % 4)) % 4)])
  }
  return elfOf({}, { notes: Buffer.concat([note('GNU', Buffer.alloc(20)), note('NODE_SEA_BLOB', blob)]) })
}

export function rustProgram(text: string | Buffer): Buffer {
  return elfOf({
    '.comment': Buffer.from('rustc version 1.95.0 (59807616e 2026-04-14)\0'),
    '.rodata': Buffer.from(text),
  })
}

/** Of type 2. */
export function appImage(): Buffer {
  const image = elfOf({ '.upd_info': Buffer.alloc(16) })
  image.write('AI\x02', 8, 'latin1')
  return image
}

/** As a file that anybody may execute, of the size that such programs have. */
export function nativeFile(content: Buffer, bytes = 100_000_000): FakeNode {
  return { content, bytes, mode: 0o755 }
}
