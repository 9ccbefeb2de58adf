// The real accounts of a Linux machine: root and people, not daemons. Asks no name service over the network.
import type { Account, Gap } from '#shared/observation.ts'
import type { PasswdEntry } from '../parsers/passwd.ts'
import { parsePasswd, parseUidRange } from '../parsers/passwd.ts'
import type { Files, Obstacle } from './files.ts'
import { homeReach } from './places.ts'

const maxTextBytes = 4 * 1024 * 1024
/** nobody, and everything above it: mapped ids of containers. */
const nobody = 65_534

export interface AccountsFound {
  readonly accounts: readonly Account[]
  readonly gaps: readonly Gap[]
  /** Names of all uids in passwd, daemons included. */
  readonly names: ReadonlyMap<string, string>
}

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

  const accounts: Account[] = []
  const gaps: Gap[] = []
  const gap = (account: string | null, obstacle: Obstacle): void => {
    gaps.push({ collector: 'host', account, at: now, ...obstacle })
  }

  const uids = new Set<number>()
  const homes = new Set<string>()
  const add = (entry: Pick<PasswdEntry, 'name' | 'uid' | 'home'>): void => {
    const home = tidyHome(entry.home)
    if (uids.has(entry.uid) || homes.has(home)) {
      gap(entry.name, {
        reason: 'no-account',
        path: home,
        detail: uids.has(entry.uid) ? 'uid-shared' : 'home-shared',
      })
      return
    }
    const account = { name: entry.name, uid: String(entry.uid), home, readable: true }
    const problem =
      home === '/'
        ? { reason: 'unsupported' as const, path: '/', detail: 'home-is-the-root' }
        : lookInto(files, account)
    if (problem === 'missing') return
    uids.add(entry.uid)
    homes.add(home)
    accounts.push({ ...account, readable: problem === null })
    if (problem !== null) gap(entry.name, problem)
  }

  for (const entry of passwd) {
    if (entry.uid === 0 || (entry.uid >= min && entry.uid < nobody) || entry.uid === ownUid) add(entry)
  }
  for (const entry of orphanHomes(files, homes, passwd)) {
    gap(entry.name, { reason: 'no-account', path: entry.home, detail: `uid:${entry.uid}` })
    add(entry)
  }
  return { accounts, gaps, names }
}

function textOf(files: Files, path: string): string {
  return files.system(path, maxTextBytes)?.toString('utf8') ?? ''
}

function tidyHome(home: string): string {
  const tidy = home.replace(/\/+$/, '')
  return tidy.startsWith('/') ? tidy : '/'
}

function lookInto(files: Files, account: Account): Obstacle | 'missing' | null {
  const listing = homeReach(files, account).list(account.home, 1)
  if (!listing.ok) return listing.gap ?? 'missing'
  // A look at one name: that there are more is what we hoped for.
  return null
}

/** Folders of /home that are no account's home: left over, or of people whom a name service knows (LDAP, SSSD). */
function orphanHomes(
  files: Files,
  homes: ReadonlySet<string>,
  passwd: readonly PasswdEntry[],
): readonly Pick<PasswdEntry, 'name' | 'uid' | 'home'>[] {
  const reach = files.reach({ roots: [{ path: '/home', owners: null }] })
  const listing = reach.list('/home')
  if (!listing.ok) return []
  const known = new Set(passwd.map((entry) => entry.uid))
  const orphans: Pick<PasswdEntry, 'name' | 'uid' | 'home'>[] = []
  for (const entry of listing.value.entries) {
    const home = `/home/${entry.name}`
    if (entry.kind !== 'folder' || homes.has(home) || entry.name === 'lost+found') continue
    const info = reach.stat(home)
    if (!info.ok || info.value.owner < 1000 || known.has(info.value.owner)) continue
    orphans.push({ name: `uid:${info.value.owner}`, uid: info.value.owner, home })
  }
  return orphans
}
