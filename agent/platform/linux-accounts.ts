// The real accounts of a Linux machine: root and people, not daemons. Asks no name service over the network.
import { withoutTrailing } from '../parsers/plain-text.ts'
import { parsePasswd, parseUidRange } from '../parsers/passwd.ts'
import type { AccountsFound } from './accounts.ts'
import { accountsWithHomes, orphanHomes } from './accounts.ts'
import type { Files } from './files.ts'

const maxTextBytes = 4 * 1024 * 1024
/** nobody, and everything above it: mapped ids of containers. */
const nobody = 65_534

/**
 * Real accounts are uid 0 and UID_MIN (login.defs) to 65533, whatever their shell, with a home of their own. The first
 * entry in passwd wins where two share a uid or a home, as it does for the system's own lookups; the others are named
 * in a `no-account` gap. Who runs the agent for one account alone (`ownUid`) is one whatever the number. A home below /home without an account gets one called `uid:N` after its owner.
 */
export function linuxAccounts(files: Files, ownUid: number | null, now: number): AccountsFound {
  const passwd = parsePasswd(textOf(files, '/etc/passwd'))
  const { min } = parseUidRange(textOf(files, '/etc/login.defs'))
  const names = new Map<string, string>()
  for (const entry of passwd) if (!names.has(String(entry.uid))) names.set(String(entry.uid), entry.name)

  const real = passwd
    .filter(({ uid }) => uid === 0 || (uid >= min && uid < nobody) || uid === ownUid)
    .map(({ name, uid, home }) => ({ name, uid: String(uid), home: tidyHome(home) }))
  const homes = new Set(real.map(({ home }) => home))
  const orphans = () => orphanHomes(files, '/home', 1000, new Set(names.keys()), homes)
  return { ...accountsWithHomes(files, real, orphans, now), names }
}

function textOf(files: Files, path: string): string {
  return files.system(path, maxTextBytes)?.toString('utf8') ?? ''
}

function tidyHome(home: string): string {
  const tidy = withoutTrailing(home, '/')
  return tidy.startsWith('/') ? tidy : '/'
}
