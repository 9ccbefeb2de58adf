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
export interface UnchangedFile {
  /** Its path without any link in it. */
  readonly real: string
  readonly version: FileVersion
  readonly observation: TraceObservation
  readonly signal: TraceSignal
  readonly account: Pick<Account, 'name' | 'uid'>
}

const unchanged = new WeakMap<KnownTrace, UnchangedFile>()

/** @param known what the memory knows of the file; what was made of it goes with it */
export function unchangedFile(known: KnownTrace): UnchangedFile | null {
  return unchanged.get(known) ?? null
}

/** Whether the same would be made of a file that is as it was. */
export function isStillSo(
  { signal: then, account: whose, observation }: UnchangedFile,
  { context, account, signal }: Pick<FileLook, 'context' | 'account' | 'signal'>,
): boolean {
  const isRead = observation.facts !== null
  return (
    then === signal &&
    whose.name === account.name &&
    whose.uid === account.uid &&
    isRead === (context.confirmUse && signal.record !== undefined)
  )
}

/**
 * Of a file that is as it was, the very observation of then, so that whoever has dealt with it knows it again: a busy home has
 * thousands. It tells when it was first seen so. Null for any other file.
 */
export function observationBefore(known: KnownTrace, look: FileLook): TraceObservation | null {
  const before = unchanged.get(known)
  const { version } = look.info
  if (before === undefined || version === null) return null
  return isUnchanged(version, before.version) && isStillSo(before, look) ? before.observation : null
}

/** Keeps the observation for as long as the file stays as it is, if a change of it would show. */
export function keepObservation(known: KnownTrace, look: FileLook, observation: TraceObservation): void {
  const { signal, account, info, context } = look
  if (info.version === null || observation.grew || !isSettled(info, context.now)) return
  const version = versionOf(info.version)
  unchanged.set(known, { real: info.real, version, observation, signal, account })
}
