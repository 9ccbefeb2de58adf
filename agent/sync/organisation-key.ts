// Which keys of the organisation count here: those whose fingerprints the settings name, in their order, so that one can take the
// place of another and none comes back. Pure.
import { createHash } from 'node:crypto'
import { keyMark } from '#shared/protocol.ts'
import { fingerprintsOf } from '#shared/settings.ts'

/** SHA-256 of the organisation's public key, hexadecimal digits alone. */
export function fingerprintOf(organisationKey: string): string {
  return createHash('sha256').update(organisationKey).digest('hex')
}

/** The key that is believed and those that may take its place, in their order, each by the first digits of its fingerprint. */
export function keysThatCount(believed: string, named: string | null): readonly string[] {
  const all = named === null ? [] : fingerprintsOf(named)
  const own = fingerprintOf(believed)
  const next = all.includes(own) ? all.slice(all.indexOf(own) + 1) : []
  return [own, ...next].map(keyMark)
}

/** Whether a key is one of those that a setting's text names. */
export function fingerprintFits(organisationKey: string, named: string): boolean {
  return fingerprintsOf(named).includes(fingerprintOf(organisationKey))
}

/** Whether a key stands after the one that is believed, and may take its place. */
export function isNextKey(organisationKey: string, believed: string, named: string): boolean {
  return place(believed, named) >= 0 && place(organisationKey, named) > place(believed, named)
}

/** Whether a key stands before the one that is believed, which took its place. */
export function isFormerKey(organisationKey: string, believed: string, named: string): boolean {
  return place(organisationKey, named) >= 0 && place(organisationKey, named) < place(believed, named)
}

function place(organisationKey: string, named: string): number {
  return fingerprintsOf(named).indexOf(fingerprintOf(organisationKey))
}
