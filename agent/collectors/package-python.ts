// Distributions of Python: of installations by the names of their metadata folders, of environments for projects only
// what the catalogue wants, and what uv fetched for a run. No file of a distribution is opened but METADATA, of a tool with an
// environment of its own, for what it is built with.
import type { Account, PackageObservation } from '#shared/observation.ts'
import { maxRequirementBytes, parseRequirements } from '../parsers/python-requirements.ts'
import { normalName, parseDistInfo } from '../parsers/python-packages.ts'
import type { Entry, Reach } from '../platform/files.ts'
import { accountReach } from '../platform/places.ts'
import { agentDependenciesIn } from './agent-dependencies.ts'
import { fittingAt, inAnyFolder, type PackageLook } from './package-look.ts'
import type { PythonPlace } from './package-places.ts'
import { packagePlaces } from './package-places-of.ts'

/** Of one account, or of the system (`account` null). */
export function lookAtPythonPlaces(look: PackageLook, ofPlaces: Reach, account: Account | null): void {
  const wanted = wantedNames(look)
  const { systemPython, homePython } = packagePlaces[look.context.host.os]
  for (const place of account === null ? systemPython : homePython) {
    const told = place.kind === 'project' ? inAnyFolder : undefined
    for (const { path, info, reach } of fittingAt(look, ofPlaces, account, place.template, told)) {
      if (info.kind === 'folder') lookThrough(look, reach, account, path, place, wanted)
    }
  }
  if (account !== null) lookAtUvCache(look, ofPlaces, account, wanted)
}

function wantedNames(look: PackageLook): ReadonlySet<string> {
  const python = look.context.wanted.package.filter(({ manager }) => manager === 'pypi')
  return new Set(python.map(({ name }) => name))
}

function lookThrough(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  folder: string,
  place: PythonPlace,
  wanted: ReadonlySet<string>,
): void {
  const who = account?.name ?? null
  const listing = reach.list(folder)
  if (!listing.ok) return look.list.add(who, listing.gap)
  look.list.add(who, listing.value.gap)
  // The place of one environment may be among those of another kind, and of several names.
  if (look.visited.includes(listing.value.real)) return
  look.visited.push(listing.value.real)
  // …/tools/aider-chat/lib/python3.12/site-packages, and on Windows …/tools/aider-chat/Lib/site-packages
  const depth = look.context.host.os === 'windows' ? -3 : -4
  const distributions = distributionsIn(reach, folder, listing.value.entries)
  const tool = place.kind === 'tool' ? toolAmong(distributions, folder.split('/').at(depth) ?? '') : null
  const isOfOthers = place.kind === 'project' || place.kind === 'cache'
  for (const distribution of distributions) {
    const { name, path } = distribution
    if (tool !== null && name !== tool) continue
    if (isOfOthers && !wanted.has(name)) continue
    // An environment of its own is made for what brings a command: of nothing else is it asked what it is built with.
    const built = tool === null ? {} : builtWith(reach, path)
    addDistribution(look, who, distribution, isOfOthers ? place.kind : 'installed', built)
  }
}

/** The tool that an environment was made for: its folder has the tool's name, with `pipx install --suffix` and more after it. */
function toolAmong(distributions: readonly Distribution[], folder: string): string {
  const whole = normalName(folder)
  const fitting = distributions.map(({ name }) => name).filter((name) => whole.startsWith(name))
  return fitting.toSorted((one, other) => other.length - one.length)[0] ?? whole
}

interface Distribution {
  readonly name: string
  readonly version: string
  /** Its metadata folder. */
  readonly path: string
  readonly installedAt: number | null
  /** PEP 610: it came from no index, but from a folder or an address that somebody gave. */
  readonly isLocal: boolean
}

const known = new WeakMap<readonly Entry[], readonly Distribution[]>()

