// A zip of files as they are, without compression: what goes into it here is compressed or encrypted already.
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders. ASCII. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * @param at seconds since 1970, from 1980 on: the time of every entry, as UTC
 * @returns the file; below 4 GiB, for it holds no larger one's fields
 */
export function zipOf(entries: readonly ZipEntry[], at: number): Buffer {
  const local: Uint8Array[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const fields = commonFields(name, bytes, at)
    const header = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, Buffer.from(name, 'latin1')])
    const place = Buffer.alloc(14) // no comment, first disk, no attributes
    place.writeUInt32LE(offset, 10)
    central.push(
      Buffer.concat([Buffer.from('504b01021400', 'hex'), fields, place, Buffer.from(name, 'latin1')]),
    )
    local.push(header, bytes)
    offset += header.length + bytes.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

/** Of the entry's own header and its place in the directory: version 2.0, stored, sizes known beforehand. */
function commonFields(name: string, bytes: Uint8Array, at: number): Buffer {
  const time = new Date(at * 1000)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1),
    6,
  )
  fields.writeUInt16LE(
    ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(),
    8,
  )
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}
