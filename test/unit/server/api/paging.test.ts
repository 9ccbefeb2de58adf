// Pages and cursors.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { many, Paging, readCursor, toPage, writeCursor } from '../../../../server/api/paging.ts'

const Cursor = z.object({ id: z.number() })
const keys = { pseudonym: new Uint8Array(32).fill(7) }
const others = { pseudonym: new Uint8Array(32).fill(8) }

test('a page ends with the cursor of its last row when there is more', () => {
  const page = toPage(
    keys,
    [{ id: 1 }, { id: 2 }, { id: 3 }],
    9,
    2,
    ({ id }) => ({ id }),
    ({ id }) => id,
  )
  expect(page).toMatchObject({ items: [1, 2], total: 9 })
  expect(readCursor(keys, Cursor, Paging.parse({ cursor: page.next }))).toEqual({ id: 2 })
})

test('the last page has no cursor', () => {
  expect(
    toPage(
      keys,
      [{ id: 1 }],
      1,
      2,
      ({ id }) => ({ id }),
      ({ id }) => id,
    ).next,
  ).toBeNull()
})

test.each(['nonsense', writeCursor(keys, { id: 'x' }), writeCursor(keys, null), ''.padEnd(60, 'A')])(
  'the cursor %s is refused',
  (cursor) => {
    expect(() => readCursor(keys, Cursor, Paging.parse({ cursor }))).toThrow(/cursor/)
  },
)

test('a cursor shows nothing of what it holds', () => {
  const cursor = writeCursor(keys, { account: 'ann.smith' })
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('ann')
})

test('a cursor that this server did not make is refused', () => {
  const forged = [
    Buffer.from(JSON.stringify({ id: 2 })).toString('base64url'),
    writeCursor(others, { id: 2 }),
    `${writeCursor(keys, { id: 2 }).slice(0, -4)}AAAA`,
  ]
  for (const cursor of forged)
    expect(() => readCursor(keys, Cursor, Paging.parse({ cursor }))).toThrow(/cursor/)
})

test('one value or several are a list', () => {
  const Status = many(z.enum(['a', 'b']))
  expect(Status.parse('a')).toEqual(['a'])
  expect(Status.parse('a,b')).toEqual(['a', 'b'])
  expect(Status.parse(['b', 'a'])).toEqual(['b', 'a'])
  expect(Status.safeParse('c').success).toBe(false)
})
