import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { sqliteImage } from '../../../../agent/parsers/sqlite-image.ts'

const page = 512

/** A database of two pages in memory, as a file would hold it. */
function database(): Buffer {
  const db = new DatabaseSync(':memory:')
  db.exec(`PRAGMA page_size=${page}; CREATE TABLE t(a); INSERT INTO t VALUES (1);`)
  const bytes = Buffer.from(db.serialize())
  db.close()
  return bytes
}

/** A log written after https://www.sqlite.org/fileformat2.html#the_write_ahead_log, apart from the code under test. */
function logOf(frames: readonly { page: number; after: number; fill: number }[], salt = 7): Buffer {
  const sums = { a: 0, b: 0 }
  const add = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += 8) {
      sums.a = (sums.a + bytes.readUInt32LE(at) + sums.b) >>> 0
      sums.b = (sums.b + bytes.readUInt32LE(at + 4) + sums.a) >>> 0
    }
  }
  const header = Buffer.alloc(32)
  header.writeUInt32BE(0x377f0682, 0)
  header.writeUInt32BE(3_007_000, 4)
  header.writeUInt32BE(page, 8)
  header.writeUInt32BE(salt, 16)
  add(header.subarray(0, 24))
  header.writeUInt32BE(sums.a, 24)
  header.writeUInt32BE(sums.b, 28)
  const parts = [header]
  for (const { page: number, after, fill } of frames) {
    const frame = Buffer.alloc(24 + page, fill)
    frame.writeUInt32BE(number, 0)
    frame.writeUInt32BE(after, 4)
    frame.writeUInt32BE(salt, 8)
    frame.writeUInt32BE(0, 12)
    add(frame.subarray(0, 8))
    add(frame.subarray(24))
    frame.writeUInt32BE(sums.a, 16)
    frame.writeUInt32BE(sums.b, 20)
    parts.push(frame)
  }
  return Buffer.concat(parts)
}

/** What each page of the image begins with, after the first. */
function fills(image: Buffer | null): readonly number[] | null {
  if (image === null) return null
  return Array.from({ length: image.length / page - 1 }, (_, n) => image[(n + 1) * page + 100] ?? -1)
}

const file = database()
const original = fills(sqliteImage(file, null)) ?? []

describe('a database file alone', () => {
  test('is in legacy mode afterwards and otherwise the same', () => {
    const wal = Buffer.from(file)
    wal[18] = 2
    wal[19] = 2
    const image = sqliteImage(wal, null)
    expect(image?.subarray(100).equals(file.subarray(100))).toBe(true)
    expect([image?.[18], image?.[19]]).toEqual([1, 1])
  })

  test.each<[string, Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['shorter than its header', file.subarray(0, 60)],
    ['something else', Buffer.alloc(4096, 65)],
    [
      'of an impossible page size',
      Buffer.concat([file.subarray(0, 16), Buffer.from([3, 1]), file.subarray(18)]),
    ],
  ])('%s is none', (_title, bytes) => {
    expect(sqliteImage(bytes, null)).toBe(null)
  })
})

describe('with its log', () => {
  test('committed pages replace those of the file, the newest of each', () => {
    const log = logOf([
      { page: 2, after: 0, fill: 11 },
      { page: 3, after: 3, fill: 12 },
      { page: 2, after: 3, fill: 13 },
    ])
    expect(fills(sqliteImage(file, log))).toEqual([13, 12])
  })

  test('what was not committed does not count', () => {
    const log = logOf([
      { page: 2, after: 2, fill: 11 },
      { page: 2, after: 0, fill: 99 },
    ])
    expect(fills(sqliteImage(file, log))).toEqual([11])
  })

  test('frames of an earlier generation of the log do not count', () => {
    const old = logOf([{ page: 2, after: 2, fill: 99 }], 5)
    const log = Buffer.concat([logOf([{ page: 2, after: 2, fill: 11 }]), old.subarray(32)])
    expect(fills(sqliteImage(file, log))).toEqual([11])
  })

  test('a torn frame ends the log', () => {
    const log = logOf([
      { page: 2, after: 2, fill: 11 },
      { page: 2, after: 2, fill: 99 },
    ])
    log[log.length - 1] = 1
    expect(fills(sqliteImage(file, log))).toEqual([11])
    expect(fills(sqliteImage(file, log.subarray(0, log.length - 10)))).toEqual([11])
  })

  test.each<[string, Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['of zeros', Buffer.alloc(4096)],
    [
      'of another page size',
      Buffer.concat([logOf([]).subarray(0, 8), Buffer.from([0, 0, 16, 0]), logOf([]).subarray(12)]),
    ],
    ['with a size that cannot be', logOf([{ page: 2, after: 0x7fffffff, fill: 1 }])],
  ])('a log that is %s is as none', (_title, log) => {
    expect(fills(sqliteImage(file, log))).toEqual(original)
  })
})
