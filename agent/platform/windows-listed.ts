// What the registry lists as installed, and as started at log-on: of the machine and of each account, logged on or not.
import type { Gap } from '#shared/observation.ts'
import type { RegistryKey } from '../parsers/registry-export.ts'
import { parseUninstallEntries, type UninstallEntry } from '../parsers/uninstall-entries.ts'
import type { ListedAccount } from './accounts.ts'
import type { Listed, ListedApp, ListedAutostart } from './host.ts'
import { inHomes, portablePath, withFolders } from '../parsers/windows-paths.ts'
import { startedProgram } from '../parsers/windows-snapshot.ts'
import type { Obstacle } from './files.ts'
import type { ReadRegistry } from './windows-registry.ts'

const machine = 'HKEY_LOCAL_MACHINE'
/** Of the machine's part, and of `Software` of an account. */
export const uninstallKey = String.raw`Microsoft\Windows\CurrentVersion\Uninstall`
export const runKey = String.raw`Microsoft\Windows\CurrentVersion\Run`
/** Programs of 32 bits have a part of their own. */
const machineParts = [String.raw`${machine}\SOFTWARE`, String.raw`${machine}\SOFTWARE\WOW6432Node`]

/** What a part of the registry says of programs. */
export interface RegistryPrograms {
  readonly entries: readonly UninstallEntry[]
  /** What starts at log-on: programs as they are written there, without their arguments. */
  readonly started: readonly string[]
}

/** What the file of an account that is not logged on says. */
export interface ClosedHive {
  readonly programs: RegistryPrograms
  /** Why that may be less than it knows; null: it is all. */
  readonly gap: Obstacle | null
}

type Keys = ReadonlyMap<string, RegistryKey> | null

/** @param uninstall, run those keys and all below them; null where there is none */
export function programsIn(uninstall: Keys, run: Keys): RegistryPrograms {
  const commands = [...(run ?? new Map<string, RegistryKey>()).values()].flatMap((values) => [
    ...values.values(),
  ])
  return {
    entries: parseUninstallEntries(uninstall ?? new Map()),
    started: commands.flatMap((value) => (value.type === 'text' ? [startedProgram(value.text)] : [])),
  }
}

export async function listedPrograms(
  registry: ReadRegistry,
  accounts: readonly ListedAccount[],
  closedHive: (account: ListedAccount) => ClosedHive,
  now: number,
): Promise<Listed> {
  const apps: ListedApp[] = []
  const autostart: ListedAutostart[] = []
  const gaps: Gap[] = []
  const homes = accounts.map(({ home }) => home)

  function take({ entries, started }: RegistryPrograms, owner: ListedAccount | null): void {
    const account = owner?.name ?? null
    const place = (written: string): string | null => {
      const path = portablePath(withFolders(written, owner?.home ?? null))
      return path === null ? null : inHomes(path, homes)
    }
    for (const { id, name, version, folder } of entries)
      apps.push({ account, id, name, version, path: folder === null ? null : place(folder) })
    for (const written of started) {
      const program = place(written)
      if (program !== null) autostart.push({ account, program })
    }
  }

  const programsOf = async (part: string): Promise<RegistryPrograms> =>
    programsIn(await registry(`${part}\\${uninstallKey}`), await registry(`${part}\\${runKey}`))

  for (const part of machineParts) take(await programsOf(part), null)
  for (const account of accounts) {
    const hive = `HKEY_USERS\\${account.uid}`
    // Every hive has this key; where it cannot be read the account is not logged on, and its hive is a closed file.
    if ((await registry(`${hive}\\Environment`)) !== null) {
      take(await programsOf(`${hive}\\Software`), account)
      continue
    }
    const { programs, gap } = closedHive(account)
    take(programs, account)
    if (gap !== null) gaps.push({ collector: 'app', account: account.name, ...gap, at: now })
  }
  return { apps, autostart, gaps }
}
