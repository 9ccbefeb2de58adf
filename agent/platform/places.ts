// Which parts of a file system may be looked at for whom. Names no tool.
import type { Account } from '#shared/observation.ts'
import type { FileInfo, Files, Reach, Root } from './files.ts'
import { within } from './folders.ts'

/** Where systems keep programs that every account can start; whoever owns a file there, it is the machine's. */
const programPlaces: Readonly<Record<Files['os'], readonly string[]>> = {
  linux: [
    '/usr',
    '/opt',
    '/bin',
    '/sbin',
    '/lib',
    '/lib64',
    '/etc/alternatives',
    '/snap',
    '/var/lib/snapd',
    '/var/lib/flatpak',
    '/nix',
    '/gnu',
    '/home/linuxbrew/.linuxbrew',
  ],
  darwin: ['/Applications', '/Library', '/System', '/usr', '/opt', '/bin', '/sbin', '/nix'],
  windows: ['/C:/Program Files', '/C:/Program Files (x86)', '/C:/ProgramData', '/C:/Windows'],
}

const furtherPlaces: Readonly<Record<Files['os'], readonly string[]>> = {
  linux: ['/etc', '/var/lib/dpkg'],
  darwin: ['/etc', '/private/etc'],
  windows: [],
}

function rootsAt(places: readonly string[]): readonly Root[] {
  return places.map((path) => ({ path, owners: null }))
}

const systems = ['linux', 'darwin', 'windows'] as const
/** The gateway knows a list of roots again by its identity. */
const programRoots = new Map(systems.map((os) => [os, rootsAt(programPlaces[os])]))
const systemRoots = new Map(systems.map((os) => [os, rootsAt([...programPlaces[os], ...furtherPlaces[os]])]))

/** System-wide places alone. */
export function systemReach(files: Files): Reach {
  return files.reach({ roots: systemRoots.get(files.os) ?? [] })
}

/** An account's home, and files in it that are its own or root's. */
export function homeReach(files: Files, account: Account): Reach {
  return files.reach({ roots: rootsOf(files, account).home })
}

/**
 * An account's home and what its links may lawfully lead to: where programs are. Not the rest of `/etc`, where secrets are
 * that the account itself may not read.
 */
export function accountReach(files: Files, account: Account): Reach {
  return files.reach({ roots: rootsOf(files, account).programs })
}

/** Whether a file or folder is an account's own. Windows tells no owner here: there it is what lies in the home. */
export function isOwn({ owner, real }: Pick<FileInfo, 'owner' | 'real'>, account: Account): boolean {
  const uid = Number(account.uid)
  return Number.isInteger(uid) ? owner === uid : within(real, account.home)
}

/** A folder that an account named as its own, wherever it lies, and files in it that are its own. */
export function ownFolderReach(files: Files, account: Account, folder: string): Reach {
  const uid = Number(account.uid)
  return files.reach({ roots: [{ path: folder, owners: Number.isInteger(uid) ? [uid] : null }] })
}

/** The same for programs: the account's own or root's, and where links may lawfully lead to. */
export function ownProgramsReach(files: Files, account: Account, folder: string): Reach {
  const { home, programs } = rootsOf(files, account)
  return files.reach({ roots: [{ path: folder, owners: home[0]?.owners ?? null }, ...programs] })
}

/** Whether a path lies where the system keeps programs that every account can start. */
export function isProgramPlace(os: Files['os'], path: string): boolean {
  return programPlaces[os].some((place) => within(path, place))
}

/**
 * What a running program's own path may be looked at with: the home that it lies in, the system's places, or else
 * the top folder that it lies in (`/tmp`, `/srv`, a data disk), there only files of its owner or root.
 */
export function programReach(
  files: Files,
  path: string,
  accounts: readonly Account[],
  uid: string | null,
): Reach {
  const home = accounts.find((account) => account.readable && within(path, account.home))
  if (home !== undefined) return accountReach(files, home)
  if ((systemRoots.get(files.os) ?? []).some((root) => within(path, root.path))) return systemReach(files)
  const top = path.split('/')[1] ?? ''
  const owners = uid !== null && /^\d+$/.test(uid) ? [...new Set([Number(uid), 0])] : [0]
  return files.reach({ roots: [{ path: `/${top}`, owners }] })
}

/** The whole disk of a process in another mount namespace, as that process sees it. */
export function containerReach(files: Files, pid: number): Reach {
  return files.reach({ roots: [{ path: '/', owners: null }], base: `/proc/${pid}/root` })
}

interface AccountRoots {
  readonly home: readonly Root[]
  readonly programs: readonly Root[]
}

/** Made once for an account: the gateway knows a list of roots again by its identity. */
const accountRoots = new WeakMap<Account, AccountRoots>()

function rootsOf(files: Files, account: Account): AccountRoots {
  const known = accountRoots.get(account)
  if (known !== undefined) return known
  const uid = Number(account.uid)
  const home = { path: account.home, owners: Number.isInteger(uid) ? [...new Set([uid, 0])] : null }
  const made = { home: [home], programs: [home, ...(programRoots.get(files.os) ?? [])] }
  accountRoots.set(account, made)
  return made
}
