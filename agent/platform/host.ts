// The device as the agent sees it: accounts, processes, files, facts. One interface, one implementation per system.
import type { Account, Gap } from '#shared/observation.ts'
import type { IsWanted, NotedStart } from '../parsers/past-runs.ts'
import type { Clocks } from './clocks.ts'
import type { Files } from './files.ts'

/** One live process. Unknown is null, never a guess. */
export interface Process {
  readonly pid: number
  readonly parentPid: number | null
  /** Owner: numeric uid or SID as text. */
  readonly uid: string | null
  readonly name: string
  readonly startedAt: number | null
  /** Real path of the program, with a trailing ` (deleted)` removed. */
  readonly executable: string | null
  /** Exact arguments, or null where the system does not tell them apart. Never leaves collectors/. */
  readonly argv: readonly string[] | null
  readonly cwd: string | null
  /** In another mount namespace than the agent's or the machine's: paths are the container's own. */
  readonly contained: boolean
  /**
   * What it was started with of these variables; null where the system does not show it. Only variables that hold a folder
   * are asked for by value (`moved` of the catalogue), and of the others only their names are told.
   */
  variables(names: ReadonlySet<string>, folders: ReadonlySet<string>): Variables | null
}

export interface Variables {
  readonly names: readonly string[]
  /** Name and folder of those asked for by value. */
  readonly folders: readonly (readonly [name: string, folder: string])[]
}

export interface HostFacts {
  readonly hostname: string
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly osVersion: string
  readonly arch: string
  readonly serial: string | null
  /** What tells this machine from one with a copy of its disk; null where it cannot be known. Leaves the device as keyed hashes alone. */
  readonly machine: { readonly hardware: string | null; readonly system: string | null }
  /** Random per start of the machine. */
  readonly boot: string
}

/** A program in the system's own list of what is installed. */
export interface ListedApp {
  /** Null: for everybody. */
  readonly account: string | null
  /** Of the list's entry. */
  readonly id: string
  readonly name: string | null
  readonly version: string | null
  /** Its folder, where the list says so. */
  readonly path: string | null
}

/** A program that starts when an account logs on; of every account where it is null. */
export interface ListedAutostart {
  readonly account: string | null
  readonly program: string
}

/** What a system keeps in a list of its own and not in files: Windows' registry. Elsewhere nothing. */
export interface Listed {
  readonly apps: readonly ListedApp[]
  readonly autostart: readonly ListedAutostart[]
  readonly gaps: readonly Gap[]
}

export const nothingListed: Listed = { apps: [], autostart: [], gaps: [] }

/** Lists in which Windows notes when a program was last started. */
export const startLists = ['bam', 'user-assist'] as const
export type StartList = (typeof startLists)[number]

/** What is asked for of an account's lists. Which programs are in them besides is never kept. */
export interface NotedStarts {
  readonly starts: readonly (NotedStart & { readonly list: StartList })[]
  /** Lists that could not be read, or are not there. */
  readonly unread: readonly StartList[]
}

export interface Host extends Clocks {
  readonly os: 'linux' | 'darwin' | 'windows'
  /** The one gateway to other people's files. */
  readonly files: Files
  facts(): HostFacts
  /** Called before a look: reads what the system tells only asynchronously. Nothing on Linux. */
  prepare(): Promise<void>
  /** Every real account: people and root, not daemons. Unreadable homes are in the list with `readable: false` and a gap. */
  accounts(): { readonly accounts: readonly Account[]; readonly gaps: readonly Gap[] }
  /** The account's name for a uid, daemons included; null when the system has none. Known after `accounts()`. */
  nameOf(uid: string): string | null
  processes(): { readonly processes: readonly Process[]; readonly gaps: readonly Gap[] }
  /** As of the last `prepare()`; the very same for as long as it says the same, where there is no such list. */
  listed(): Listed
  /** When programs were last started, as the system notes it of an account; null where it keeps no such list. */
  notedStarts(account: Account, isWanted: IsWanted): Promise<NotedStarts | null>
  /** Device clock, milliseconds since 1970. */
  readonly now: () => number
}
