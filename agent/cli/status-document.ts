// The document that `status --json` prints: whether the agent does its work, for device management to act on. Nothing of any
// account's tools is in it.
import { agentVersion } from '../version.ts'
import type { Insight } from './insight.ts'

/** Times in RFC 3339, UTC, by the device's own clock. */
export interface StatusDocument {
  readonly version: string
  readonly running: boolean
  /** Null: not enrolled. */
  readonly server: string | null
  readonly device: string | null
  readonly lastLookAt: string | null
  readonly lastReportAt: string | null
  readonly nextReportAt: string | null
  /** Places that the last look could not see; null: there was no look. */
  readonly gaps: number | null
  /** Why the last check-in failed; null when it did not. */
  readonly lastFailure: { readonly at: string; readonly code: string } | null
  readonly waiting: number
  readonly policyVersion: number | null
}

export function statusDocument(
  { enrolment, daemon, sync, waiting, policy }: Insight,
  isAlive: (pid: number) => boolean,
): StatusDocument {
  const failure = sync?.lastError ?? null
  return {
    version: agentVersion,
    running: daemon !== null && isAlive(daemon.pid),
    server: enrolment?.server ?? null,
    device: enrolment?.device ?? null,
    lastLookAt: instant(daemon?.lastScanAt ?? null),
    lastReportAt: instant(sync?.lastAt ?? null),
    nextReportAt: instant(sync?.nextAt ?? null),
    gaps: daemon?.gaps ?? null,
    lastFailure: failure === null ? null : { at: new Date(failure.at).toISOString(), code: failure.code },
    waiting,
    policyVersion: policy?.version ?? null,
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
