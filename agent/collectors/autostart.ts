// What starts by itself for an account: units of systemd, entries of the desktop's autostart, lines of crontabs. Each leads
// to a program, which is looked at as any other command is. Nothing is asked of systemd or cron.
import type { Account } from '#shared/observation.ts'
import { maxCrontabBytes, maxUnitBytes, parseCrontab, parseUnit } from '../parsers/autostart.ts'
import { maxEntryBytes, parseDesktopEntry } from '../parsers/desktop-entry.ts'
import type { Files, Reach } from '../platform/files.ts'
import type { Host } from '../platform/host.ts'
import { launchd, windowsAutostart } from './autostart-others.ts'
import type { GapList } from './gap.ts'

export interface Autostart {
  /** Absolute. */
  readonly program: string
  readonly file: string
}

export const autostartFolders = [
  '.config/systemd/user',
  '.config/autostart',
  '.local/share/systemd/user',
] as const
/** One file per account, named after it: Debian's, Red Hat's, macOS'. */
export const crontabFolders = ['/var/spool/cron/crontabs', '/var/spool/cron', '/private/var/at/tabs'] as const

/** Of an account, or of the machine (`account` null), whose own units on Linux are the distribution's. */
export function autostartOf(
  host: Host,
  reach: Reach,
  account: Account | null,
  isOver: () => boolean,
  list: GapList,
): readonly Autostart[] {
  if (host.os === 'windows') return windowsAutostart(host, reach, account, isOver, list)
  const jobs = host.os === 'darwin' ? launchd(reach, account, list) : []
  return account === null ? jobs : [...jobs, ...unixAutostart(host.files, reach, account, list)]
}

function unixAutostart(files: Files, reach: Reach, account: Account, list: GapList): readonly Autostart[] {
  const found: Autostart[] = []
  const add = (file: string, programs: readonly string[]): void => {
    for (const program of programs) {
      found.push({ program: program.replace(/^(?:%h|\$HOME)(?=\/)/, account.home), file })
    }
  }
  for (const folder of autostartFolders) {
    const listing = reach.list(`${account.home}/${folder}`)
    if (!listing.ok) {
      list.add(account.name, listing.gap)
      continue
    }
    for (const { name, kind } of listing.value.entries) {
      const file = `${account.home}/${folder}/${name}`
      if (kind === 'folder' || !/\.(?:service|desktop)$/.test(name)) continue
      const programs = name.endsWith('.service')
        ? reach.parsed(file, maxUnitBytes, parseUnit)
        : reach.parsed(file, maxEntryBytes, programOfEntry)
      if (programs.ok) add(file, programs.value)
      else list.add(account.name, programs.gap)
    }
  }
  for (const folder of crontabFolders) {
    const file = `${folder}/${account.name}`
    const uid = Number(account.uid)
    const crontabs = files.reach({ roots: [{ path: folder, owners: [...new Set([uid, 0])] }] })
    const programs = crontabs.parsed(file, maxCrontabBytes, parseCrontab)
    if (programs.ok) add(file, programs.value)
    else list.add(account.name, programs.gap)
  }
  return found
}

function programOfEntry(bytes: Uint8Array): readonly string[] {
  const { program, isHidden } = parseDesktopEntry(bytes)
  return program?.startsWith('/') === true && !isHidden ? [program] : []
}
