// Signed policies on their way to the devices, and how the devices fare that have fetched the newest.
import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import { replacedAfter, reportingMs } from '../habit.ts'
import type { Tally } from '../policy/rollout.ts'
import type { ReleaseDeviceTable, ReleaseTable } from './schema-releases.ts'
import type { Queries } from './store.ts'

export interface Release extends Omit<Selectable<ReleaseTable>, 'stages'> {
  readonly stages: readonly number[]
}

export interface Releases {
  /** The one that devices are to have; null before the first. */
  readonly newest: Release | null
  /** What those keep that do not have it yet; null where it is the first. */
  readonly before: Release | null
}

/** A device may report this long after it fetched a release before it is awaited: it looks at everything first. */
const reportsWithinMs = 10 * 60_000

export async function currentReleases(db: Queries): Promise<Releases> {
  const rows = await db.selectFrom('releases').selectAll().orderBy('id', 'desc').execute()
  const [newest = null, before = null] = rows.map((row) => ({
    ...row,
    // Written by this server.
    stages: JSON.parse(row.stages) as number[],
  }))
  return { newest, before }
}

/** Takes the place of all but one release, with what was known of their devices. */
export async function replaceReleases(
  db: Queries,
  keep: Release | null,
  next: Insertable<ReleaseTable>,
): Promise<void> {
  await db
    .deleteFrom('releases')
    .where('name', '!=', keep?.name ?? '')
    .execute()
  await db.deleteFrom('release_devices').execute()
  await db.insertInto('releases').values(next).execute()
}

export async function changeRelease(
  db: Queries,
  name: string,
  change: Updateable<ReleaseTable>,
): Promise<void> {
  await db.updateTable('releases').set(change).where('name', '=', name).execute()
}

/** How a device fares with a release; undefined where it has not fetched it. */
export function releaseDevice(
  db: Queries,
  release: string,
  device: string,
): Promise<Selectable<ReleaseDeviceTable> | undefined> {
  return db
    .selectFrom('release_devices')
    .selectAll()
    .where('release', '=', release)
    .where('device', '=', device)
    .executeTakeFirst()
}

/** How many devices have fetched it and not refused it. */
export async function countTaking(db: Queries, release: string): Promise<number> {
  const row = await db
    .selectFrom('release_devices')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('release', '=', release)
    .where('refused_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.n
}

/** Keeps the first time, unless the device refused it then. */
export async function noteFetched(db: Queries, release: string, device: string, at: number): Promise<void> {
  await db
    .insertInto('release_devices')
    .values({ release, device, fetched_at: at, heard_at: null, refused_at: null, failed_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['release', 'device'])
        .doUpdateSet({ fetched_at: at })
        .where('release_devices.refused_at', 'is not', null),
    )
    .execute()
}

export async function noteFate(
  db: Queries,
  { release, device }: Pick<ReleaseDeviceTable, 'release' | 'device'>,
  fate: Updateable<ReleaseDeviceTable>,
): Promise<void> {
  await db
    .updateTable('release_devices')
    .set(fate)
    .where('release', '=', release)
    .where('device', '=', device)
    .execute()
}

/** Once it is complete nothing is kept but who refused it, so that it is not offered to them again. */
export async function forgetFates(db: Queries, release: string): Promise<void> {
  await db
    .deleteFrom('release_devices')
    .where('release', '=', release)
    .where('refused_at', 'is', null)
    .execute()
}

/**
 * How the devices fare that have fetched a release.
 * @param asOf as of when silence is told (server/hearing.ts)
 */
export async function tallyOf(
  db: Queries,
  { name, resumed_at: since }: Pick<Release, 'name' | 'resumed_at'>,
  asOf: number,
  now: number,
): Promise<Tally> {
  const refused = sql<boolean>`(r.refused_at is not null and d.release is not r.release)`
  const failed = sql<boolean>`coalesce(r.failed_at, 0) > ${since}`
  // Who said that it was stopped, or removed, is silent for that reason.
  const silent = sql<boolean>`(d.quiet_after > ${since} and d.quiet_after <= ${asOf} and d.left_why is null
    and coalesce(d.stopped_on, 0) < d.last_seen_at - d.last_seen_at % 86400000)`
  const heard = sql<boolean>`r.heard_at is not null`
  return db
    .selectFrom('release_devices as r')
    .innerJoin('devices as d', 'd.id', 'r.device')
    .where('r.release', '=', name)
    .where('d.status', '=', 'active')
    .select([
      sql<number>`count(*)`.as('fetched'),
      sql<number>`coalesce(sum(${refused} and r.refused_at > ${since}), 0)`.as('refused'),
      sql<number>`coalesce(sum(not ${refused} and ${failed}), 0)`.as('failed'),
      sql<number>`coalesce(sum(not ${refused} and not ${failed} and ${silent}), 0)`.as('silent'),
      sql<number>`coalesce(sum(not ${refused} and not ${failed} and not ${silent} and ${heard}), 0)`.as(
        'well',
      ),
      sql<number>`coalesce(sum(not ${refused} and not ${failed} and not ${silent} and not ${heard}
        and r.fetched_at <= ${now - reportsWithinMs}), 0)`.as('awaited'),
    ])
    .executeTakeFirstOrThrow()
}

export interface FleetSize {
  /** That are not silent beyond their habit, and so may come for a release. */
  readonly fleet: number
  /** Of these, reporting at the moment. */
  readonly awake: number
  /** Of these, those that know releases by name: older agents fetch no new text of a version that they have. */
  readonly naming: number
}

export function fleetSize(db: Queries, now: number): Promise<FleetSize> {
  return db
    .selectFrom('devices')
    .where('status', '=', 'active')
    .where('quiet_after', '>', now)
    .where('quiet_after', '<', replacedAfter)
    .select([
      sql<number>`count(*)`.as('fleet'),
      sql<number>`coalesce(sum(last_seen_at > ${now - reportingMs}), 0)`.as('awake'),
      sql<number>`coalesce(sum(release is not null), 0)`.as('naming'),
    ])
    .executeTakeFirstOrThrow()
}

/** How many devices there are, and how many of them say that they act on it; those of older agents by its version. */
export function countActing(
  db: Queries,
  { name, version }: Pick<Release, 'name' | 'version'>,
): Promise<{ readonly fleet: number; readonly acting: number }> {
  const acts = sql`(release = ${name} or (release is null and policy_version = ${version}))`
  return db
    .selectFrom('devices')
    .where('status', '=', 'active')
    .where('quiet_after', '<', replacedAfter)
    .select([sql<number>`count(*)`.as('fleet'), sql<number>`coalesce(sum(${acts}), 0)`.as('acting')])
    .executeTakeFirstOrThrow()
}
