// Packages of managers outside the npm family: Python's, Homebrew, cargo, dpkg. From their own lists and folder names.
import type { Account } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { maxCratesBytes, parseCargoCrates } from '../parsers/cargo-crates.ts'
import { maxStatusBytes, parseDpkgStatus } from '../parsers/dpkg-status.ts'
import { normalName, parseDistInfo } from '../parsers/python-packages.ts'
import type { Reach } from '../platform/files.ts'
import type { Expanded } from './expand.ts'
import { expand } from './expand.ts'
import type { PackageLook } from './package-look.ts'
import type { PythonPlace } from './package-places.ts'
import {
  homeBrewPlaces,
  homePythonPlaces,
  rpmPlaces,
  systemBrewPlaces,
  systemPythonPlaces,
} from './package-places.ts'

/** Of one account, or of the system (`account` null). */
export function lookAtOtherManagers(look: PackageLook, reach: Reach, account: Account | null): void {
  const isSystem = account === null
  for (const place of isSystem ? systemPythonPlaces : homePythonPlaces) {
    for (const folder of foldersOf(look, reach, account, place.template))
      lookAtPython(look, reach, account, folder, place)
  }
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

function lookAtPython(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  folder: Expanded,
  place: PythonPlace,
): void {
  const who = account?.name ?? null
  const listing = reach.list(folder.path)
  if (!listing.ok) return look.list.add(who, listing.gap)
  look.list.add(who, listing.value.gap)
  // …/tools/aider-chat/lib/python3.12/site-packages
  const tool = place.tool ? normalName(folder.path.split('/').at(-4) ?? '') : null
  for (const entry of listing.value.entries) {
    const found = entry.name.endsWith('-info') ? parseDistInfo(entry.name) : null
    if (found === null || (tool !== null && found.name !== tool)) continue
    const path = `${folder.path}/${entry.name}`
    const info = reach.stat(path)
    const installedAt = info.ok ? info.value.createdAt : null
    // PEP 610: it came from no index, but from a folder or an address that somebody gave.
    const scope = reach.stat(`${path}/direct_url.json`).ok ? 'project' : 'installed'
    look.add({ account: who, manager: 'pypi', ...found, path, scope, installedAt })
  }
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
