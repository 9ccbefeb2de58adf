// Devices and where the chain of each stands.
import type { Insertable, Selectable, Updateable } from 'kysely'
import type { ChainTable, DeviceTable } from './schema.ts'
import type { Queries } from './store.ts'

export type Device = Selectable<DeviceTable>
export type Chain = Selectable<ChainTable>

export function deviceById(db: Queries, id: string): Promise<Device | undefined> {
  return db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst()
}

export function deviceByKey(db: Queries, key: string): Promise<Device | undefined> {
  return db.selectFrom('devices').selectAll().where('key', '=', key).executeTakeFirst()
}

/** What each device in use last said of the organisation's keys, those first that were heard of last. */
export function organisationKeysOfDevices(
  db: Queries,
): Promise<Pick<Device, 'label' | 'organisation_keys'>[]> {
  return db
    .selectFrom('devices')
    .select(['label', 'organisation_keys'])
    .where('status', '=', 'active')
    .where('left_why', 'is', null)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Other active devices that said they have the same serial number. */
export async function devicesOfSerial(db: Queries, serial: string, except: string): Promise<string[]> {
  const rows = await db
    .selectFrom('devices')
    .select('id')
    .where('serial', '=', serial)
    .where('id', '!=', except)
    .where('status', '=', 'active')
    .execute()
  return rows.map((row) => row.id)
}

export async function addDevice(db: Queries, device: Insertable<DeviceTable>): Promise<void> {
  await db.insertInto('devices').values(device).execute()
}

export async function changeDevice(db: Queries, id: string, change: Updateable<DeviceTable>): Promise<void> {
  await db.updateTable('devices').set(change).where('id', '=', id).execute()
}

/**
 * Forgets by what machines are known again, after which none is taken for another one because of hashes that cannot be compared.
 * Each is told again when its agent follows to the organisation's new key.
 */
export async function forgetMachines(db: Queries): Promise<void> {
  await db.updateTable('devices').set({ hardware_hash: null, system_hash: null }).execute()
}

export function chainOf(db: Queries, device: string): Promise<Chain | undefined> {
  return db.selectFrom('chains').selectAll().where('device', '=', device).executeTakeFirst()
}

export async function saveChain(db: Queries, chain: Insertable<ChainTable>): Promise<void> {
  await db.replaceInto('chains').values(chain).execute()
}

export async function saveNonces(db: Queries, device: string, nonces: string): Promise<void> {
  await db.updateTable('chains').set({ nonces }).where('device', '=', device).execute()
}

export function epochOf(db: Queries, device: string, epoch: string) {
  return db
    .selectFrom('epochs')
    .selectAll()
    .where('device', '=', device)
    .where('epoch', '=', epoch)
    .executeTakeFirst()
}

/** Where an epoch ended, kept when the next one begins, so that the old one is known for ever. */
export async function closeEpoch(db: Queries, chain: Chain, at: number): Promise<void> {
  const { device, epoch, counter, head } = chain
  await db.replaceInto('epochs').values({ device, epoch, counter, head, ended_at: at }).execute()
}

/** Notes a nonce for good; false when it was used before. */
export async function spendNonce(
  db: Queries,
  device: string,
  use: 'policy' | 'enrol',
  nonce: string,
  at: number,
): Promise<boolean> {
  const result = await db
    .insertInto('nonces')
    .values({ device, use, nonce, at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}
