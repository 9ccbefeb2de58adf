// What the agent needs of the machine: that it may watch folders and look into homes. And what it knows tools by.
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import type { Account } from '#shared/observation.ts'
import type { Language } from '#shared/words/language.ts'
import { basesOf } from '../../collectors/moved-homes.ts'
import type { Memory } from '../../memory.ts'
import type { Host } from '../../platform/host.ts'
import type { FolderWatch, WatchFolder } from '../../platform/folder-watch.ts'
import { watchTraces } from '../../watch.ts'
import { agentVersion } from '../../version.ts'
import { doctorServerWords } from '../words/doctor-server-words.ts'
import { listed, sentences } from '../words/said.ts'
import { fail, ok, warn, type Check } from './check.ts'

export interface Runner {
  readonly root: boolean
  readonly account: string
  readonly home: string
  readonly language: Language
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
    ok(
      'catalogue',
      doctorServerWords[runner.language].catalogue(catalogueVersion, tools.length, agentVersion),
    ),
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
  { root, language }: Pick<Runner, 'root' | 'language'>,
): Check {
  if (trial.ok) trial.close()
  const say = doctorServerWords[language].watching
  const says = sentences(language, [
    say.folders(needed, say.whose[root ? 'all' : 'own']),
    watches === null ? null : say.limits(watches, instances === null ? say.unknown : String(instances)),
  ])
  const advice = say.raise
  if (watches !== null && needed > watches) return fail('watching', says, advice)
  if (!trial.ok) return fail('watching', sentences(language, [says, say.refused(trial.code)]), advice)
  // The rest is for editors and sync programs, which watch whole trees.
  if (watches !== null && needed > watches / 2) return warn('watching', says, advice)
  return ok('watching', says)
}

export function homesCheck(
  accounts: readonly Account[],
  { root, account, language }: Omit<Runner, 'home'>,
): Check {
  const say = doctorServerWords[language].homes
  const closed = accounts.filter(({ readable }) => !readable).map(({ name }) => name)
  if (!root) {
    return closed.includes(account) ? fail('homes', say.ownClosed, say.checkRights) : ok('homes', say.own)
  }
  const read = accounts.length - closed.length
  if (closed.length === 0) return ok('homes', say.all(read, accounts.length))
  const names = listed(language, closed.slice(0, 20))
  return warn('homes', say.some(read, accounts.length, names), say.gaps)
}
