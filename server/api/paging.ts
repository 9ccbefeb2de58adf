// Pages of lists: a limit, and a cursor that holds where the page before ended. Cursors are ours alone to read and to make:
// they hold keys and never names, and nobody is to build on what is in them.
import { z } from 'zod'
import { seal, unseal } from '../crypto.ts'
import { RequestProblem } from '../errors.ts'
import type { Keys } from '../keys.ts'

const maxLimit = 200

/** One or several of a value: `?status=a&status=b` or `?status=a,b`. */
export function many<S extends z.ZodType<string, string>>(item: S) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => (Array.isArray(given) ? given : given.split(',')).filter((one) => one !== ''))
    .pipe(z.array(item))
    .optional()
}

type CursorKeys = Pick<Keys, 'pseudonym'>

export const flag = z.stringbool().optional()

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(maxLimit).default(50),
  cursor: z.string().max(1000).optional(),
  /** Another name for the cursor. */
  after: z.string().max(1000).optional(),
})

/** Where the page before ended; null for the first page. */
export function readCursor<S extends z.ZodType>(
  keys: CursorKeys,
  schema: S,
  query: z.infer<typeof Paging>,
): z.infer<S> | null {
  const text = query.cursor ?? query.after
  if (text === undefined || text === '') return null
  try {
    return schema.parse(JSON.parse(unseal(keys.pseudonym, text)))
  } catch {
    throw new RequestProblem('bad-request', 'the cursor is not one of this list')
  }
}

export function writeCursor(keys: CursorKeys, value: unknown): string {
  return seal(keys.pseudonym, JSON.stringify(value))
}

/** A page from one row more than it shows. */
export function toPage<Row, Item>(
  keys: CursorKeys,
  rows: readonly Row[],
  total: number,
  limit: number,
  cursorOf: (last: Row) => unknown,
  toItem: (row: Row) => Item,
): { items: Item[]; total: number; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last !== undefined ? writeCursor(keys, cursorOf(last)) : null
  return { items: shown.map(toItem), total, next }
}
