// The append-only history of devices: one event per change. Summaries are a code with its values.
import { sql } from 'kysely'
import type { z } from 'zod'
import type { EventRow } from '#shared/api.ts'
import type { Queries } from './store.ts'

export type EventType = z.infer<typeof EventRow>['type']

export interface NewEvent {
  readonly device: string
  readonly at: number
  readonly type: EventType
  readonly code: string
  readonly values?: Readonly<Record<string, string | number | boolean | null>>
  readonly account?: string | null
  readonly tool?: string | null
}

export async function addEvent(db: Queries, event: NewEvent): Promise<void> {
  await db
    .insertInto('events')
    .values({
      device: event.device,
      id: sql<number>`(select coalesce(max(id), 0) + 1 from events)`,
      at: event.at,
      account: event.account ?? '',
      type: event.type,
      tool: event.tool ?? null,
      summary: summaryOf(event.code, event.values),
    })
    .execute()
}

/** Whether there is one of a code at that very time, which for most is a day. */
export async function hasEvent(db: Queries, device: string, at: number, code: string): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('device', '=', device)
    .where('at', '=', at)
    .where('summary', 'like', `${code} %`)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether there is one since a moment that says just this. */
export async function hasEventSince(
  db: Queries,
  since: number,
  event: Pick<NewEvent, 'device' | 'code' | 'values'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('device', '=', event.device)
    .where('at', '>=', since)
    .where('summary', '=', summaryOf(event.code, event.values))
    .executeTakeFirst()
  return row !== undefined
}

/** `missing-records from=5 to=7`: the code, then each value that is there, URI-encoded so that it holds no space; half a character has no such code. */
export function summaryOf(code: string, values: NewEvent['values'] = {}): string {
  const told = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${encodeURIComponent(String(value).toWellFormed())}`],
  )
  return [code, ...told].join(' ')
}
