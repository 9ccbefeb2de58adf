// Which accounts of which devices reported a session: one that several did may be anybody's of them.
import type { Selectable } from 'kysely'
import type { MarkFact } from './facts.ts'
import type { SessionSeenTable } from './schema.ts'
import type { Queries } from './store.ts'

/** An account of a device; '' for the machine as a whole. */
export type Holder = Omit<Selectable<SessionSeenTable>, 'session'>

export interface NotedSession {
  /** This account had not reported it before. */
  readonly isNew: boolean
  /** Who else reported it: all of them when it is new, otherwise one on another device and one on this, where there are. */
  readonly others: readonly Holder[]
}

/** Notes that an account reported a session; answers who else did. */
export async function noteSession(db: Queries, session: string, holder: Holder): Promise<NotedSession> {
  const { device, account } = holder
  const { numInsertedOrUpdatedRows: inserted } = await db
    .insertInto('sessions_seen')
    .values({ session, device, account })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow()
  const isNew = inserted === 1n
  const seen = db.selectFrom('sessions_seen').select(['device', 'account']).where('session', '=', session)
  const elsewhere = seen.where('device', '!=', device)
  const here = seen.where('device', '=', device).where('account', '!=', account)
  const [far, near] = isNew ? [elsewhere, here] : [elsewhere.limit(1), here.limit(1)]
  return { isNew, others: [...(await near.execute()), ...(await far.execute())] }
}

export function marksOfSession(db: Queries, session: string, holder: Holder): Promise<MarkFact[]> {
  return db
    .selectFrom('marks')
    .selectAll()
    .where('device', '=', holder.device)
    .where('account', '=', holder.account)
    .where('session', '=', session)
    .execute()
}

/** Who else reported any of some sessions, at most as many as asked for, with what their devices are called. */
export function otherHolders(db: Queries, sessions: readonly string[], holder: Holder, limit: number) {
  return db
    .selectFrom('sessions_seen')
    .innerJoin('devices', 'devices.id', 'sessions_seen.device')
    .select(['sessions_seen.device', 'sessions_seen.account', 'devices.label', 'devices.hostname'])
    .distinct()
    .where('sessions_seen.session', 'in', sessions)
    .where((e) =>
      e.or([
        e('sessions_seen.device', '!=', holder.device),
        e('sessions_seen.account', '!=', holder.account),
      ]),
    )
    .limit(limit)
    .execute()
}
