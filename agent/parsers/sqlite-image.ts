// Makes one consistent image of an SQLite database from the bytes of its file and of its write-ahead log, so that it can
// be read in memory without touching either. Pure. Format: https://www.sqlite.org/fileformat2.html, sections 1.3 and 4.

const magic = Buffer.from('SQLite format 3\0', 'latin1')
const headerBytes = 100
const walHeaderBytes = 32
const frameHeaderBytes = 24
/** The low bit of the magic number tells whether checksums are over big-endian words. */
const walMagic = 0x377f0682

/**
 * The database as of the last committed transaction, in legacy (rollback) mode; null when the bytes are no database.
 * Frames that are torn, of an earlier generation or after the last commit are left out, as SQLite itself would.
 */
export function sqliteImage(file: Buffer, wal: Buffer | null): Buffer | null {
  if (file.length < headerBytes || !file.subarray(0, magic.length).equals(magic)) return null
  const pageSize = pageSizeOf(file.readUInt16BE(16))
  if (pageSize === null) return null
  const log = wal === null ? null : committedFrames(wal, pageSize)
  const pages = log === null ? Math.floor(file.length / pageSize) : log.pages
  const image = Buffer.alloc(pages * pageSize)
  file.copy(image, 0, 0, Math.min(file.length, image.length))
  if (log !== null && wal !== null) {
    for (const [page, offset] of log.frames) {
      if (page <= pages) wal.copy(image, (page - 1) * pageSize, offset, offset + pageSize)
    }
  }
  if (image.length < headerBytes) return null
  // Legacy mode: SQLite would look for a log that an image in memory cannot have.
  image[18] = 1
  image[19] = 1
  image.writeUInt32BE(pages, 28)
  // "The size is valid": its stamp must equal the change counter.
  image.copy(image, 92, 24, 28)
  return image
}

function pageSizeOf(field: number): number | null {
  const size = field === 1 ? 65_536 : field
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : null
}

interface Committed {
  /** Size of the database in pages after the last commit. */
  readonly pages: number
  /** Newest frame per page: offset of its content in the log. */
  readonly frames: ReadonlyMap<number, number>
}

/** Null when the log holds no committed transaction of its present generation. */
function committedFrames(wal: Buffer, pageSize: number): Committed | null {
  if (wal.length < walHeaderBytes) return null
  const first = wal.readUInt32BE(0)
  if ((first & ~1) >>> 0 !== walMagic || pageSizeOf(walPageSize(wal)) !== pageSize) return null
  const sum = new Checksum((first & 1) === 1)
  sum.add(wal, 0, 24)
  if (!sum.equals(wal, 24)) return null

  const committed = new Map<number, number>()
  const pending = new Map<number, number>()
  let pages: number | null = null
  const step = frameHeaderBytes + pageSize
  for (let at = walHeaderBytes; at + step <= wal.length; at += step) {
    const page = wal.readUInt32BE(at)
    const sameSalts = wal.compare(wal, 16, 24, at + 8, at + 16) === 0
    if (page === 0 || !sameSalts) break
    sum.add(wal, at, 8)
    sum.add(wal, at + frameHeaderBytes, pageSize)
    if (!sum.equals(wal, at + 16)) break
    pending.set(page, at + frameHeaderBytes)
    const sizeAfter = wal.readUInt32BE(at + 4)
    if (sizeAfter === 0) continue
    for (const [number, offset] of pending) committed.set(number, offset)
    pending.clear()
    pages = sizeAfter
  }
  // A size far beyond what file and log can hold is no size: an image of zeros would be made for it.
  return pages === null || pages > maxImageBytes / pageSize ? null : { pages, frames: committed }
}

/** Of the largest image that is made. */
const maxImageBytes = 256 * 1024 * 1024

function walPageSize(wal: Buffer): number {
  const size = wal.readUInt32BE(8)
  return size === 65_536 ? 1 : size
}

/** The running checksum of a log: two sums over pairs of 32-bit words. */
class Checksum {
  #a = 0
  #b = 0
  readonly #bigEndian: boolean

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian
  }

  add(bytes: Buffer, offset: number, length: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length)
    const little = !this.#bigEndian
    let a = this.#a
    let b = this.#b
    for (let at = 0; at + 8 <= length; at += 8) {
      a = (a + view.getUint32(at, little) + b) >>> 0
      b = (b + view.getUint32(at + 4, little) + a) >>> 0
    }
    this.#a = a
    this.#b = b
  }

  equals(bytes: Buffer, offset: number): boolean {
    return bytes.readUInt32BE(offset) === this.#a && bytes.readUInt32BE(offset + 4) === this.#b
  }
}
