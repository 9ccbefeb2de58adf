// From a system's list of accounts to those that are looked at: real ones, each with a home of its own that is there.
import type { Account, Gap } from '#shared/observation.ts'
import type { Files, Obstacle } from './files.ts'
import { homeReach } from './places.ts'

/** An account as a system lists it; the home is absolute and tidy. */
export interface ListedAccount {
  readonly name: string
  /** Numeric uid or SID as text. */
  readonly uid: string
  readonly home: string
}

export interface AccountsFound {
  readonly accounts: readonly Account[]
  readonly gaps: readonly Gap[]
  /** Names by uid, daemons included. */
  readonly names: ReadonlyMap<string, string>
}

/**
 * Of two accounts with one uid or one home the first counts, as it does for the systems' own lookups; the others are named in
 * a `no-account` gap. One whose home is not there is no account of anybody's; one whose home is closed is in the list with a gap.
 * @param real in the system's order, daemons left out
 * @param orphans homes of nobody whom the system lists, looked for last; each is an account and a gap
 */
export function accountsWithHomes(
  files: Files,
  real: readonly ListedAccount[],
  orphans: () => readonly ListedAccount[],
  now: number,
): Pick<AccountsFound, 'accounts' | 'gaps'> {
  const accounts: Account[] = []
  const gaps: Gap[] = []
  const uids = new Set<string>()
  const homes = new Set<string>()
  const gap = (account: string, obstacle: Obstacle): void =>
    void gaps.push({ collector: 'host', account, at: now, ...obstacle })

  const add = ({ name, uid, home }: ListedAccount): void => {
    // Windows and macOS take names of other case for the same.
    const key = files.os === 'linux' ? home : home.toLowerCase()
    if (uids.has(uid) || homes.has(key)) {
      const detail = uids.has(uid) ? 'uid-shared' : 'home-shared'
      return gap(name, { reason: 'no-account', path: home, detail })
    }
    const account = { name, uid, home, readable: true }
    const problem = lookInto(files, account)
    if (problem === 'missing') return
    uids.add(uid)
    homes.add(key)
    accounts.push({ ...account, readable: problem === null })
    if (problem !== null) gap(name, problem)
  }

  for (const one of real) add(one)
  for (const one of orphans()) {
    gap(one.name, { reason: 'no-account', path: one.home, detail: `uid:${one.uid}` })
    add(one)
  }
  return { accounts, gaps }
}

function lookInto(files: Files, account: Account): Obstacle | 'missing' | null {
  if (account.home === '/') return { reason: 'unsupported', path: '/', detail: 'home-is-the-root' }
  const listing = homeReach(files, account).list(account.home, 1)
  // A look at one name: that there are more is what we hoped for.
  return listing.ok ? null : (listing.gap ?? 'missing')
}

/**
 * Folders among the homes that are no known account's: left over, or of people whom a name service knows (LDAP, Active Directory).
 * Each is looked at as `uid:N` after its owner.
 * @param folder `/home` or `/Users`
 * @param uids of all accounts, daemons included
 */
export function orphanHomes(
  files: Files,
  folder: string,
  leastUid: number,
  uids: ReadonlySet<string>,
  homes: ReadonlySet<string>,
): readonly ListedAccount[] {
  const reach = files.reach({ roots: [{ path: folder, owners: null }] })
  const listing = reach.list(folder)
  if (!listing.ok) return []
  return listing.value.entries.flatMap(({ name, kind }) => {
    const home = `${folder}/${name}`
    if (kind !== 'folder' || homes.has(home) || name === 'lost+found') return []
    const info = reach.stat(home)
    if (!info.ok || info.value.owner < leastUid || uids.has(String(info.value.owner))) return []
    return [{ name: `uid:${info.value.owner}`, uid: String(info.value.owner), home }]
  })
}
