// Evidence as it may leave the device: a signal, a template and a keyed hash. Paths, pids and times stay.
import type { Evidence } from '#shared/detection.ts'
import type { WireEvidence } from '#shared/protocol.ts'
import { placeOfSignal, type Places } from './places.ts'

export interface EvidenceContext {
  readonly places: Places
  /** Keyed with a key that never leaves the device. */
  readonly hashPlace: (text: string) => string
  readonly homeOf: (account: string | null) => string | null
}

/** `variable: false` leaves out the hash, where it would tell how many files there are and when one is added. */
export function toWireEvidence(
  evidence: Evidence,
  account: string | null,
  context: EvidenceContext,
  variable: boolean,
): WireEvidence {
  const { kind, signal, path, means, strength } = evidence
  const place =
    placeOfSignal(signal) ?? (path === null ? null : context.places.template(path, context.homeOf(account)))
  return {
    kind,
    signal: signal.slice(0, 300),
    place,
    hash: variable && path !== null ? context.hashPlace(`${account ?? ''}\0${path}`) : null,
    means,
    strength,
  }
}

/** A version as manifests write them; anything else is not one, and does not leave. */
export function versionText(version: string | null): string | null {
  return version !== null && /^v?\d[\w.+~:-]{0,63}$/.test(version) ? version : null
}
