// Which device another one probably goes on as: the same machine, whose agent had to begin anew. Told by what it says of its machine
// when it enrols, never by its name alone. A claim, kept and shown as one: nothing of the one becomes the other's.
import type { Device } from '../store/devices.ts'

export type MachineTold = Pick<Device, 'hostname' | 'os' | 'serial' | 'hardware_hash' | 'system_hash'>
export type Resemblance = 'hardware' | 'serial' | 'system'

/** By what two devices look like one machine; null: by nothing, or one number says that they are two. */
export function resemblance(one: MachineTold, other: MachineTold): Resemblance | null {
  const hardware = same(one.hardware_hash, other.hardware_hash)
  if (hardware !== null) return hardware ? 'hardware' : null
  // What follows is less sure: makers leave serial numbers out, images are copied with their system's.
  if (one.os !== other.os || one.hostname !== other.hostname) return null
  const serial = same(one.serial, other.serial)
  if (serial !== null) return serial ? 'serial' : null
  return same(one.system_hash, other.system_hash) === true ? 'system' : null
}

/**
 * The one device that looks like this one; null where there is none, and where several do, of which nobody could say which it was.
 * @param others that no other device goes on as yet
 */
export function predecessorOf(
  device: MachineTold,
  others: readonly (MachineTold & { readonly id: string })[],
): { readonly id: string; readonly why: Resemblance } | null {
  const alike = others.flatMap((other) => {
    const why = resemblance(device, other)
    return why === null ? [] : [{ id: other.id, why }]
  })
  const [only, second] = alike
  return only === undefined || second !== undefined ? null : only
}

/** Null where either is not known. */
function same(one: string | null, other: string | null): boolean | null {
  return one === null || other === null ? null : one === other
}
