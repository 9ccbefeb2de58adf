// The registry of an account that is not logged on: its hive is a closed file in its home. It is read and never mounted, which would
// write into it and into the system.
import type { Account } from '#shared/observation.ts'
import type { IsWanted, NotedStart } from '../parsers/past-runs.ts'
import { parseUserAssist } from '../parsers/past-runs.ts'
import { type Hive, openHive } from '../parsers/registry-hive.ts'
import type { ListedAccount } from './accounts.ts'
import type { Files, Obstacle, OpenFile } from './files.ts'
import { homeReach } from './places.ts'
import type { ClosedHive } from './windows-listed.ts'
import { programsIn, runKey, uninstallKey } from './windows-listed.ts'
import { userAssistKey } from './windows-noted.ts'

/** An unchanged hive is not read again: it costs the `lstat` that told so. */
export function programsInHive(files: Files, { name, uid, home }: ListedAccount): ClosedHive {
  const path = hiveOf(home)
  const refused = (gap: Obstacle): ClosedHive => ({ programs: programsIn(null, null), gap })
  const read = homeReach(files, { name, uid, home, readable: true }).examined(path, examine)
  if (!read.ok) return refused(read.gap ?? { reason: 'unsupported', path, detail: 'hive-not-loaded' })
  if (read.value === null) return refused({ reason: 'unparsable', path, detail: 'no-hive' })
  const { programs, fault, behind } = read.value
  if (fault !== null) return { programs, gap: { reason: fault, path, detail: null } }
  const log = { reason: 'unsupported', path: `${path}.LOG1`, detail: 'hive-behind' } as const
  return { programs, gap: behind ? log : null }
}

/** Null where the hive could not be read, or has no such list. */
export function startsInHive(
  files: Files,
  account: Account,
  isWanted: IsWanted,
): readonly NotedStart[] | null {
  const read = homeReach(files, account).open(hiveOf(account.home), (file) =>
    hiveIn(file)?.keysAt(userAssistKey),
  )
  return read.ok && read.value?.keys ? parseUserAssist(read.value.keys, isWanted) : null
}

function hiveOf(home: string): string {
  return `${home}/NTUSER.DAT`
}

function hiveIn(file: OpenFile): Hive | null {
  return openHive((position, length) => file.readAt(position, length))
}

function examine(file: OpenFile) {
  const hive = hiveIn(file)
  if (hive === null) return null
  const uninstall = hive.keysAt(`Software\\${uninstallKey}`)
  const run = hive.keysAt(`Software\\${runKey}`)
  return {
    programs: programsIn(uninstall.keys, run.keys),
    fault: uninstall.fault ?? run.fault,
    behind: hive.behind,
  }
}
