// What a file that runs belongs to: its package, or what its content says where it has none. Names no tool.
import type { PackageRef } from '#shared/observation.ts'
import type { Wanted } from '#shared/match.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import { buildOf } from './build.ts'
import { installedRoot, packageOf } from './package-root.ts'

export interface Owner {
  readonly package: PackageRef | null
  /** Where what was installed lies: the package's own root, or that of the one which brought it along. */
  readonly root: string | null
  /** Which of the catalogue's builds it is by its content; null where the package tells. */
  readonly build: string | null
  readonly gaps: readonly Obstacle[]
}

/** Of this look: a thousand processes may run one program. A reach lives as long as one. */
const owners = new WeakMap<Reach, Map<string, Owner>>()

/** `file` is a real path. */
export function ownerOf(reach: Reach, file: string, wanted: Wanted): Owner {
  let known = owners.get(reach)
  if (known === undefined) owners.set(reach, (known = new Map()))
  let owner = known.get(file)
  if (owner === undefined) known.set(file, (owner = lookAt(reach, file, wanted)))
  return owner
}

function lookAt(reach: Reach, file: string, wanted: Wanted): Owner {
  const own = packageOf(reach, file)
  const gaps = own.gap === null ? [] : [own.gap]
  if (own.package !== null)
    return { package: own.package, root: installedRoot(reach, own.package), build: null, gaps }
  const info = reach.stat(file)
  const build = info.ok ? buildOf(reach, info.value, wanted) : info
  const gap = build.ok ? null : build.gap
  return {
    package: null,
    root: null,
    build: build.ok ? build.value : null,
    gaps: gap === null ? gaps : [...gaps, gap],
  }
}
