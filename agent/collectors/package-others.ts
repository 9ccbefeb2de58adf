// Packages of managers outside the npm family and Python: Homebrew, Go, cargo, dpkg. From their own lists and folder
// names, and of Go from the programs.
import type { Account } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { maxCratesBytes, parseCargoCrates } from '../parsers/cargo-crates.ts'
import { maxStatusBytes, parseDpkgStatus } from '../parsers/dpkg-status.ts'
import type { EntryKind, Reach } from '../platform/files.ts'
import type { Expanded } from './expand.ts'
import { expand } from './expand.ts'
import { lookAtGo } from './package-go.ts'
import type { PackageLook } from './package-look.ts'
import { lookAtRpm } from './package-rpm.ts'
import { packagePlaces } from './package-places-of.ts'

/** Of one account, or of the system (`account` null). */
export function lookAtOtherManagers(look: PackageLook, reach: Reach, account: Account | null): void {
  const isSystem = account === null
  const { systemBrew, homeBrew, systemGo, homeGo } = packagePlaces[look.context.host.os]
  for (const template of isSystem ? systemBrew : homeBrew) {
    for (const { path, info } of placesOf(look, reach, account, template)) {
      const [kind, name, version] = path.split('/').slice(-3)
      if (name === undefined || version === undefined) continue
      look.add({
        account: account?.name ?? null,
        manager: kind === 'Caskroom' ? 'homebrew-cask' : 'homebrew',
        name,
        version,
        path,
        scope: 'installed',
        installedAt: info.createdAt,
      })
    }
  }
  for (const template of isSystem ? systemGo : homeGo) {
    for (const { path, info } of placesOf(look, reach, account, template, 'file'))
      lookAtGo(look, reach, account, path, info)
  }
  if (account !== null) lookAtCargo(look, reach, account)
}

function placesOf(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  template: string,
  kind: EntryKind = 'folder',
): readonly Expanded[] {
  return expand({
    reach,
    template: account === null ? template : pathOf(template, account.home),
    onGap: (gap) => look.list.add(account?.name ?? null, gap),
    isOver: () => look.context.signal.aborted,
    dotted: false,
  }).filter(({ info }) => info.kind === kind)
}

function lookAtCargo(look: PackageLook, reach: Reach, account: Account): void {
  const path = `${account.home}/.cargo/.crates.toml`
  const crates = reach.parsed(path, maxCratesBytes, parseCargoCrates)
  if (!crates.ok) return look.list.add(account.name, crates.gap)
  for (const { name, version, local } of crates.value) {
    look.add({
      account: account.name,
      manager: 'cargo',
      name,
      version,
      path,
      scope: local ? 'project' : 'installed',
      installedAt: null,
    })
  }
}

/** What the distribution's own manager lists. */
export function lookAtSystemPackages(look: PackageLook, reach: Reach): void {
  const path = '/var/lib/dpkg/status'
  const packages = reach.parsed(path, maxStatusBytes, parseDpkgStatus)
  if (packages.ok) {
    for (const { name, version } of packages.value) {
      look.add({ account: null, manager: 'deb', name, version, path, scope: 'installed', installedAt: null })
    }
  } else look.list.add(null, packages.gap)
  lookAtRpm(look)
}
