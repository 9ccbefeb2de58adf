// What the agent needs of the machine: that it may watch folders and look into homes. And what it knows tools by.
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import type { Account } from '#shared/observation.ts'
import { basesOf } from '../../collectors/moved-homes.ts'
import type { Memory } from '../../memory.ts'
import type { Host } from '../../platform/host.ts'
import type { FolderWatch, WatchFolder } from '../../platform/folder-watch.ts'
import { watchTraces } from '../../watch.ts'
import { agentVersion } from '../../version.ts'
import { fail, ok, warn, type Check } from './check.ts'

export interface Runner {
  readonly root: boolean
  readonly account: string
  readonly home: string
}

export function machineChecks(
  host: Host,
  memory: Memory,
  watchFolder: WatchFolder,
  runner: Runner,
): readonly Check[] {
  const { accounts } = host.accounts()
  const own = accounts.filter(({ name }) => runner.root || name === runner.account)
  const needed = foldersToWatch(host, memory, own)
  return [
    watchingCheck(
      needed,
      limitsOf(host),
      watchFolder(runner.home, { changed: () => {}, lost: () => {} }),
      runner,
    ),
    homesCheck(accounts, runner),
    ok('catalogue', `Version ${catalogueVersion} with ${tools.length} tools; the agent is ${agentVersion}.`),
  ]
}

/** How many folders the daemon watches here, without watching one. */
function foldersToWatch(host: Host, memory: Memory, accounts: readonly Account[]): number {
  const watch = watchTraces({
    files: host.files,
    watchFolder: () => ({ ok: true, close: () => {} }),
    bases: (account) => basesOf(host.files, memory, account).bases,
    changed: () => {},
  })
  watch.follow(
    accounts,
    tools.flatMap((tool) => tool.signals.trace ?? []),
  )
  const folders = watch.folders()
  watch.close()
  return folders
}

export interface WatchLimits {
  readonly watches: number | null
  readonly instances: number | null
}

function limitsOf(host: Host): WatchLimits {
  const limit = (name: string): number | null => {
    if (host.os !== 'linux') return null
    const text = host.files.system(`/proc/sys/fs/inotify/${name}`, 64)?.toString('utf8').trim() ?? ''
    return /^\d+$/.test(text) ? Number(text) : null
  }
  return { watches: limit('max_user_watches'), instances: limit('max_user_instances') }
}

/** @param trial a folder watched as the daemon does. It is closed here */
export function watchingCheck(
  needed: number,
  { watches, instances }: WatchLimits,
  trial: FolderWatch,
  { root }: Pick<Runner, 'root'>,
): Check {
  if (trial.ok) trial.close()
  const whose = root ? 'all accounts' : 'your account'
  const allowed =
    watches === null
      ? ''
      : `, of ${watches} watches and ${instances ?? 'unknown'} instances that the system allows an account`
  const says = `${needed} folders are to be watched for ${whose}${allowed}.`
  const advice =
    'Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (sysctl). Until then use is seen at the looks at processes, a minute apart, rather than within seconds.'
  if (watches !== null && needed > watches) return fail('watching', says, advice)
  if (!trial.ok)
    return fail(
      'watching',
      `${says} Trying with one, the system refused (${trial.code}): other programs of this account hold the rest.`,
      advice,
    )
  // The rest is for editors and sync programs, which watch whole trees.
  if (watches !== null && needed > watches / 2) return warn('watching', says, advice)
  return ok('watching', says)
}

export function homesCheck(accounts: readonly Account[], { root, account }: Omit<Runner, 'home'>): Check {
  const closed = accounts.filter(({ readable }) => !readable).map(({ name }) => name)
  if (!root) {
    if (closed.includes(account))
      return fail('homes', 'Your home cannot be read.', 'Check the rights of your home folder.')
    return ok('homes', 'Your home can be read; other accounts’ are for an agent that runs as a service.')
  }
  const counted = `${accounts.length - closed.length} of ${accounts.length} homes can be read`
  if (closed.length === 0) return ok('homes', `${counted}.`)
  const advice =
    'Homes on the network, encrypted or not mounted are gaps, and are shown so; for others, check what holds even root back (SELinux, the service’s sandbox).'
  return warn('homes', `${counted}; not those of ${closed.slice(0, 20).join(', ')}.`, advice)
}
