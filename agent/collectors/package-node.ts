// Packages of the npm family: what lies in a `node_modules` of a manager's, by each package's own manifest.
import type { Account, PackageObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { agentDependenciesIn } from './agent-dependencies.ts'
import { prefixOfNpmrc } from '../parsers/npmrc.ts'
import type { Reach } from '../platform/files.ts'
import { fittingAt, type PackageLook } from './package-look.ts'
import type { PackagePlace } from './package-places.ts'
import { homeNpmrcs } from './package-places.ts'
import { packagePlaces } from './package-places-of.ts'
import { manifestIn } from './package-root.ts'

const maxNpmrcBytes = 64 * 1024

/** Where npm puts global packages for an account, as its own files and the system's say. */
export function npmPrefixes(
  look: PackageLook,
  system: Reach,
  home: Reach,
  account: Account,
): readonly string[] {
  const prefixes = new Set<string>()
  const note = (reach: Reach, path: string): void => {
    const text = reach.parsed(path, maxNpmrcBytes, decode)
    if (!text.ok) return look.list.add(account.name, text.gap)
    const prefix = prefixOfNpmrc(text.value, account.home)
    if (prefix !== null) prefixes.add(prefix)
  }
  for (const path of packagePlaces[look.context.host.os].systemNpmrcs) note(system, path)
  for (const place of homeNpmrcs) note(home, pathOf(place, account.home))
  return [...prefixes]
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** What Deno fetched for a run, the catalogue's names alone: it keeps everything that anything depends on. */
export function lookAtDenoCache(look: PackageLook, home: Reach, account: Account): void {
  const wanted = look.context.wanted.package.filter(({ manager }) => manager === 'npm')
  const names = new Set(wanted.map((signal) => signal.name))
  const { denoCaches } = packagePlaces[look.context.host.os]
  const caches = denoCaches.flatMap((place) => fittingAt(look, home, account, place))
  for (const { path: cache, reach } of caches) {
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

export function lookAtPlace(
  look: PackageLook,
  ofPlace: Reach,
  account: Account | null,
  place: PackagePlace,
): void {
  const who = account?.name ?? null
  const template = place.template.replace('{uid}', account?.uid ?? '')
  for (const { reach, ...folder } of fittingAt(look, ofPlace, account, template)) {
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
      look.list.add(who, scope.ok ? scope.value.gap : scope.gap)
      for (const inner of scope.ok ? scope.value.entries : []) {
        if (!inner.name.startsWith('.')) names.push(`${name}/${inner.name}`)
      }
    }
  }
  return names
}

/** A name that cannot lead anywhere else: manifests of users are not trusted with paths. */
function isPackageName(name: string): boolean {
  return /^(?:@[^/\0]+\/)?[^/\0@.][^/\0]*$/.test(name) && !name.startsWith('@.')
}

export function lookAtPackage(
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
  const { name, version, commands, dependencies } = manifest.value
  if (name === null) return 'missing'
  look.counted.add(folder.value.identity)
  look.add({
    ...agentDependenciesIn('npm', commands.length > 0 ? dependencies : []),
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
