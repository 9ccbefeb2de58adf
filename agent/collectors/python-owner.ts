// Which Python distribution a script or a module's file belongs to, by what the distributions of its environment record.
// An environment is read once and again when its folder changes. Names no tool.
import type { PackageRef } from '#shared/observation.ts'
import {
  maxRecordBytes,
  moduleOf,
  parseDistInfo,
  maxEntryPointsBytes,
  parseEntryPoints,
  parsePythonRecord,
  parseTopLevel,
} from '../parsers/python-packages.ts'
import type { Entry, Obstacle, Reach } from '../platform/files.ts'

interface Environment {
  readonly scripts: ReadonlyMap<string, PackageRef>
  /** Null where several distributions share a top-level package. */
  readonly modules: ReadonlyMap<string, PackageRef | null>
  /** Why one of them could not be read. */
  readonly gap: Obstacle | null
}

interface PythonOwner {
  readonly package: PackageRef | null
  readonly gap: Obstacle | null
}

const none: PythonOwner = { package: null, gap: null }
const maxDistributions = 3_000

/** A listing is the same array as long as the folder is unchanged. */
const environments = new WeakMap<readonly Entry[], Environment>()
/** Package folders by prefix; a reach lives as long as one look. */
const prefixes = new WeakMap<Reach, Map<string, readonly string[]>>()

/** `file`, a real path, is `<prefix>/bin/x` beside `<prefix>/lib/python3*`, or lies in such a folder of packages itself. */
export function pythonOwner(reach: Reach, file: string): PythonOwner {
  const inside = /^(.*\/(?:site|dist)-packages)\/([^/]+)/.exec(file)
  if (inside?.[1] !== undefined && inside[2] !== undefined) {
    const module = moduleOf(inside[2])
    const environment = module === null ? null : environmentAt(reach, inside[1])
    if (environment === null || module === null) return none
    const own = environment.modules.get(module) ?? null
    return { package: own, gap: own === null ? environment.gap : null }
  }
  const [, prefix, script] = /^(.+)\/bin\/([^/]+)$/.exec(file) ?? []
  if (prefix === undefined || script === undefined) return none
  let gap: Obstacle | null = null
  for (const folder of packageFolders(reach, prefix)) {
    const environment = environmentAt(reach, folder)
    const own = environment?.scripts.get(script)
    if (own !== undefined) return { package: own, gap: null }
    gap ??= environment?.gap ?? null
  }
  return { package: null, gap }
}

/** Folders of packages of an installation or environment of Python: `<prefix>/lib/python3.12/site-packages`. */
export function packageFolders(reach: Reach, prefix: string): readonly string[] {
  let known = prefixes.get(reach)
  if (known === undefined) prefixes.set(reach, (known = new Map()))
  const before = known.get(prefix)
  if (before !== undefined) return before
  const lib = reach.list(`${prefix}/lib`)
  const versions = lib.ok ? lib.value.entries.filter(({ name }) => /^python3(?:\.\d+t?)?$/.test(name)) : []
  const folders = versions
    .flatMap(({ name }) => [`${prefix}/lib/${name}/site-packages`, `${prefix}/lib/${name}/dist-packages`])
    .filter((folder) => reach.stat(folder).ok)
  known.set(prefix, folders)
  return folders
}

function environmentAt(reach: Reach, folder: string): Environment | null {
  const listing = reach.list(folder)
  if (!listing.ok) {
    return listing.gap === null ? null : { scripts: new Map(), modules: new Map(), gap: listing.gap }
  }
  const { entries } = listing.value
  const known = environments.get(entries)
  if (known !== undefined) return known
  const made = read(reach, listing.value.real, entries, listing.value.gap)
  environments.set(entries, made)
  return made
}

function read(
  reach: Reach,
  folder: string,
  entries: readonly Entry[],
  listingGap: Obstacle | null,
): Environment {
  const scripts = new Map<string, PackageRef>()
  const modules = new Map<string, PackageRef | null>()
  let gap = listingGap
  let count = 0
  for (const { name } of entries) {
    const distribution = name.endsWith('-info') ? parseDistInfo(name) : null
    if (distribution === null) continue
    if ((count += 1) > maxDistributions) {
      gap ??= { reason: 'too-many', path: folder, detail: `more than ${maxDistributions}` }
      break
    }
    const root = `${folder}/${name}`
    const own: PackageRef = { manager: 'pypi', ...distribution, root }
    const files = filesOf(reach, root)
    gap ??= files.gap
    for (const script of files.scripts) scripts.set(script, own)
    for (const module of files.modules) modules.set(module, modules.has(module) ? null : own)
  }
  return { scripts, modules, gap }
}

interface Files {
  readonly scripts: readonly string[]
  readonly modules: readonly string[]
  readonly gap: Obstacle | null
}

/** Its RECORD; what setuptools alone installed has none. */
function filesOf(reach: Reach, root: string): Files {
  const record = reach.parsed(`${root}/RECORD`, maxRecordBytes, parsePythonRecord)
  if (record.ok) return { ...record.value, gap: null }
  if (record.gap !== null) return { scripts: [], modules: [], gap: record.gap }
  const scripts = reach.parsed(`${root}/entry_points.txt`, maxEntryPointsBytes, parseEntryPoints)
  const modules = reach.parsed(`${root}/top_level.txt`, maxRecordBytes, parseTopLevel)
  return {
    scripts: scripts.ok ? scripts.value : [],
    modules: modules.ok ? modules.value : [],
    gap: (scripts.ok ? null : scripts.gap) ?? (modules.ok ? null : modules.gap),
  }
}
