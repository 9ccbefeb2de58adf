// Folders that a variable moved elsewhere (`CLAUDE_CONFIG_DIR`, `XDG_DATA_HOME`, `NVM_DIR`): where a template is to be looked for
// besides the home. Which variables do that is in the catalogue and in home-variables.ts; that one was set is known from start-up
// files and from what runs, and remembered, because a process is gone sooner than what it wrote.
import { withoutTrailing } from '../parsers/plain-text.ts'
import type { Account } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import type { Wanted } from '#shared/match.ts'
import { mostMoved, type MovedTo, type Memory } from '../memory.ts'
import type { Files, Obstacle, Reach } from '../platform/files.ts'
import { homeReach, isOwn, isProgramPlace, ownFolderReach, ownProgramsReach } from '../platform/places.ts'
import { treeBelow, type TemplateTree } from './expand.ts'
import { homeVariables, managerPlaces } from './home-variables.ts'

/** A folder that stands for a place: the home for `~`, and what a variable names for the place that it moves. */
export interface Base {
  readonly place: string
  readonly folder: string
  readonly reach: Reach
}

export interface Bases {
  readonly bases: readonly Base[]
  readonly gaps: readonly Obstacle[]
}

/** By the variable, the places that a folder named by it stands for. */
export type MovingVariables = ReadonlyMap<string, readonly string[]>

const moving = new WeakMap<Wanted['movedHomes'], MovingVariables>()

/** The catalogue's, the standard's and the managers'. Made once for a catalogue. */
export function movingVariables({ movedHomes }: Pick<Wanted, 'movedHomes'>): MovingVariables {
  const known = moving.get(movedHomes)
  if (known !== undefined) return known
  const places = new Map<string, string[]>()
  for (const { variable, place } of [...movedHomes, ...homeVariables])
    places.set(variable, [...(places.get(variable) ?? []), place])
  moving.set(movedHomes, places)
  return places
}

/** Notes that an account's variable names a folder. What is no absolute path, or the usual place, moves nothing. */
export function noteMoved(
  memory: Memory,
  variables: MovingVariables,
  account: Account,
  variable: string,
  folder: string,
): void {
  const clean = withoutTrailing(folder, '/')
  if (!clean.startsWith('/') || clean.includes('\0') || clean.split('/').includes('..')) return
  for (const place of variables.get(variable) ?? [])
    if (clean !== pathOf(place, account.home)) memory.moveHome(account.name, place, clean)
}

/**
 * Where an account's records and settings are to be looked for, the home first. A folder that is gone is forgotten; one that belongs to somebody
 * else is a gap: its name came from the account, and must not be a way to have other people's files read.
 */
export function basesOf(files: Files, memory: Memory, account: Account): Bases {
  const { own, gaps } = movedFolders(files, memory, account)
  const bases = own.map((moved) => ({ ...moved, reach: ownFolderReach(files, account, moved.folder) }))
  return { bases: [{ place: '~', folder: account.home, reach: homeReach(files, account) }, ...bases], gaps }
}

/**
 * Where an account's programs are to be looked for besides its home: also in managers' folders among the system's, where
 * programs are everybody's.
 */
export function movedProgramsOf(files: Files, memory: Memory, account: Account): Bases {
  const { own, systems, gaps } = movedFolders(files, memory, account)
  const reachOf = (folder: string): Reach => ownProgramsReach(files, account, folder)
  return { bases: [...own, ...systems].map((moved) => ({ ...moved, reach: reachOf(moved.folder) })), gaps }
}

interface MovedFolders {
  readonly own: readonly MovedTo[]
  readonly systems: readonly MovedTo[]
  readonly gaps: readonly Obstacle[]
}

function movedFolders(files: Files, memory: Memory, account: Account): MovedFolders {
  const own: MovedTo[] = []
  const systems: MovedTo[] = []
  const gaps: Obstacle[] = []
  const moved = memory.movedHomes(account.name)
  for (const one of moved) {
    const { place, folder } = one
    const info = ownProgramsReach(files, account, folder).stat(folder)
    if (!info.ok && info.gap !== null) gaps.push(info.gap)
    else if (!info.ok || info.value.kind !== 'folder') memory.forgetHome(account.name, place, folder)
    else if (isOwn(info.value, account)) own.push(one)
    else if (managerPlaces.has(place) && isProgramPlace(files.os, info.value.real)) systems.push(one)
    else gaps.push({ reason: 'foreign-owner', path: folder, detail: 'moved-home' })
  }
  for (const [place, folders] of Map.groupBy(moved, (one) => one.place))
    if (folders.length >= mostMoved)
      gaps.push({ reason: 'too-many', path: folders.at(-1)?.folder ?? place, detail: 'moved-home' })
  return { own, systems, gaps }
}

/**
 * Where a template is to be looked for: of one in the home (`~/…`) there, and in each folder that stands for one that it leads
 * through.
 * @param account null: a template of the system's
 * @param home what the home, or the system, is to be looked at with
 */
export function templatesFor(
  account: Account | null,
  home: Reach,
  moved: readonly Base[],
  template: string,
): readonly { readonly template: string; readonly reach: Reach }[] {
  if (account === null || !template.startsWith('~/')) return [{ template, reach: home }]
  return [{ place: '~', folder: account.home, reach: home }, ...moved].flatMap(({ place, folder, reach }) =>
    template === place || template.startsWith(`${place}/`)
      ? [{ template: pathOf(`~${template.slice(place.length)}`, folder), reach }]
      : [],
  )
}

/** Of a tree of places (`~/…`) the part that is to be looked for in a base's folder; null when none of them lies there. */
export function treeIn<T>(base: Base, tree: TemplateTree<T>): TemplateTree<T> | null {
  return treeBelow(tree, base.place)
}

/** A path as a place; in a moved folder as if it had not been moved, so that it fits the catalogue. */
export function placeIn(base: Base, path: string): string {
  const { place, folder } = base
  if (path === folder) return place
  return path.startsWith(`${folder}/`) ? `${place}${path.slice(folder.length)}` : path
}
