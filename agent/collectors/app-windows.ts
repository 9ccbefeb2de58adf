// Applications of Windows: what the registry lists as installed, and packages of the Store's kind (MSIX) by the names of their folders.
import type { Account, AppObservation } from '#shared/observation.ts'
import type { Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import type { GapList } from './gap.ts'

type Keep = (app: AppObservation) => void

/** One folder per package and version: `Name_1.2.3.0_x64__publisher`. */
export const msixPlace = '/C:/Program Files/WindowsApps'
/** One folder per package that an account has: `Name_publisher`. */
export const homeMsixPlace = 'AppData/Local/Packages'

export function listedApps(context: ScanContext, list: GapList, keep: Keep): void {
  const { apps, gaps } = context.host.listed()
  for (const gap of gaps) list.add(gap.account, gap)
  for (const { account, id, name, version, path } of apps)
    keep({ kind: 'app', account, at: context.now, idKind: 'uninstall', id, name, version, path: path ?? '/' })
}

export function msixOfMachine(context: ScanContext, reach: Reach, list: GapList, keep: Keep): void {
  const listing = reach.list(msixPlace)
  if (!listing.ok) return list.add(null, listing.gap)
  list.add(null, listing.value.gap)
  for (const { name } of listing.value.entries) {
    // Between version and publisher the processor, and a part of it for a language or a screen.
    const [, own, version, publisher] = /^([^_]+)_([\d.]+)_[^_]+__([a-z0-9]{13})$/.exec(name) ?? []
    if (own !== undefined && version !== undefined)
      keep(msix(context, null, `${own}_${publisher}`, version, `${msixPlace}/${name}`))
  }
}

export function msixOfAccount(
  context: ScanContext,
  reach: Reach,
  account: Account,
  list: GapList,
  keep: Keep,
): void {
  const folder = `${account.home}/${homeMsixPlace}`
  const listing = reach.list(folder)
  if (!listing.ok) return list.add(account.name, listing.gap)
  list.add(account.name, listing.value.gap)
  for (const { name } of listing.value.entries)
    if (/^[^_]+_[a-z0-9]{13}$/.test(name)) keep(msix(context, account.name, name, null, `${folder}/${name}`))
}

function msix(
  { now }: ScanContext,
  account: string | null,
  id: string,
  version: string | null,
  path: string,
): AppObservation {
  return { kind: 'app', account, at: now, idKind: 'msix', id, name: null, version, path }
}
