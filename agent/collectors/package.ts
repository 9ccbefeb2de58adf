// Packages that are a command line away: where to look, and what was remembered. How each
// manager's packages are told is in package-*.ts.
// Names and versions come from manifests; nothing is asked of a package manager, nothing is started.
import type { Account } from '#shared/observation.ts'
import { within } from '../platform/folders.ts'
import { accountReach, homeReach, ownFolderReach, systemReach } from '../platform/places.ts'
import { rootFileSystems, wslDisks, wslPlaces } from './blind-spots.ts'
import type { Collector, ScanContext } from './collector.ts'
import type { PackageLook } from './package-look.ts'
import { fittingAt, inAnyFolder, packageLook } from './package-look.ts'
import { lookAtRememberedGo } from './package-go.ts'
import { lookAtMacPorts, macPortsRegistry } from './package-macports.ts'
import { lookAtNix } from './package-nix.ts'
import { lookAtDenoCache, lookAtPackage, lookAtPlace, npmPrefixes } from './package-node.ts'
import { lookAtOtherManagers, lookAtSystemPackages } from './package-others.ts'
import type { PythonPlace } from './package-places.ts'
import {
  homeNpmrcs,
  rpmPlaces,
  temporaryPackagePlaces,
  temporaryPackages,
  unpackedPlaces,
} from './package-places.ts'
import { packagePlaces, type PackagePlaces } from './package-places-of.ts'
import { lookAtPythonPlaces, lookAtRememberedPython } from './package-python.ts'
import { manifestIn } from './package-root.ts'
import { homeWindowsPlaces, lookAtWindowsManagers, systemWindowsPlaces } from './package-windows.ts'

const pythonReads: Readonly<Record<PythonPlace['kind'], string>> = {
  project: 'names of the catalogue only',
  cache: 'names of the catalogue only',
  tool: 'names, and which libraries for models it is built with',
  installation: 'names only',
}

/** Of all three systems, without doubles. */
function everywhere<T>(of: (places: PackagePlaces) => readonly T[]): readonly T[] {
  return [...new Set(Object.values(packagePlaces).flatMap(of))]
}

export const packageCollector: Collector<'package'> = {
  kind: 'package',
  repeats: true,
  about: 'Looks at what package managers installed for everybody or for an account, by name and version.',
  reads: [
    ...everywhere(({ systemPackages, homePackages }) => [...systemPackages, ...homePackages]).map(
      (place) => place.template,
    ),
    ...temporaryPackagePlaces.map((place) => place.template),
    ...everywhere(({ denoCaches }) => denoCaches).map((place) => `${place}: names of the catalogue only`),
    ...homeNpmrcs,
    ...everywhere(({ systemNpmrcs }) => systemNpmrcs),
    ...everywhere(({ systemPython, homePython }) => [...systemPython, ...homePython]).map(
      (place) => `${place.template}/*.dist-info: ${pythonReads[place.kind]}`,
    ),
    ...everywhere(({ uvCaches }) => uvCaches).map((place) => `${place}/*: names of the catalogue only`),
    ...unpackedPlaces.map((place) => `${place}: names of the catalogue only`),
    ...everywhere(({ systemBrew, homeBrew }) => [...systemBrew, ...homeBrew]),
    ...everywhere(({ systemNix, homeNix }) => [...systemNix, ...homeNix]).map(
      (place) => `${place}/manifest.{json,nix}`,
    ),
    ...everywhere(({ systemGo, homeGo }) => [...systemGo, ...homeGo]).map(
      (place) => `${place}: the module that a program of Go names`,
    ),
    ...[...systemWindowsPlaces, ...homeWindowsPlaces].map((place) => place.template),
    `${wslPlaces.join(', ')}: whether it is there`,
    '~/.cargo/.crates.toml',
    '/var/lib/dpkg/status',
    '{~,/srv,/srv/chroot,/var/chroot,/var/lib/machines}/*/etc/os-release: whether it is there',
    ...rpmPlaces.map((place) => `${place}/rpmdb.sqlite: names and versions`),
    `${macPortsRegistry}: names and versions`,
  ],
  passing: temporaryFolders,
  collect(context, passing = temporaryFolders(context)) {
    const look = packageLook(context)
    const { host, accounts, memory } = context
    const system = systemReach(host.files)
    const places = packagePlaces[host.os]
    for (const place of places.systemPackages) lookAtPlace(look, system, null, place)
    for (const account of accounts) {
      const home = homeReach(host.files, account)
      for (const place of places.homePackages) lookAtPlace(look, home, account, place)
      const reach = accountReach(host.files, account)
      for (const prefix of npmPrefixes(look, system, home, account)) {
        const place = {
          template: `${prefix}/${places.modulesOfPrefix}`,
          scope: 'installed',
          listed: false,
        } as const
        lookAtPlace(look, reach, account, place)
      }
      if (passing !== '') {
        const temporary = ownFolderReach(host.files, account, '/tmp')
        for (const place of temporaryPackagePlaces) lookAtPlace(look, temporary, account, place)
      }
      lookAtDenoCache(look, home, account)
    }
    for (const account of accounts) lookAtUnpacked(look, account)
    lookAtPythonPlaces(look, system, null)
    for (const account of accounts) lookAtPythonPlaces(look, homeReach(host.files, account), account)
    lookAtNix(look, system, null)
    for (const account of accounts) lookAtNix(look, accountReach(host.files, account), account)
    lookAtOtherManagers(look, system, null)
    for (const account of accounts) lookAtOtherManagers(look, homeReach(host.files, account), account)
    if (host.os === 'linux') lookAtSystemPackages(look, system)
    if (host.os === 'darwin') lookAtMacPorts(look, system)
    if (host.os === 'windows') {
      lookAtWindowsManagers(look, system, null)
      for (const account of accounts) lookAtWindowsManagers(look, homeReach(host.files, account), account)
    }
    for (const account of accounts) {
      for (const root of memory.roots(account.name)) lookAtRemembered(look, account, root)
    }
    const isOver = (): boolean => context.signal.aborted
    for (const account of [null, ...accounts]) {
      for (const spot of rootFileSystems(host, account, isOver)) look.list.add(account?.name ?? null, spot)
    }
    if (host.os === 'windows') {
      for (const account of accounts)
        for (const spot of wslDisks(host, account, isOver)) look.list.add(account.name, spot)
    }
    return { observations: look.observations, gaps: look.list.gaps }
  },
}

