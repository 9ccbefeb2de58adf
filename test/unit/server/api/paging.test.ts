// Pages and cursors.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { many, Paging, readCursor, toPage, writeCursor } from '../../../../server/api/paging.ts'

const Cursor = z.object({ id: z.number() })

test('a page ends with the cursor of its last row when there is more', () => {
  const page = toPage(
    [{ id: 1 }, { id: 2 }, { id: 3 }],
    9,
    2,
    ({ id }) => ({ id }),
    ({ id }) => id,
  )
  expect(page).toMatchObject({ items: [1, 2], total: 9 })
  expect(readCursor(Cursor, Paging.parse({ cursor: page.next }))).toEqual({ id: 2 })
})

test('the last page has no cursor', () => {
  expect(
    toPage(
      [{ id: 1 }],
      1,
      2,
      ({ id }) => ({ id }),
      ({ id }) => id,
    ).next,
  ).toBeNull()
})

test.each(['nonsense', writeCursor({ id: 'x' }), writeCursor(null)])('the cursor %s is refused', (cursor) => {
  expect(() => readCursor(Cursor, Paging.parse({ cursor }))).toThrow(/cursor/)
})

test('one value or several are a list', () => {
  const Status = many(z.enum(['a', 'b']))
  expect(Status.parse('a')).toEqual(['a'])
  expect(Status.parse('a,b')).toEqual(['a', 'b'])
  expect(Status.parse(['b', 'a'])).toEqual(['b', 'a'])
  expect(Status.safeParse('c').success).toBe(false)
})