/**
 * The distributions of a folder. An installer makes a metadata folder anew for each version, so that an unchanged listing, which
 * is the same array, holds the same ones.
 */
function distributionsIn(reach: Reach, folder: string, entries: readonly Entry[]): readonly Distribution[] {
  const before = known.get(entries)
  // Under another name of the folder they have other paths.
  const isSameFolder = before?.[0]?.path.startsWith(`${folder}/`) ?? true
  if (before !== undefined && isSameFolder) return before
  const made = entries.flatMap(({ name }) =>
    name.endsWith('-info') ? (distributionAt(reach, `${folder}/${name}`) ?? []) : [],
  )
  known.set(entries, made)
  return made
}

function distributionAt(reach: Reach, path: string): Distribution | null {
  const found = parseDistInfo(path.slice(path.lastIndexOf('/') + 1))
  if (found === null) return null
  const info = reach.stat(path)
  const isLocal = reach.stat(`${path}/direct_url.json`).ok
  return { ...found, path, installedAt: info.ok ? info.value.createdAt : null, isLocal }
}

function addDistribution(
  look: PackageLook,
  who: string | null,
  { name, version, path, installedAt, isLocal }: Distribution,
  usual: PackageObservation['scope'],
  built: Pick<PackageObservation, 'dependsOn'> = {},
): void {
  const scope = isLocal ? 'project' : usual
  look.add({ account: who, manager: 'pypi', name, version, path, scope, installedAt, ...built })
}

/** Whatever cannot be read is no gap: nothing of the catalogue hides in it. */
function builtWith(reach: Reach, path: string): Pick<PackageObservation, 'dependsOn'> {
  const required = reach.peeked(`${path}/METADATA`, maxRequirementBytes, parseRequirements)
  return agentDependenciesIn('pypi', required.ok ? required.value : [])
}

/**
 * A distribution that was seen running, by its metadata folder; of a later version the folder has another name. False when it
 * is gone.
 */
export function lookAtRememberedPython(look: PackageLook, account: Account, root: string): boolean {
  const reach = accountReach(look.context.host.files, account)
  const slash = root.lastIndexOf('/')
  const before = parseDistInfo(root.slice(slash + 1))
  const listing = reach.list(root.slice(0, slash))
  if (!listing.ok) {
    look.list.add(account.name, listing.gap)
    return listing.gap !== null
  }
  const now = listing.value.entries.find(({ name }) => parseDistInfo(name)?.name === before?.name)
  if (before === null || now === undefined) return false
  const distribution = distributionAt(reach, `${listing.value.real}/${now.name}`)
  if (distribution !== null) addDistribution(look, account.name, distribution, 'project')
  return true
}

/** uv keeps what it fetched in a folder per name; `uvx` runs from there. Only the catalogue's names are looked for. */
function lookAtUvCache(look: PackageLook, home: Reach, account: Account, wanted: ReadonlySet<string>): void {
  if (wanted.size === 0) return
  const { uvCaches } = packagePlaces[look.context.host.os]
  for (const { path: cache, reach } of uvCaches.flatMap((place) => fittingAt(look, home, account, place))) {
    for (const name of wanted) {
      const path = `${cache}/${normalName(name)}`
      const listing = reach.list(path)
      if (!listing.ok) {
        look.list.add(account.name, listing.gap)
        continue
      }
      // `0.86.1-py3-none-any`, and beside it `0.86.1-py3-none-any.http`; older ones have the whole file's name.
      const versions = listing.value.entries.flatMap((entry) => {
        const version = /^(?:[\w.]+-)?(\d[\w.!+]*)-[\w.]+-[\w.]+-[\w.]+$/.exec(entry.name)?.[1]
        return version === undefined ? [] : [version]
      })
      for (const version of new Set(versions)) {
        look.add({
          account: account.name,
          manager: 'pypi',
          name,
          version,
          path,
          scope: 'cache',
          installedAt: null,
        })
      }
    }
  }
}
