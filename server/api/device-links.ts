// Devices that are probably one machine, one after the other, as the API tells it: a claim of the later one's, and by what.
import type { DeviceLink } from '#shared/api.ts'
import { newHabit, replacedAfter } from '../habit.ts'
import { changeDevice, deviceById, type Device } from '../store/devices.ts'
import type { Queries } from '../store/store.ts'
import type { Names } from './names.ts'

type Named = Pick<Device, 'id' | 'label' | 'hostname'>
type Later = Pick<Device, 'predecessor_why' | 'enrolled_at'>

/** A link to one of two devices, of which the later names the earlier. */
export function toLink(
  names: Names,
  shown: Named,
  later: Later,
  earlier: Pick<Device, 'last_seen_at'>,
): DeviceLink[] {
  if (later.predecessor_why === null) return []
  return [
    {
      device: shown.id,
      host: names.host(shown),
      why: later.predecessor_why,
      at: later.enrolled_at,
      earlierReportsOn: (earlier.last_seen_at ?? 0) > later.enrolled_at,
    },
  ]
}

/** The device that this one says, or looks as if, it goes on as; null without one. */
export async function predecessorLink(
  db: Queries,
  names: Names,
  device: Later & Pick<Device, 'predecessor'>,
): Promise<DeviceLink | null> {
  const earlier = device.predecessor === null ? undefined : await deviceById(db, device.predecessor)
  return earlier === undefined ? null : (toLink(names, earlier, device, earlier)[0] ?? null)
}

/** Once a device is revoked, the one in whose place it reported is waited for again. Call inside a transaction. */
export async function waitForPredecessor(db: Queries, { predecessor }: Device): Promise<void> {
  const earlier = predecessor === null ? undefined : await deviceById(db, predecessor)
  if (earlier?.quiet_after !== replacedAfter) return
  const { quiet_after: quietAfter } = newHabit(earlier.last_seen_at ?? earlier.enrolled_at)
  await changeDevice(db, earlier.id, { quiet_after: quietAfter })
}