/** Names of the folders that bunx made there, or why that cannot be told. */
function temporaryFolders({ host, accounts }: ScanContext): string {
  const listings = accounts.map((account) => ownFolderReach(host.files, account, '/tmp').list('/tmp'))
  return listings
    .flatMap((listing) => {
      if (!listing.ok) return listing.gap === null ? [] : [listing.gap.reason]
      const { entries, gap } = listing.value
      const names = entries.flatMap(({ name }) => (name.startsWith(temporaryPackages) ? [name] : []))
      return gap === null ? names : [gap.reason, ...names]
    })
    .join('\n')
}

/** Archives unpacked by hand. A clone of a tool's source, which is somebody's project, has its history beside it. */
function lookAtUnpacked(look: PackageLook, account: Account): void {
  const reach = homeReach(look.context.host.files, account)
  const wanted = new Set(look.context.wanted.package.map((signal) => signal.name))
  for (const place of unpackedPlaces) {
    for (const { path } of fittingAt(look, reach, account, place, inAnyFolder)) {
      const folder = path.slice(0, path.lastIndexOf('/'))
      const manifest = manifestIn(reach, folder)
      if (!manifest.ok || manifest.value === null) continue
      const { name, commands } = manifest.value
      if (name === null || !wanted.has(name) || commands.length === 0) continue
      if (!reach.stat(`${folder}/.git`).ok) lookAtPackage(look, reach, account.name, folder, 'installed')
    }
  }
}

/**
 * Roots that were seen before, mostly in no usual place: an unpacked archive, a project's own dependency. Those that were found
 * already stay remembered, since the commands that lead to them would have them remembered at each look.
 */
function lookAtRemembered(look: PackageLook, account: Account, root: string): void {
  const reach = accountReach(look.context.host.files, account)
  const info = reach.stat(root)
  const { memory } = look.context
  if (look.visited.some((folder) => within(root, folder))) {
    if (!info.ok && info.gap === null) memory.forgetRoot(account.name, root)
    return
  }
  if (root.endsWith('-info')) {
    if (!lookAtRememberedPython(look, account, root)) memory.forgetRoot(account.name, root)
    return
  }
  if (info.ok && info.value.kind === 'file') {
    if (!lookAtRememberedGo(look, account, root)) memory.forgetRoot(account.name, root)
    return
  }
  const scope = root.includes('/node_modules/') ? 'project' : 'installed'
  const result = lookAtPackage(look, reach, account.name, root, scope)
  if (result === 'missing') memory.forgetRoot(account.name, root)
}
