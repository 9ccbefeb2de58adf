// Walks the rows of one table of an SQLite database page by page, so that little of a large file is read. Knows tables and
// records, no indices and no SQL; what is only in the write-ahead log is not seen. Pure: reads only through the function that
// it is given. Format: https://www.sqlite.org/fileformat2.html, sections 1.3, 1.5, 1.6 and 2.1.
import type { ReadAt } from './read-at.ts'

/** A value of a record: text and blobs as bytes; null for null and for numbers that are no safe integer. */
export type Value = Buffer | number | null

export interface TableRow {
  /** The first `count` columns, as far as the first `maxBytes` bytes of the record hold them; the last may be cut short. */
  values(count: number, maxBytes: number): readonly Value[]
}

interface Database {
  readonly readAt: ReadAt
  readonly pageSize: number
  /** Of a page, without what is reserved at its end. */
  readonly usable: number
  pagesLeft: number
}

const magic = 'SQLite format 3\0'
const interiorPage = 5
const leafPage = 13
/** Tables of twenty million rows are no deeper. */
const maxDepth = 20

/**
 * Calls `take` for each row, oldest first, until it returns false. False when the bytes are no such database, have no such
 * table, or more than `maxPages` pages would have to be read.
 */
export function eachRow(
  readAt: ReadAt,
  table: string,
  maxPages: number,
  take: (row: TableRow) => boolean,
): boolean {
  const head = readAt(0, 100)
  if (head.length < 100 || head.toString('latin1', 0, 16) !== magic) return false
  const field = head.readUInt16BE(16)
  const pageSize = field === 1 ? 65_536 : field
  const usable = pageSize - (head[20] ?? 0)
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) return false
  const database: Database = { readAt, pageSize, usable, pagesLeft: maxPages }
  let root = 0
  const schema = walk(database, 1, 0, (row) => {
    const [type, name, , page] = row.values(4, 4096)
    if (textOf(type) === 'table' && textOf(name) === table && typeof page === 'number') root = page
    return root === 0
  })
  if (root === 0 || schema === 'broken') return false
  return walk(database, root, 0, take) !== 'broken'
}

export function textOf(value: Value | undefined): string | null {
  return value instanceof Buffer ? value.toString('utf8') : null
}

type Walked = 'done' | 'stopped' | 'broken'

function walk(db: Database, page: number, depth: number, take: (row: TableRow) => boolean): Walked {
  if (page < 1 || depth > maxDepth || (db.pagesLeft -= 1) < 0) return 'broken'
  const bytes = db.readAt((page - 1) * db.pageSize, db.pageSize)
  if (bytes.length < db.pageSize) return 'broken'
  const start = page === 1 ? 100 : 0
  const kind = bytes[start]
  if (kind !== interiorPage && kind !== leafPage) return 'broken'
  const count = bytes.readUInt16BE(start + 3)
  const pointers = start + (kind === interiorPage ? 12 : 8)
  if (pointers + 2 * count > db.usable) return 'broken'
  for (let index = 0; index < count; index += 1) {
    const cell = bytes.readUInt16BE(pointers + 2 * index)
    if (cell + 4 > db.usable) return 'broken'
    if (kind === leafPage) {
      const row = rowAt(db, bytes, cell)
      if (row === null) return 'broken'
      if (!take(row)) return 'stopped'
    } else {
      const walked = walk(db, bytes.readUInt32BE(cell), depth + 1, take)
      if (walked !== 'done') return walked
    }
  }
  return kind === leafPage ? 'done' : walk(db, bytes.readUInt32BE(start + 8), depth + 1, take)
}

function rowAt(db: Database, page: Buffer, cell: number): TableRow | null {
  const size = varint(page, cell)
  const rowid = size === null ? null : varint(page, size.end)
  if (size === null || rowid === null) return null
  const local = localBytes(db.usable, size.value)
  const begin = rowid.end
  if (begin + local + (local < size.value ? 4 : 0) > page.length) return null
  return {
    values: (count, maxBytes) =>
      decode(payload(db, page, begin, local, Math.min(size.value, maxBytes)), count),
  }
}

/** How much of a record stands in its own cell; the rest is in a chain of overflow pages. */
function localBytes(usable: number, size: number): number {
  const most = usable - 35
  if (size <= most) return size
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const even = least + ((size - least) % (usable - 4))
  return even <= most ? even : least
}

function payload(db: Database, page: Buffer, begin: number, local: number, wanted: number): Buffer {
  const parts = [page.subarray(begin, begin + Math.min(local, wanted))]
  let have = local
  let next = have < wanted ? page.readUInt32BE(begin + local) : 0
  while (have < wanted && next > 0 && (db.pagesLeft -= 1) >= 0) {
    const bytes = db.readAt((next - 1) * db.pageSize, db.pageSize)
    if (bytes.length < db.pageSize) break
    const part = bytes.subarray(4, Math.min(db.usable, 4 + wanted - have))
    parts.push(part)
    have += part.length
    next = bytes.readUInt32BE(0)
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

/** A record: the types of its columns, then their values. The last text or blob may be cut short, a number not. */
function decode(record: Buffer, count: number): readonly Value[] {
  const head = varint(record, 0)
  if (head === null) return []
  const values: Value[] = []
  let at = head.end
  let position = head.value
  while (at < head.value && values.length < count) {
    const type = varint(record, at)
    if (type === null) break
    at = type.end
    const bytes = bytesOf(type.value)
    if (position + bytes > record.length) {
      if (type.value >= 12) values.push(record.subarray(position))
      break
    }
    values.push(valueOf(record, type.value, position, bytes))
    position += bytes
  }
  return values
}

function bytesOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0
}

function valueOf(record: Buffer, type: number, position: number, bytes: number): Value {
  if (type >= 12) return record.subarray(position, position + bytes)
  if (type === 8 || type === 9) return type - 8
  if (type === 0 || type > 6) return null
  if (bytes <= 6) return record.readIntBE(position, bytes)
  const large = Number(record.readBigInt64BE(position))
  return Number.isSafeInteger(large) ? large : null
}

/** Up to nine bytes, seven bits each; null when cut short or no size that anything has. */
function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0
  for (let at = start; at < start + 8; at += 1) {
    const byte = bytes[at]
    if (byte === undefined) return null
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: at + 1 } : null
  }
  // Nine bytes: a rowid below zero or beyond any size.
  return bytes[start + 8] === undefined ? null : { value: Number.MAX_SAFE_INTEGER, end: start + 9 }
}
