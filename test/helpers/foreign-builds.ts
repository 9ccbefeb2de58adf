// Programs for macOS and Windows as far as they tell what they were built from: nothing in them but the parts that are read.
// Layouts as in test/fixtures/builds, which were captured from real ones.

/** A 64-bit Mach-O file with these sections of one segment each, `__BUN,__bun`. */
export function machOOf(sections: Readonly<Record<string, Buffer>>): Buffer {
  const given = Object.entries(sections)
  const commandBytes = 72 + 80
  const head = Buffer.alloc(32)
  head.writeUInt32LE(0xfeedfacf, 0)
  head.writeUInt32LE(given.length, 16)
  head.writeUInt32LE(given.length * commandBytes, 20)
  let offset = head.length + given.length * commandBytes
  const commands = given.map(([name, content]) => {
    const [segment = '', section = ''] = name.split(',')
    const command = Buffer.alloc(commandBytes)
    command.writeUInt32LE(0x19, 0)
    command.writeUInt32LE(commandBytes, 4)
    command.write(segment, 8, 'latin1')
    command.writeUInt32LE(1, 64)
    command.write(section, 72, 'latin1')
    command.write(segment, 88, 'latin1')
    command.writeBigUInt64LE(BigInt(content.length), 112)
    command.writeUInt32LE(offset, 120)
    offset += content.length
    return command
  })
  return Buffer.concat([head, ...commands, ...given.map(([, content]) => content)])
}

/** The same for two processors, the second of which has nothing in it. */
export function universal(program: Buffer): Buffer {
  const head = Buffer.alloc(8 + 2 * 20)
  head.writeUInt32BE(0xcafebabe, 0)
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(head.length, 16)
  head.writeUInt32BE(head.length + program.length, 36)
  return Buffer.concat([head, program, machOOf({})])
}

/** Where a section begins in memory, for each by its place in the list. */
const addressOf = (index: number): number => 0x1000 * (index + 1)

interface Tables {
  /** A record of the file of its debugging symbols. */
  readonly symbols?: string
  /** Whom its certificates name. */
  readonly signers?: readonly string[]
}

/** A 64-bit Windows program with these sections, each smaller than a page. */
export function peOf(sections: Readonly<Record<string, Buffer>>, { symbols, signers }: Tables = {}): Buffer {
  const debug = Buffer.alloc(28)
  const record = Buffer.concat([
    Buffer.from('RSDS'),
    Buffer.alloc(20),
    Buffer.from(`C:\\build\\${symbols}\0`),
  ])
  const given = [...Object.entries(sections), ['.debug', Buffer.concat([debug, record])] as const]
  const head = Buffer.alloc(64 + 24 + 240 + 40 * given.length)
  head.write('MZ', 'latin1')
  head.writeUInt32LE(64, 0x3c)
  head.write('PE', 64, 'latin1')
  head.writeUInt16LE(given.length, 64 + 6)
  head.writeUInt16LE(240, 64 + 20)
  head.writeUInt16LE(0x20b, 64 + 24)
  let offset = head.length
  for (const [index, [name, content]] of given.entries()) {
    const at = 64 + 24 + 240 + 40 * index
    head.write(name, at, 'latin1')
    head.writeUInt32LE(addressOf(index), at + 12)
    head.writeUInt32LE(content.length, at + 16)
    head.writeUInt32LE(offset, at + 20)
    offset += content.length
  }
  const directory = (number: number, place: number, bytes: number): void => {
    const at = 64 + 24 + 112 + 8 * number
    head.writeUInt32LE(place, at)
    head.writeUInt32LE(bytes, at + 4)
  }
  if (symbols !== undefined) {
    directory(6, addressOf(given.length - 1), debug.length)
    debug.writeUInt32LE(2, 12)
    debug.writeUInt32LE(offset - record.length, 24)
  }
  const certificates = Buffer.concat(
    (signers ?? []).map((name) =>
      Buffer.concat([
        Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, Buffer.byteLength(name)]),
        Buffer.from(name),
      ]),
    ),
  )
  if (certificates.length > 0) directory(4, offset, certificates.length)
  const contents = given.map(([, content], index) =>
    index === given.length - 1 ? Buffer.concat([debug, record]) : content,
  )
  return Buffer.concat([head, ...contents, certificates])
}
