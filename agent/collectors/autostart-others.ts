// What starts by itself on macOS (agents and daemons of launchd) and Windows (Run keys, scheduled tasks). Asks neither of them.
import type { Account } from '#shared/observation.ts'
import { dictOf, maxPlistBytes, parsePropertyList, textOf } from '../parsers/property-list.ts'
import { maxTaskBytes, parseScheduledTask } from '../parsers/scheduled-task.ts'
import { portablePath } from '../parsers/windows-paths.ts'
import type { Reach } from '../platform/files.ts'
import type { Host } from '../platform/host.ts'
import type { Autostart } from './autostart.ts'
import { expand } from './expand.ts'
import type { GapList } from './gap.ts'

export const systemLaunchFolders = ['/Library/LaunchAgents', '/Library/LaunchDaemons'] as const
export const homeLaunchFolder = 'Library/LaunchAgents'
/** Tasks of makers and people; the system's own lie deeper. */
export const taskPlaces = ['/C:/Windows/System32/Tasks/*', '/C:/Windows/System32/Tasks/*/*'] as const

/** Of the machine (`account` null) or of an account. */
export function launchd(reach: Reach, account: Account | null, list: GapList): readonly Autostart[] {
  const who = account?.name ?? null
  const folders = account === null ? systemLaunchFolders : [`${account.home}/${homeLaunchFolder}`]
  return folders.flatMap((folder) => {
    const listing = reach.list(folder)
    if (!listing.ok) {
      list.add(who, listing.gap)
      return []
    }
    return listing.value.entries.flatMap(({ name }): readonly Autostart[] => {
      if (!name.endsWith('.plist')) return []
      const file = `${folder}/${name}`
      const program = reach.parsed(file, maxPlistBytes, programOfJob)
      if (!program.ok) list.add(who, program.gap)
      return program.ok && program.value !== null ? [{ program: program.value, file }] : []
    })
  })
}

/** launchd.plist(5): `Program`, else the first of `ProgramArguments`; absolute ones alone. */
function programOfJob(bytes: Uint8Array): string | null {
  const job = parsePropertyList(bytes)
  const list = dictOf(job)?.['ProgramArguments']
  const first: unknown = Array.isArray(list) ? list[0] : null
  const program = textOf(job, 'Program') ?? first
  return typeof program === 'string' && program.startsWith('/') ? program : null
}

/** Run keys, and tasks that name an account by its SID; of the machine those that name none that is looked at. */
export function windowsAutostart(
  host: Host,
  reach: Reach,
  account: Account | null,
  isOver: () => boolean,
  list: GapList,
): readonly Autostart[] {
  const who = account?.name ?? null
  const run = host.listed().autostart.filter((one) => one.account === who)
  const found: Autostart[] = run.map(({ program }) => ({ program, file: program }))
  for (const template of taskPlaces) {
    // What is closed is the machine's gap, once.
    const onGap = account === null ? (gap: Parameters<GapList['add']>[1]) => list.add(null, gap) : () => {}
    for (const { path, info } of expand({ reach, template, onGap, isOver, dotted: true })) {
      if (info.kind !== 'file') continue
      const tasks = reach.parsed(path, maxTaskBytes, parseScheduledTask)
      if (!tasks.ok) onGap(tasks.gap)
      for (const { program, user } of tasks.ok ? tasks.value : []) {
        const portable = portablePath(program)
        const isHis = account === null ? user === null || host.nameOf(user) === null : user === account.uid
        if (portable !== null && isHis) found.push({ program: portable, file: path })
      }
    }
  }
  return found
}
