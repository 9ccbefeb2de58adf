// The one part of a package for Windows that holds the time of its making: the summary's two times and the package's code, which
// wixl takes from the clock and from chance. Put in their places in the file; nothing else of it is touched.
import { createHash } from 'node:crypto'
import { uuidOf } from '../managed/apple-profiles.ts'

/** Format identifier of a summary (MS-OLEPS). */
const summaryFormat = Buffer.from('e0859ff2f94f6810ab9108002b27b3d9', 'hex')
const properties = { code: 9, created: 12, saved: 13 } as const
const types = { text: 30, time: 64 } as const
const unixEpoch = 116_444_736_000_000_000n // in steps of 100 ns since 1601

/**
 * Gives the package its time, and a code that follows from all else that is in it: two packages with the same bytes have the
 * same code, and no others, as Windows Installer wants.
 * @param bytes the file; is changed
 * @param at seconds since 1970
 * @throws Error where the summary is not as wixl writes it
 */
export function settleSummary(bytes: Buffer, at: number): void {
  const places = summaryPlaces(bytes)
  const time = unixEpoch + BigInt(at) * 10_000_000n
  for (const id of [properties.created, properties.saved])
    bytes.writeBigUInt64LE(time, valueAt(bytes, places, id, types.time))
  const code = valueAt(bytes, places, properties.code, types.text) + 4
  const write = (uuid: string) => bytes.write(`{${uuid}}`, code, 'latin1')
  if (!/^\{[0-9A-F-]{36}\}\0$/.test(bytes.toString('latin1', code, code + 39)))
    throw new Error('The summary holds no package code where it should be.')
  write('00000000-0000-0000-0000-000000000000')
  write(uuidOf(`msi.package.${createHash('sha256').update(bytes).digest('hex')}`))
}

/** Where in the file each property begins: it lies in one piece, since the file is written as a whole. */
function summaryPlaces(bytes: Buffer): ReadonlyMap<number, number> {
  const format = bytes.indexOf(summaryFormat)
  if (format === -1 || bytes.indexOf(summaryFormat, format + 1) !== -1)
    throw new Error('The package has no summary, or more than one.')
  // Its only section follows the header, which ends with the section's place.
  const header = format - 28
  const section = header + bytes.readUInt32LE(format + 16)
  const count = bytes.readUInt32LE(section + 4)
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const entry = section + 8 + index * 8
      return [bytes.readUInt32LE(entry), section + bytes.readUInt32LE(entry + 4)] as const
    }),
  )
}

function valueAt(bytes: Buffer, places: ReadonlyMap<number, number>, id: number, type: number): number {
  const place = places.get(id)
  if (place === undefined || bytes.readUInt32LE(place) !== type)
    throw new Error(`The summary has no property ${id} of the expected kind.`)
  return place + 4
}
