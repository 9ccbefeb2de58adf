// How far a key of the organisation's has come: which agents believe it, which would follow to it, and which know nothing of it.
// Pure.
import { keyMark } from '#shared/protocol.ts'
import { fingerprintOf } from './crypto.ts'

/** What a device last said of the keys that count for it; null where its agent is too old to say. */
export interface KeysOfDevice {
  readonly label: string
  readonly organisation_keys: string | null
}

export interface KeyReach {
  readonly devices: number
  /** What they are told has to be signed with it. */
  readonly believing: number
  /** They believe another one, and will take this one once the server says that it counts. */
  readonly following: number
  readonly without: readonly string[]
  readonly silent: readonly string[]
}

/** @param key the public half */
export function keyReach(devices: readonly KeysOfDevice[], key: string): KeyReach {
  const mark = keyMark(fingerprintOf(key))
  const told = devices.map(({ label, organisation_keys: keys }) => ({
    label,
    keys: keys?.split(' ') ?? null,
  }))
  return {
    devices: devices.length,
    believing: told.filter(({ keys }) => keys?.[0] === mark).length,
    following: told.filter(({ keys }) => keys !== null && keys.indexOf(mark) > 0).length,
    without: told.flatMap(({ label, keys }) => (keys === null || keys.includes(mark) ? [] : [label])),
    silent: told.flatMap(({ label, keys }) => (keys === null ? [label] : [])),
  }
}
