// The keys of a device, one after the other: the present one is a column of the device, the others are kept for good, so that what
// each of them signed stays verifiable and none is ever taken for a new one.
import type { Insertable } from 'kysely'
import { changeDevice, type Device } from './devices.ts'
import type { FormerKeyTable } from './schema.ts'
import type { Queries } from './store.ts'

/** More than any device that lives has; a hostile one cannot make a wrong signature cost more. */
const mostTried = 16

/** The device that had this key once. */
export async function deviceOfFormerKey(db: Queries, key: string): Promise<string | null> {
  const row = await db.selectFrom('former_keys').select('device').where('key', '=', key).executeTakeFirst()
  return row?.device ?? null
}

/** Keys that it had before, the last one first. */
export async function formerKeysOf(db: Queries, device: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('former_keys')
    .select('key')
    .where('device', '=', device)
    .orderBy('number', 'desc')
    .limit(mostTried)
    .execute()
  return rows.map(({ key }) => key)
}

/** Lets a key take the place of the one that a device has. @param by what the one before signed for it */
export async function replaceKey(
  db: Queries,
  device: Pick<Device, 'id' | 'key' | 'key_number'>,
  key: string,
  by: Pick<Insertable<FormerKeyTable>, 'token' | 'signature'>,
  at: number,
): Promise<void> {
  const { id, key_number: number } = device
  await db
    .insertInto('former_keys')
    .values({ device: id, number, key: device.key, ended_at: at, ...by })
    .execute()
  await changeDevice(db, id, { key, key_number: number + 1, key_since: at })
}
