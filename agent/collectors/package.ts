// Packages that are a command line away: what npm and its kin installed globally or keep for npx; Python is in
// package-python.ts, the other managers are in package-others.ts.
// Names and versions come from manifests; nothing is asked of a package manager, nothing is started.
import type { Account, PackageObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { prefixOfNpmrc } from '../parsers/npmrc.ts'
import type { Reach } from '../platform/files.ts'
import { within } from '../platform/folders.ts'
import { accountReach, homeReach, ownFolderReach, systemReach } from '../platform/places.ts'
import { rootFileSystems } from './blind-spots.ts'
import type { Collector } from './collector.ts'
import { expand } from './expand.ts'
import type { PackagePlace } from './package-places.ts'
import type { PackageLook } from './package-look.ts'
import { inAnyFolder, packageLook } from './package-look.ts'
import { lookAtRememberedGo } from './package-go.ts'
import { lookAtNix } from './package-nix.ts'
import { lookAtOtherManagers, lookAtSystemPackages } from './package-others.ts'
import {
  denoCachePlace,
  homeBrewPlaces,
  homeGoPlaces,
  homeNixPlaces,
  homeNpmrcs,
  homePackagePlaces,
  homePythonPlaces,
  rpmPlaces,
  systemBrewPlaces,
  systemGoPlaces,
  systemNixPlaces,
  systemNpmrcs,
  systemPackagePlaces,
  temporaryPackagePlaces,
  systemPythonPlaces,
  unpackedPlaces,
  uvCachePlace,
} from './package-places.ts'
import { lookAtPythonPlaces, lookAtRememberedPython } from './package-python.ts'
import { manifestIn } from './package-root.ts'

const maxNpmrcBytes = 64 * 1024

export const packageCollector: Collector<'package'> = {
  kind: 'package',
  about: 'Looks at what package managers installed for everybody or for an account, by name and version.',
  reads: [
    ...systemPackagePlaces.map((place) => place.template),
    ...homePackagePlaces.map((place) => place.template),
    ...temporaryPackagePlaces.map((place) => place.template),
    `${denoCachePlace}: names of the catalogue only`,
    ...homeNpmrcs,
    ...systemNpmrcs,
    ...[...systemPythonPlaces, ...homePythonPlaces].map(
      (place) =>
        `${place.template}/*.dist-info: ${place.kind === 'project' ? 'names of the catalogue only' : 'names only'}`,
    ),
    `${uvCachePlace}/*: names of the catalogue only`,
    ...unpackedPlaces.map((place) => `${place}: names of the catalogue only`),
    ...systemBrewPlaces,
    ...homeBrewPlaces,
    ...[...systemNixPlaces, ...homeNixPlaces].map((place) => `${place}/manifest.{json,nix}`),
    ...[...systemGoPlaces, ...homeGoPlaces].map((place) => `${place}: the module that a program of Go names`),
    '~/.cargo/.crates.toml',
    '/var/lib/dpkg/status',
    '{~,/srv,/srv/chroot,/var/chroot,/var/lib/machines}/*/etc/os-release: whether it is there',
    ...rpmPlaces.map((place) => `${place}/rpmdb.sqlite: names and versions`),
  ],
  collect(context) {
    const look = packageLook(context)
    const { host, accounts, memory } = context
    const system = systemReach(host.files)
    for (const place of systemPackagePlaces) lookAtPlace(look, system, null, place)
    for (const account of accounts) {
      const home = homeReach(host.files, account)
      for (const place of homePackagePlaces) lookAtPlace(look, home, account, place)
      const reach = accountReach(host.files, account)
      for (const prefix of npmPrefixes(look, system, home, account)) {
        const place = { template: `${prefix}/lib/node_modules`, scope: 'installed', listed: false } as const
        lookAtPlace(look, reach, account, place)
      }
      const temporary = ownFolderReach(host.files, account, '/tmp')
      for (const place of temporaryPackagePlaces) lookAtPlace(look, temporary, account, place)
      lookAtDenoCache(look, home, account)
    }
    for (const account of accounts) lookAtUnpacked(look, account)
    lookAtPythonPlaces(look, system, null)
    for (const account of accounts) lookAtPythonPlaces(look, homeReach(host.files, account), account)
    lookAtNix(look, system, null)
    for (const account of accounts) lookAtNix(look, accountReach(host.files, account), account)
    lookAtOtherManagers(look, system, null)
    for (const account of accounts) lookAtOtherManagers(look, homeReach(host.files, account), account)
    lookAtSystemPackages(look, system)
    for (const account of accounts) {
      for (const root of memory.roots(account.name)) lookAtRemembered(look, account, root)
    }
    const isOver = (): boolean => context.signal.aborted
    for (const account of [null, ...accounts]) {
      for (const spot of rootFileSystems(host, account, isOver)) look.list.add(account?.name ?? null, spot)
    }
    return { observations: look.observations, gaps: look.list.gaps }
  },
}

/** Where npm puts global packages for an account, as its own files and the system's say. */
function npmPrefixes(look: PackageLook, system: Reach, home: Reach, account: Account): readonly string[] {
  const prefixes = new Set<string>()
  const note = (reach: Reach, path: string): void => {
    const text = reach.parsed(path, maxNpmrcBytes, decode)
    if (!text.ok) return look.list.add(account.name, text.gap)
    const prefix = prefixOfNpmrc(text.value, account.home)
    if (prefix !== null) prefixes.add(prefix)
  }
  for (const path of systemNpmrcs) note(system, path)
  for (const place of homeNpmrcs) note(home, pathOf(place, account.home))
  return [...prefixes]
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** What Deno fetched for a run, the catalogue's names alone: it keeps everything that anything depends on. */
function lookAtDenoCache(look: PackageLook, reach: Reach, account: Account): void {
  const wanted = look.context.wanted.package.filter(({ manager }) => manager === 'npm')
  const names = new Set(wanted.map((signal) => signal.name))
  const caches = expand({
    reach,
    template: pathOf(denoCachePlace, account.home),
    onGap: (gap) => look.list.add(account.name, gap),
    isOver: () => look.context.signal.aborted,
    dotted: false,
  })
  for (const { path: cache } of caches) {
    for (const name of names) {
      const versions = reach.list(`${cache}/${name}`)
      if (!versions.ok) {
        look.list.add(account.name, versions.gap)
        continue
      }
      for (const { name: version, kind } of versions.value.entries) {
        if (kind === 'folder')
          lookAtPackage(look, reach, account.name, `${cache}/${name}/${version}`, 'cache')
      }
    }
  }
}

function lookAtPlace(look: PackageLook, reach: Reach, account: Account | null, place: PackagePlace): void {
  const who = account?.name ?? null
  const folders = expand({
    reach,
    template:
      account === null ? place.template : pathOf(place.template.replace('{uid}', account.uid), account.home),
    onGap: (gap) => look.list.add(who, gap),
    isOver: () => look.context.signal.aborted,
    dotted: false,
  })
  for (const folder of folders) {
    if (look.context.signal.aborted)
      return look.list.add(who, { reason: 'over-budget', path: folder.path, detail: null })
    if (folder.info.kind !== 'folder') continue
    look.visited.push(folder.info.real)
    lookAtModules(look, reach, who, folder.path, place)
  }
}

/** Every package directly in a `node_modules`, scoped ones included. */
function lookAtModules(
  look: PackageLook,
  reach: Reach,
  who: string | null,
  folder: string,
  place: PackagePlace,
): void {
  for (const name of namesIn(look, reach, who, folder, place.listed)) {
    lookAtPackage(look, reach, who, `${folder}/${name}`, place.scope)
  }
}

function namesIn(
  look: PackageLook,
  reach: Reach,
  who: string | null,
  folder: string,
  listed: boolean,
): readonly string[] {
  if (listed) {
    const manifest = manifestIn(reach, folder.slice(0, folder.lastIndexOf('/')))
    if (manifest.ok && manifest.value !== null) return manifest.value.dependencies.filter(isPackageName)
    if (!manifest.ok) look.list.add(who, manifest.gap)
  }
  const listing = reach.list(folder)
  if (!listing.ok) {
    look.list.add(who, listing.gap)
    return []
  }
  look.list.add(who, listing.value.gap)
  const names: string[] = []
  for (const { name, kind } of listing.value.entries) {
    if (name.startsWith('.') || (kind !== 'folder' && kind !== 'link')) continue
    if (!name.startsWith('@')) names.push(name)
    else {
      const scope = reach.list(`${folder}/${name}`)
      if (!scope.ok) look.list.add(who, scope.gap)
      else
        for (const inner of scope.value.entries)
          if (!inner.name.startsWith('.')) names.push(`${name}/${inner.name}`)
    }
  }
  return names
}

/** A name that cannot lead anywhere else: manifests of users are not trusted with paths. */
function isPackageName(name: string): boolean {
  return /^(?:@[^/\0]+\/)?[^/\0@.][^/\0]*$/.test(name) && !name.startsWith('@.')
}

function lookAtPackage(
  look: PackageLook,
  reach: Reach,
  who: string | null,
  path: string,
  scope: PackageObservation['scope'],
): 'missing' | 'known' | 'seen' {
  const folder = reach.stat(path)
  if (!folder.ok) {
    look.list.add(who, folder.gap)
    return folder.gap === null ? 'missing' : 'seen'
  }
  if (folder.value.kind !== 'folder') return 'missing'
  if (look.counted.has(folder.value.identity)) return 'known'
  const manifest = manifestIn(reach, folder.value.real)
  if (!manifest.ok) {
    look.list.add(who, manifest.gap)
    return manifest.gap === null ? 'missing' : 'seen'
  }
  if (manifest.value === null) {
    look.list.add(who, { reason: 'unparsable', path: `${folder.value.real}/package.json`, detail: null })
    return 'seen'
  }
  const { name, version } = manifest.value
  if (name === null) return 'missing'
  look.counted.add(folder.value.identity)
  look.add({
    account: who,
    manager: 'npm',
    name,
    version,
    path: folder.value.real,
    // `npm link` puts a project of somebody's among what is installed.
    scope:
      path.includes('/node_modules/') && !folder.value.real.includes('/node_modules/') ? 'project' : scope,
    installedAt: folder.value.createdAt,
  })
  return 'seen'
}

/** Archives unpacked by hand. A clone of a tool's source, which is somebody's project, has its history beside it. */
function lookAtUnpacked(look: PackageLook, account: Account): void {
  const reach = homeReach(look.context.host.files, account)
  const wanted = new Set(look.context.wanted.package.map((signal) => signal.name))
  for (const place of unpackedPlaces) {
    const manifests = expand({
      reach,
      template: pathOf(place, account.home),
      onGap: (gap) => look.list.add(account.name, inAnyFolder(gap)),
      isOver: () => look.context.signal.aborted,
      dotted: false,
    })
    for (const { path } of manifests) {
      const folder = path.slice(0, path.lastIndexOf('/'))
      const manifest = manifestIn(reach, folder)
      if (!manifest.ok || manifest.value === null) continue
      const { name, commands } = manifest.value
      if (name === null || !wanted.has(name) || commands.length === 0) continue
      if (!reach.stat(`${folder}/.git`).ok) lookAtPackage(look, reach, account.name, folder, 'installed')
    }
  }
}

/** Roots seen before in no usual place: an unpacked archive, a project's own dependency. */
function lookAtRemembered(look: PackageLook, account: Account, root: string): void {
  if (look.visited.some((folder) => within(root, folder))) {
    look.context.memory.forgetRoot(account.name, root)
    return
  }
  if (root.endsWith('-info')) {
    if (!lookAtRememberedPython(look, account, root)) look.context.memory.forgetRoot(account.name, root)
    return
  }
  const reach = accountReach(look.context.host.files, account)
  const info = reach.stat(root)
  if (info.ok && info.value.kind === 'file') {
    if (!lookAtRememberedGo(look, account, root)) look.context.memory.forgetRoot(account.name, root)
    return
  }
  const scope = root.includes('/node_modules/') ? 'project' : 'installed'
  const result = lookAtPackage(look, reach, account.name, root, scope)
  if (result !== 'seen') look.context.memory.forgetRoot(account.name, root)
}
