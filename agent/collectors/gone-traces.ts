// What is remembered of trace files that are no longer there is forgotten after a while: tools clear away their old sessions, and
// an agent that runs for years must not know of each that there ever was. One that comes back is found, not witnessed: what it
// holds is older than the look before.
import type { Account } from '#shared/observation.ts'
import type { Memory } from '../memory.ts'
import type { Files } from '../platform/files.ts'
import { within } from '../platform/folders.ts'
import type { Host } from '../platform/host.ts'
import { basesOf, type Base } from './moved-homes.ts'

const dayMs = 86_400_000
/** Longer than what was put aside for a while stays there. */
const keptMs = 60 * dayMs

/** Forgets at the first look and then once a day of time awake. */
export function dailyForgetting(): (host: Host, memory: Memory, accounts: readonly Account[]) => void {
  let lastAt: number | null = null
  return (host, memory, accounts) => {
    const at = host.awakeMs()
    if (lastAt !== null && at - lastAt < dayMs) return
    lastAt = at
    forgetGone(host.files, memory, accounts, host.now())
  }
}

/** Costs a look for each file that was last written to before then. */
export function forgetGone(files: Files, memory: Memory, accounts: readonly Account[], now: number): void {
  const bases = accounts.flatMap((account) => basesOf(files, memory, account).bases)
  for (const key of memory.tracesBefore(now - keptMs)) {
    // Of a database, one key for each session in it.
    const [path = ''] = key.split('\0')
    if (isGone(path, bases)) memory.forgetTrace(key)
  }
}

function isGone(path: string, bases: readonly Base[]): boolean {
  const base = bases.find(({ folder }) => within(path, folder))
  // A home that is away as a whole comes back.
  if (base === undefined) return false
  const home = base.reach.stat(base.folder)
  if (!home.ok || home.value.kind !== 'folder') return false
  const info = base.reach.stat(path)
  return !info.ok && info.gap === null
}
