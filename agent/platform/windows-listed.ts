// What the registry lists as installed, and as started at log-on: of the machine and of each account that is logged on.
import type { Gap } from '#shared/observation.ts'
import { parseUninstallEntries } from '../parsers/uninstall-entries.ts'
import type { ListedAccount } from './accounts.ts'
import type { Listed, ListedApp, ListedAutostart } from './host.ts'
import { portablePath } from '../parsers/windows-paths.ts'
import { splitCommandLine } from '../parsers/windows-snapshot.ts'
import type { ReadRegistry } from './windows-registry.ts'

const machine = 'HKEY_LOCAL_MACHINE'
const uninstall = String.raw`Microsoft\Windows\CurrentVersion\Uninstall`
const run = String.raw`Microsoft\Windows\CurrentVersion\Run`
/** Programs of 32 bits have a part of their own. */
const machineParts = [String.raw`${machine}\SOFTWARE`, String.raw`${machine}\SOFTWARE\WOW6432Node`]

export async function listedPrograms(
  registry: ReadRegistry,
  accounts: readonly ListedAccount[],
  now: number,
): Promise<Listed> {
  const apps: ListedApp[] = []
  const autostart: ListedAutostart[] = []
  const gaps: Gap[] = []

  async function take(part: string, account: string | null): Promise<void> {
    for (const { id, name, version, folder } of parseUninstallEntries(
      (await registry(`${part}\\${uninstall}`)) ?? new Map(),
    ))
      apps.push({ account, id, name, version, path: folder === null ? null : portablePath(folder) })
    for (const [, values] of (await registry(`${part}\\${run}`)) ?? []) {
      for (const value of values.values()) {
        const program = value.type === 'text' ? portablePath(splitCommandLine(value.text)[0] ?? '') : null
        if (program !== null) autostart.push({ account, program })
      }
    }
  }

  for (const part of machineParts) await take(part, null)
  for (const { uid, name, home } of accounts) {
    const hive = `HKEY_USERS\\${uid}`
    // Every hive has this key; where it cannot be read the account is not logged on, and its hive is a closed file.
    if ((await registry(`${hive}\\Environment`)) !== null) await take(`${hive}\\Software`, name)
    else {
      const path = `${home}/NTUSER.DAT`
      gaps.push({
        collector: 'app',
        account: name,
        path,
        reason: 'unsupported',
        detail: 'hive-not-loaded',
        at: now,
      })
    }
  }
  return { apps, autostart, gaps }
}
