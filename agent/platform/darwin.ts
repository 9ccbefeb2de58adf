// The macOS host: the system's own directory of accounts, `ps`, `lsof`, `mount` and `ioreg`, each by its absolute path. Not
// run on macOS yet: the parsers are tried on what these programs print, the host on a made-up machine.
import { withoutTrailingSlash } from '../parsers/plain-text.ts'
import os from 'node:os'
import type { Account, Gap } from '#shared/observation.ts'
import { parseDarwinMounts } from '../parsers/darwin-mounts.ts'
import { parseDsclUsers, type DirectoryUser } from '../parsers/dscl-users.ts'
import { ioregText } from '../parsers/ioreg.ts'
import type { Mount } from '../parsers/mountinfo.ts'
import { accountsWithHomes, orphanHomes } from './accounts.ts'
import { machineClocks } from './clocks.ts'
import { darwinProcesses, type DarwinLook } from './darwin-processes.ts'
import type { Disk } from './disk.ts'
import { createFiles } from './gateway.ts'
import { machineGaps } from './machine-gap.ts'
import { type Host, type HostFacts, nothingListed } from './host.ts'
import type { Ask } from './system-programs.ts'

export interface DarwinParts {
  readonly disk: Disk
  readonly ask: Ask
  /** Device clock, ms since 1970. */
  readonly now: () => number
}

/** The first number of a person; those below are the system's own (`_spotlight`). */
const leastUid = 501
const usersQuery = ['.', '-readall', '/Users', 'RecordName', 'UniqueID', 'NFSHomeDirectory']
/** Before `mount` has answered: nothing but the root. */
const rootAlone: readonly Mount[] = [{ point: '/', type: 'apfs', accessTimes: 'daily' }]

export async function darwinHost({ disk, ask, now }: DarwinParts): Promise<Host> {
  let mounts = rootAlone
  let users: readonly DirectoryUser[] | null = null
  let look: DarwinLook = { processes: [], denied: new Map(), failed: true }
  let mountsKnown = false
  let found: { readonly accounts: readonly Account[]; readonly gaps: readonly Gap[] } = {
    accounts: [],
    gaps: [],
  }

  const files = createFiles({ disk: darwinDisk(disk), os: 'darwin', now, mountTable: () => mounts })
  const table = darwinProcesses(ask)
  const facts = await factsOf(ask, now())
  const gap = machineGaps(now)

  return {
    os: 'darwin',
    files,
    now,
    ...machineClocks,
    facts: () => facts,
    async prepare() {
      const [mounted, listed, seen] = await Promise.all([
        ask('mount', []),
        ask('dscl', usersQuery),
        table.read(),
      ])
      mountsKnown = mounted !== null
      // What was known of mounts stays: a network disk does not become a local one because a program failed.
      if (mounted !== null) {
        mounts = parseDarwinMounts(mounted)
        files.refresh()
      }
      if (listed !== null) users = parseDsclUsers(listed)
      look = seen
    },
    accounts() {
      const all = users ?? []
      const real = all.flatMap(({ name, uid, home }) =>
        home?.startsWith('/') === true && (uid === 0 || uid >= leastUid)
          ? // The directory writes /var/root for what is /private/var/root.
            [{ name, uid: String(uid), home: withoutTrailingSlash(home) }]
          : [],
      )
      const uids = new Set(all.map(({ uid }) => String(uid)))
      const homes = new Set(real.map(({ home }) => home))
      found = accountsWithHomes(
        files,
        real, // Where nobody's name is known, no home is nobody's.
        () => (users === null ? [] : orphanHomes(files, '/Users', leastUid, uids, homes)),
        now(),
      )
      const gaps = [...found.gaps]
      if (users === null) gaps.push(gap('host', 'failed', '/Users', 'dscl'))
      if (!mountsKnown) gaps.push(gap('host', 'failed', '/', 'mount'))
      return { accounts: found.accounts, gaps }
    },
    nameOf: (uid) => users?.find((user) => String(user.uid) === uid)?.name ?? null,
    processes() {
      const names = new Map(found.accounts.map(({ uid, name }) => [uid, name]))
      const gaps = [...look.denied].map(([uid, count]): Gap => ({
        ...gap('process', 'denied', '/', `programs of ${count} processes`),
        account: names.get(uid) ?? null,
      }))
      if (look.failed) gaps.push(gap('process', 'failed', '/', 'ps'))
      // One joined line of arguments is never split again, so that the scripts that interpreters run stay unknown.
      else gaps.push(gap('process', 'unsupported', '/', 'arguments'))
      return { processes: look.processes, gaps }
    },
    listed: () => nothingListed,
    notedStarts: async () => null,
  }
}

/**
 * Files of iCloud and its kin that are not on the disk keep their size and take no block; reading one would fetch it. So do a
 * few that the system compresses, which are then a gap.
 */
function darwinDisk(disk: Disk): Disk {
  return {
    ...disk,
    isPlaceholder: (path, { size, blocks }) => blocks === 0 && size > 0 && path.startsWith('/Users/'),
  }
}

async function factsOf(ask: Ask, now: number): Promise<HostFacts> {
  const [machine, version, session] = await Promise.all([
    ask('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
    ask('sw_vers', ['-productVersion']),
    ask('sysctl', ['-n', 'kern.bootsessionuuid']),
  ])
  const started = Math.round((now - os.uptime() * 1000) / 60_000)
  return {
    hostname: os.hostname(),
    os: 'darwin',
    osVersion: `macOS ${version?.trim() || os.release()}`,
    arch: os.arch(),
    serial: ioregText(machine ?? '', 'IOPlatformSerialNumber'),
    machine: { hardware: ioregText(machine ?? '', 'IOPlatformUUID'), system: null },
    // Where the system does not tell its random number, the minute of the start stands for it.
    boot: session?.trim() || `started-${started}`,
  }
}
