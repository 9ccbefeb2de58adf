// When the programs of a detection were last read, as far as the disk keeps that. Context for a person, on this machine alone:
// whoever reads a file sets it, so that nothing is detected, marked or judged by it, and it is never sent.
import type { Detected } from '#shared/detect.ts'
import type { Account } from '#shared/observation.ts'
import type { AccessTimes } from '../parsers/mountinfo.ts'
import type { Files } from '../platform/files.ts'
import { accountReach, systemReach } from '../platform/places.ts'

export interface Access {
  /** The file that would run, absolute and without links. */
  readonly path: string
  /** Null: not since it came there, or not kept. */
  readonly readAt: number | null
  readonly keeps: AccessTimes
  /** Whether this look may have set it: another's file cannot be read without a trace, but by root. */
  readonly perhapsByThisLook: boolean
}

/** Writing a file reads it too, as some systems keep it, and times of one moment differ by their clocks' ticks. */
const sameMomentMs = 2_000

/** Of the commands among what was seen; on systems that do not tell what is kept, nothing. `uid`: of who looks. */
export function accessesOf(
  files: Files,
  accounts: readonly Account[],
  { matches }: Pick<Detected, 'matches'>,
  uid: number | null,
): readonly Access[] {
  const found = new Map<string, Access>()
  for (const { observation: o } of matches) {
    if (o.kind !== 'command' || found.has(o.target)) continue
    const account = accounts.find(({ name }) => name === o.account) ?? null
    const reach = account === null ? systemReach(files) : accountReach(files, account)
    const info = reach.stat(o.target)
    const keeps = files.accessTimes(o.target)
    if (!info.ok || keeps === null) continue
    const { changedAt, createdAt, accessedAt, owner } = info.value
    const cameAt = Math.max(changedAt, createdAt ?? 0) + sameMomentMs
    const readAt = keeps === 'never' || accessedAt <= cameAt ? null : accessedAt
    found.set(o.target, {
      path: o.target,
      readAt,
      keeps,
      perhapsByThisLook: readAt !== null && uid !== 0 && uid !== owner,
    })
  }
  return [...found.values()]
}
