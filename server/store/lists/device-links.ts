// Devices that are probably one machine, one after the other: the links between them.
import type { MachineTold } from '../../ingest/predecessor.ts'
import type { Queries } from '../store.ts'

/** Where so many look alike, one more changes nothing: nobody could say which of them it was. */
const mostAlike = 20

/** Devices that share a number with another and that none goes on as yet. */
export function lookAlikes(db: Queries, id: string, told: MachineTold) {
  return db
    .selectFrom('devices')
    .select(['id', 'hostname', 'os', 'serial', 'hardware_hash', 'system_hash'])
    .where('id', '!=', id)
    .where((e) =>
      e.or([
        e('hardware_hash', '=', told.hardware_hash),
        e('system_hash', '=', told.system_hash),
        e('serial', '=', told.serial),
      ]),
    )
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('devices as later')
            .select('later.id')
            .whereRef('later.predecessor', '=', 'devices.id')
            .where('later.predecessor_why', '!=', 'copied'),
        ),
      ),
    )
    .orderBy('enrolled_at', 'desc')
    .limit(mostAlike)
    .execute()
}

/** Devices that say, or look as if, they go on as this one; newest first. */
export function successorsOf(db: Queries, id: string) {
  return db
    .selectFrom('devices')
    .select(['id', 'label', 'hostname', 'predecessor_why', 'enrolled_at'])
    .where('predecessor', '=', id)
    .orderBy('enrolled_at', 'desc')
    .limit(mostAlike)
    .execute()
}
