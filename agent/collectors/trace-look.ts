// What a look at one trace file is given, and the observation that it ends in. Pure.
import type { Account, TraceObservation } from '#shared/observation.ts'
import type { TraceSignal } from '#shared/tool.ts'
import type { KnownTrace } from '../memory.ts'
import type { FileInfo, FileVersion } from '../platform/files.ts'
import { isUnchanged, versionOf } from '../platform/files.ts'
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

/** What was made of a file that has not changed since. */
interface Unchanged {
  readonly signal: TraceSignal
  readonly account: Pick<Account, 'name' | 'uid'>
  readonly version: FileVersion
  readonly observations: readonly TraceObservation[]
}

const unchanged = new WeakMap<KnownTrace, Unchanged>()

/**
 * Of a file that is as it was, the very observation of then, so that whoever has dealt with it knows it again: a busy home has
 * thousands. It tells when it was first seen so. Null for any other file.
 * @param known what the memory knows of the file; the observation goes with it
 */
export function observationsBefore(
  known: KnownTrace,
  { context, account, signal, info }: FileLook,
): readonly TraceObservation[] | null {
  const before = unchanged.get(known)
  if (before === undefined || info.version === null) return null
  const isRead = before.observations[0]?.facts !== null
  const isSame =
    isUnchanged(info.version, before.version) &&
    before.signal === signal &&
    before.account.name === account.name &&
    before.account.uid === account.uid &&
    isRead === (context.confirmUse && signal.record !== undefined)
  return isSame ? before.observations : null
}

/** Keeps the observation for as long as the file stays as it is, if a change of it would show. */
export function keepObservation(known: KnownTrace, look: FileLook, observation: TraceObservation): void {
  const { signal, account, info, context } = look
  if (info.version === null || observation.grew || !isSettled(info, context.now)) return
  const version = versionOf(info.version)
  unchanged.set(known, { signal, account, version, observations: [observation] })
}
