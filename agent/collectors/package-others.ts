// Packages of managers outside the npm family and Python: Homebrew, cargo, dpkg. From their own lists and folder names.
import type { Account } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { maxCratesBytes, parseCargoCrates } from '../parsers/cargo-crates.ts'
import { maxStatusBytes, parseDpkgStatus } from '../parsers/dpkg-status.ts'
import type { Reach } from '../platform/files.ts'
import type { Expanded } from './expand.ts'
import { expand } from './expand.ts'
import type { PackageLook } from './package-look.ts'
import { homeBrewPlaces, rpmPlaces, systemBrewPlaces } from './package-places.ts'

/** Of one account, or of the system (`account` null). */
export function lookAtOtherManagers(look: PackageLook, reach: Reach, account: Account | null): void {
  const isSystem = account === null
  for (const template of isSystem ? systemBrewPlaces : homeBrewPlaces) {
    for (const { path, info } of foldersOf(look, reach, account, template)) {
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
  if (account !== null) lookAtCargo(look, reach, account)
}

function foldersOf(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  template: string,
): readonly Expanded[] {
  return expand({
    reach,
    template: account === null ? template : pathOf(template, account.home),
    onGap: (gap) => look.list.add(account?.name ?? null, gap),
    isOver: () => look.context.signal.aborted,
    dotted: false,
  }).filter(({ info }) => info.kind === 'folder')
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
  const rpm = rpmPlaces.find(
    (place) => look.context.host.files.reach({ roots: [{ path: place, owners: null }] }).stat(place).ok,
  )
  if (rpm !== undefined) look.list.add(null, { reason: 'unsupported', path: rpm, detail: 'rpm-database' })
}
