// Which package a file belongs to: proven by the manifest in the package's own root folder. Names no tool.
import type { PackageRef } from '#shared/observation.ts'
import { parseStorePath } from '../parsers/nix-profile.ts'
import type { PackageManifest } from '../parsers/package-manifest.ts'
import { maxManifestBytes, parsePackageManifest } from '../parsers/package-manifest.ts'
import { normalName, parseDistInfo } from '../parsers/python-packages.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import { cargoOwner } from './cargo-owner.ts'
import { goOwner } from './go-owner.ts'
import { pythonOwner } from './python-owner.ts'

export interface OwnPackage {
  readonly package: PackageRef | null
  /** Why it could not be told, where a manifest was there and could not be read. */
  readonly gap: Obstacle | null
}

/** Deeper below its package's root lies no program of anybody's. */
const maxLevels = 24
const none: OwnPackage = { package: null, gap: null }
/** Answers of this look; a reach lives as long as one. */
const answers = new WeakMap<Reach, Map<string, OwnPackage>>()

/**
 * The nearest folder upward whose package.json has a name and lies in a `node_modules`, or has a name and a command.
 * Manifests inside a package that only say `{"type":"module"}` are passed over. `file` is a real path.
 */
export function packageOf(reach: Reach, file: string): OwnPackage {
  let known = answers.get(reach)
  if (known === undefined) answers.set(reach, (known = new Map()))
  const own = upward(reach, known, parentOf(file), maxLevels)
  if (own.package !== null) return own
  const brew = brewOf(file)
  if (brew !== null) return { package: brew, gap: null }
  const deno = denoOwner(reach, file)
  if (deno !== null) return { package: deno, gap: null }
  const python = pythonOwner(reach, file)
  const other =
    python.package ??
    pythonToolOf(reach, file) ??
    cargoOwner(reach, file) ??
    nixOwner(file) ??
    goOwner(reach, file)
  return other === null ? { package: null, gap: own.gap ?? python.gap } : { package: other, gap: null }
}

/** `…/Cellar/name/1.2.3/…` and `…/Caskroom/name/1.2.3/…`: Homebrew's own layout, in its own prefixes. */
function brewOf(file: string): PackageRef | null {
  const match =
    /^((?:.*\/\.linuxbrew|\/opt\/homebrew|\/usr\/local)\/(Cellar|Caskroom)\/([^/]+)\/([^/]+))\//.exec(file)
  const [, root, kind, name, version] = match ?? []
  if (root === undefined || name === undefined || version === undefined) return null
  return { manager: kind === 'Caskroom' ? 'homebrew-cask' : 'homebrew', name, version, root }
}

/** A command that `deno install --global` made: what it runs lies in a dotted folder of the command's name beside it. */
function denoOwner(reach: Reach, file: string): PackageRef | null {
  const [, folder, command] = /^(.*\/\.deno\/bin)\/([^/.][^/]*)$/.exec(file) ?? []
  if (folder === undefined || command === undefined) return null
  const own = `${folder}/.${command}`
  const manifest = manifestIn(reach, own)
  const [name] = manifest.ok ? (manifest.value?.dependencies ?? []) : []
  const info = name === undefined || name.includes('..') ? null : reach.stat(`${own}/node_modules/${name}`)
  return info?.ok === true ? packageAt(reach, info.value.real).package : null
}

/** `/nix/store/<hash>-name-1.2.3/…`. */
function nixOwner(file: string): PackageRef | null {
  const stored = parseStorePath(file)
  const root = file.split('/').slice(0, 4).join('/')
  return stored === null ? null : { manager: 'nix', ...stored, root }
}

/** Commands of an environment that uv or pipx made for one tool, which its folder is named after. */
function pythonToolOf(reach: Reach, file: string): PackageRef | null {
  const match = /^(.*\/(?:uv\/tools|pipx\/venvs)\/([^/]+))\/bin\/[^/]+$/.exec(file)
  const [, root, folder] = match ?? []
  if (root === undefined || folder === undefined) return null
  const lib = reach.list(`${root}/lib`)
  if (!lib.ok) return null
  for (const { name: version } of lib.value.entries) {
    const packages = version.startsWith('python3') ? reach.list(`${root}/lib/${version}/site-packages`) : null
    if (packages?.ok !== true) continue
    for (const entry of packages.value.entries) {
      const found = parseDistInfo(entry.name)
      if (found?.name === normalName(folder)) return { manager: 'pypi', ...found, root }
    }
  }
  return null
}

function upward(reach: Reach, known: Map<string, OwnPackage>, folder: string, levels: number): OwnPackage {
  if (folder === '' || levels === 0 || folder.endsWith('/node_modules')) return none
  const before = known.get(folder)
  if (before !== undefined) return before
  const here = packageAt(reach, folder)
  const answer =
    here.package !== null || here.gap !== null ? here : upward(reach, known, parentOf(folder), levels - 1)
  known.set(folder, answer)
  return answer
}

/** The package whose root a folder is, if it is one. */
export function packageAt(reach: Reach, folder: string): OwnPackage {
  const manifest = manifestIn(reach, folder)
  if (!manifest.ok) {
    const { gap } = manifest
    // Above the home or the system's place there is no package to look for; a link that leads out is a gap.
    const isAbove = gap?.reason === 'outside-home' && gap.path === `${folder}/package.json`
    return { package: null, gap: isAbove ? null : gap }
  }
  if (manifest.value === null) {
    return { package: null, gap: { reason: 'unparsable', path: `${folder}/package.json`, detail: null } }
  }
  const { name, version, commands } = manifest.value
  if (name === null || !(isModuleFolder(folder) || commands.length > 0)) return none
  return { package: { manager: 'npm', name, version, root: folder }, gap: null }
}

/**
 * The root to remember for a package: of a part that another package brought along (a platform's program), that other
 * one's, because it is what was installed.
 */
export function installedRoot(reach: Reach, own: PackageRef): string {
  const cut = own.root.lastIndexOf('/node_modules/')
  if (own.manager !== 'npm' || cut < 1) return own.root
  const outer = own.root.slice(0, cut)
  if (packageAt(reach, outer).package === null) return own.root
  const manifest = manifestIn(reach, outer)
  const part = own.root.slice(cut + '/node_modules/'.length)
  return manifest.ok && manifest.value?.dependencies.includes(part) === true ? outer : own.root
}

export function manifestIn(reach: Reach, folder: string) {
  return reach.parsed<PackageManifest | null>(
    `${folder}/package.json`,
    maxManifestBytes,
    parsePackageManifest,
  )
}

/** `…/node_modules/name` or `…/node_modules/@scope/name`. */
export function isModuleFolder(folder: string): boolean {
  const parent = parentOf(folder)
  if (parent.endsWith('/node_modules')) return true
  return (
    parent.slice(parent.lastIndexOf('/') + 1).startsWith('@') && parentOf(parent).endsWith('/node_modules')
  )
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}
