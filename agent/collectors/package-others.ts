// Packages of managers outside the npm family and Python: Homebrew, Go, cargo, dpkg. From their own lists and folder
// names, and of Go from the programs.
import type { Account } from '#shared/observation.ts'
import { maxCratesBytes, parseCargoCrates } from '../parsers/cargo-crates.ts'
import { maxStatusBytes, parseDpkgStatus } from '../parsers/dpkg-status.ts'
import type { Reach } from '../platform/files.ts'
import { lookAtGo } from './package-go.ts'
import { fittingAt, type PackageLook } from './package-look.ts'
import { lookAtRpm } from './package-rpm.ts'
import { packagePlaces } from './package-places-of.ts'

/** Of one account, or of the system (`account` null). */
export function lookAtOtherManagers(look: PackageLook, ofPlaces: Reach, account: Account | null): void {
  const isSystem = account === null
  const { systemBrew, homeBrew, systemGo, homeGo } = packagePlaces[look.context.host.os]
  for (const template of isSystem ? systemBrew : homeBrew) {
    for (const { path, info } of fittingAt(look, ofPlaces, account, template)) {
      if (info.kind !== 'folder') continue
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
    for (const { path, info, reach } of fittingAt(look, ofPlaces, account, template))
      if (info.kind === 'file') lookAtGo(look, reach, account, path, info)
  }
  if (account !== null) lookAtCargo(look, ofPlaces, account)
}

function lookAtCargo(look: PackageLook, home: Reach, account: Account): void {
  for (const { path, reach } of fittingAt(look, home, account, '~/.cargo/.crates.toml')) {
    const crates = reach.parsed(path, maxCratesBytes, parseCargoCrates)
    if (!crates.ok) {
      look.list.add(account.name, crates.gap)
      continue
    }
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
