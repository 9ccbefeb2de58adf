import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../../../agent/parsers/sqlite-table.ts'
import { eachRow, textOf } from '../../../../agent/parsers/sqlite-table.ts'

function imageOf(
  sql: string,
  rows: readonly (readonly [string, string | Uint8Array | number | null])[],
): Buffer {
  const db = new DatabaseSync(':memory:')
  db.exec(sql)
  const insert = db.prepare('INSERT INTO ItemTable (key, value) VALUES (?, ?)')
  db.exec('BEGIN')
  for (const [key, value] of rows) insert.run(key, typeof value === 'number' ? BigInt(value) : value)
  db.exec('COMMIT')
  const image = Buffer.from(db.serialize())
  db.close()
  return image
}

const itemTable = 'CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)'

function rowsOf(image: Buffer, table = 'ItemTable', maxPages = 10_000, maxBytes = 1e6) {
  const rows: (readonly Value[])[] = []
  let pages = 0
  const isRead = eachRow(
    (position, length) => {
      pages += 1
      return image.subarray(position, position + length)
    },
    table,
    maxPages,
    (row) => {
      rows.push(row.values(2, maxBytes))
      return true
    },
  )
  return { rows, isRead, pages }
}

describe('rows of an SQLite table', () => {
  test.each([512, 4096, 65_536])('with pages of %i bytes: as SQLite gives them', (pageSize) => {
    const given = Array.from({ length: 300 }, (_, n) => [`key ${n}`, 'x'.repeat((n * 37) % 9000)] as const)
    const { rows, isRead } = rowsOf(imageOf(`PRAGMA page_size=${pageSize}; ${itemTable}`, given))
    expect(isRead).toBe(true)
    expect(rows.map((row) => row.map(textOf))).toEqual(given)
  })

  test.each([0, 1, 127, 128, -1, 32_767, 8_388_607, -2_147_483_648, 140_737_488_355_327, 2 ** 52])(
    'the number %d',
    (number) => {
      expect(rowsOf(imageOf(itemTable, [['n', number]])).rows[0]?.[1]).toBe(number)
    },
  )

  test('of a large value only what is asked for is read', () => {
    const image = imageOf(itemTable, [['large', Buffer.alloc(5_000_000, 1)]])
    const { rows, pages } = rowsOf(image, 'ItemTable', 100, 10_000)
    expect(rows[0]?.[1]).toHaveLength(10_000 - 11)
    expect(pages).toBeLessThan(10)
  })

  test('a table among many, whose statements are longer than a page', () => {
    const others = Array.from({ length: 40 }, (_, n) => `CREATE TABLE t${n} (a -- ${'y'.repeat(3000)}\n);`)
    const { rows } = rowsOf(imageOf(`PRAGMA page_size=1024; ${others.join('')} ${itemTable}`, [['k', 'v']]))
    expect(rows.map((row) => row.map(textOf))).toEqual([['k', 'v']])
  })

  test('an empty table has no rows, a missing one cannot be read, nor can what is larger than allowed', () => {
    expect(rowsOf(imageOf(itemTable, []))).toMatchObject({ rows: [], isRead: true })
    expect(rowsOf(imageOf(itemTable, []), 'Other').isRead).toBe(false)
    const many = Array.from({ length: 300 }, (_, n) => [`key ${n}`, 'x'.repeat(400)] as const)
    expect(rowsOf(imageOf(itemTable, many), 'ItemTable', 10).isRead).toBe(false)
  })

  test('whatever is broken in it, nothing throws and it ends', () => {
    const image = imageOf(
      `PRAGMA page_size=512; ${itemTable}`,
      Array.from({ length: 30 }, (_, n) => [`key ${n}`, 'x'.repeat(n * 40)] as const),
    )
    for (let at = 0; at < image.length; at += 7) {
      for (const value of [0, 1, 0x0d, 0xff]) {
        const broken = Buffer.from(image)
        broken[at] = value
        expect(() => rowsOf(broken, 'ItemTable', 500)).not.toThrow()
      }
    }
    expect(rowsOf(Buffer.from('SQLite format 3\0')).isRead).toBe(false)
  })
})
