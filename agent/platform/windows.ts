// The Windows host: people's profiles and installed programs from the registry, processes from CIM. Not run on Windows yet: run
// under Wine, which has a registry and no CIM; the parsers are tried on what both tell.
import os from 'node:os'
import type { Account, Gap } from '#shared/observation.ts'
import type { Mount } from '../parsers/mountinfo.ts'
import { textIn } from '../parsers/registry-export.ts'
import { parseProfiles } from '../parsers/windows-profiles.ts'
import { parseFacts } from '../parsers/windows-snapshot.ts'
import { accountsWithHomes, type ListedAccount } from './accounts.ts'
import { machineClocks } from './clocks.ts'
import type { Disk } from './disk.ts'
import { createFiles } from './gateway.ts'
import { machineGaps } from './machine-gap.ts'
import { type Host, type HostFacts, type Listed, nothingListed, type Process } from './host.ts'
import type { Ask } from './system-programs.ts'
import { windowsDisk } from './windows-disk.ts'
import { programsInHive, startsInHive } from './windows-hives.ts'
import { listedPrograms } from './windows-listed.ts'
import { notedStarts } from './windows-noted.ts'
import { portablePath } from '../parsers/windows-paths.ts'
import { factsScript, powershell, windowsProcesses, windowsSnapshot } from './windows-processes.ts'
import type { ReadRegistry } from './windows-registry.ts'

export interface WindowsParts {
  readonly disk: Disk
  readonly ask: Ask
  readonly registry: ReadRegistry
  /** Device clock, ms since 1970. */
  readonly now: () => number
}

const profileList = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`
const cryptography = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography`
const services: ReadonlyMap<string, string> = new Map([
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
])
/** Folders of C:\Users that are nobody's. */
const nobodys: ReadonlySet<string> = new Set([
  'public',
  'default',
  'default user',
  'all users',
  'defaultapppool',
])
/** Win32_LogicalDisk: what is on this machine, and not at the other end of a network. */
const localDrives: ReadonlySet<number> = new Set([2, 3, 5, 6])

export async function windowsHost({ disk, ask, registry, now }: WindowsParts): Promise<Host> {
  let profiles: readonly ListedAccount[] | null = null
  /** Accounts whose home is on no drive of this machine. */
  let remote: readonly Gap[] = []
  let drives: readonly Mount[] = []
  let processes: readonly Process[] | null = null
  let listed: Listed = nothingListed
  let known: readonly Account[] = []

  const files = createFiles({ disk: windowsDisk(disk), os: 'windows', now, mountTable: () => drives })
  const table = windowsProcesses()
  const facts = await factsOf(ask, registry, now())
  const gap = machineGaps(now)

  return {
    os: 'windows',
    files,
    now,
    ...machineClocks,
    facts: () => facts,
    async prepare() {
      const [keys, snapshot] = await Promise.all([registry(profileList), windowsSnapshot(ask)])
      if (keys !== null) {
        const all = parseProfiles(keys).map(({ sid, folder }) => ({
          uid: sid,
          home: portablePath(folder),
          folder,
        }))
        profiles = all.flatMap(({ uid, home }) => (home === null ? [] : [{ name: nameIn(home), uid, home }]))
        remote = all.flatMap(({ home, folder }) =>
          home === null
            ? [gap('host', 'remote-mount', '/', `profile ${nameIn(folder.replaceAll('\\', '/'))}`)]
            : [],
        )
      }
      if (snapshot !== null) {
        drives = snapshot.drives.map(({ id, type }) => ({
          point: `/${id.toUpperCase()}`,
          type: localDrives.has(type) ? 'ntfs' : `remote:${type}`,
          accessTimes: 'never',
        }))
        files.refresh()
      }
      processes =
        snapshot === null
          ? null
          : table.take(
              snapshot.processes,
              (profiles ?? []).map(({ home }) => home),
            )
      listed = await listedPrograms(
        registry,
        profiles ?? [],
        (account) => programsInHive(files, account),
        now(),
      )
    },
    accounts() {
      const real = profiles ?? []
      const { accounts, gaps } = accountsWithHomes(files, real, () => [], now())
      known = accounts
      const homes = new Set(real.map(({ home }) => home.toLowerCase()))
      const strangers = foldersOfUsers().filter((name) => !homes.has(`/c:/users/${name.toLowerCase()}`))
      const more = strangers.map((name) => gap('host', 'no-account', `/C:/Users/${name}`, 'no-profile'))
      // Then nothing is known to be at the other end of a network, and all is looked at.
      if (drives.length === 0) more.push(gap('host', 'failed', '/', 'drives'))
      if (profiles === null) more.push(gap('host', 'failed', '/', 'profile-list'))
      return { accounts, gaps: [...gaps, ...remote, ...more] }
    },
    nameOf: (uid) => known.find((account) => account.uid === uid)?.name ?? services.get(uid) ?? null,
    processes: () => ({
      processes: processes ?? [],
      gaps: processes === null ? [gap('process', 'failed', '/', 'cim')] : [],
    }),
    listed: () => listed,
    notedStarts: (account, isWanted) =>
      notedStarts(registry, account.uid, isWanted, () => startsInHive(files, account, isWanted)),
  }

  function foldersOfUsers(): readonly string[] {
    const listing = files.reach({ roots: [{ path: '/C:/Users', owners: null }] }).list('/C:/Users')
    if (!listing.ok) return []
    return listing.value.entries.flatMap(({ name, kind }) =>
      kind === 'folder' && !nobodys.has(name.toLowerCase()) ? [name] : [],
    )
  }
}

/** An account is named after its folder, which stays when it is renamed and needs no domain to be asked. */
function nameIn(home: string): string {
  return home.slice(home.lastIndexOf('/') + 1)
}

async function factsOf(ask: Ask, registry: ReadRegistry, now: number): Promise<HostFacts> {
  const [answer, keys] = await Promise.all([
    ask('powershell', powershell(factsScript)),
    registry(cryptography),
  ])
  const told = answer === null ? null : parseFacts(answer)
  const started = Math.round((told?.bootedAt ?? now - os.uptime() * 1000) / 60_000)
  return {
    hostname: os.hostname(),
    os: 'windows',
    osVersion: told === null ? `Windows ${os.release()}` : `${told.system} ${told.version}`,
    arch: os.arch(),
    serial: numberOf(told?.serial),
    machine: { hardware: numberOf(told?.hardware), system: textIn(keys?.get(cryptography), 'MachineGuid') },
    // Windows shows no random number of a start: its minute stands for it.
    boot: `started-${started}`,
  }
}

/** What makers leave in where nobody wrote a number. */
function numberOf(text: string | null | undefined): string | null {
  const number = text?.trim() ?? ''
  return number === '' ||
    /^(?:[0-]+|[f-]+|none|default string|system serial number|to be filled.*)$/i.test(number)
    ? null
    : number
}
