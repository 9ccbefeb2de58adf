// What a look at one trace file is given, and the observation that it ends in. Pure.
import type { Account, TraceObservation } from '#shared/observation.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { FileInfo } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import type { GapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { placeIn } from './moved-homes.ts'

/** One file under one template, and what is needed to look into it. */
export interface FileLook {
  readonly context: ScanContext
  readonly account: Account
  readonly signal: TraceSignal
  /** The home, or a folder that stands for a part of it. */
  readonly base: Base
  readonly path: string
  readonly info: FileInfo
  readonly lastLookAt: number | null
  readonly onGap: GapList['add']
}

/** A file system's clock ticks in milliseconds, on some in two seconds. */
const tickMs = 3000

/**
 * Whether a file cannot change any more without its times telling: one that changed just before it was looked at may change
 * again within the same tick.
 */
export function isSettled({ modifiedAt, changedAt }: FileInfo, now: number): boolean {
  return now - Math.max(modifiedAt, changedAt) > tickMs
}

/** The observation of a file or of one session in it. `isNew`: there is more of it than at the last look. */
export function observationOf(
  look: FileLook,
  seen: {
    readonly session: string | null
    readonly facts: TraceObservation['facts']
    readonly isNew: boolean
  },
): TraceObservation {
  const { context, account, base, path: file, info, lastLookAt } = look
  return {
    kind: 'trace',
    account: account.name,
    at: context.now,
    path: file,
    place: placeIn(base, file),
    bytes: info.bytes,
    modifiedAt: info.modifiedAt,
    createdAt: info.createdAt,
    session: seen.session,
    facts: seen.facts,
    lastLookAt,
    grew: lastLookAt !== null && seen.isNew,
  }
}
