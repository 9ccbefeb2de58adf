// Folders of tools that a variable moved elsewhere (`CLAUDE_CONFIG_DIR`): where a template of the catalogue is to be looked
// for besides the home. Which variables do that is in the catalogue; that one was set is known from start-up files and from
// what runs, and remembered, because a process is gone sooner than what it wrote.
import { withoutTrailing } from '../parsers/plain-text.ts'
import type { Account } from '#shared/observation.ts'
import type { MovedHome } from '#shared/tool.ts'
import type { Memory } from '../memory.ts'
import type { Files, Obstacle, Reach } from '../platform/files.ts'
import { homeReach, isOwn, ownFolderReach } from '../platform/places.ts'
import { treeBelow, type TemplateTree } from './expand.ts'

/** A folder that stands for a place: the home for `~`, and what a variable names for the place that it moves. */
export interface Base {
  readonly place: string
  readonly folder: string
  readonly reach: Reach
}

export interface Bases {
  /** The home first. */
  readonly bases: readonly Base[]
  readonly gaps: readonly Obstacle[]
}

/** Notes that an account's variable names a folder. What is no absolute path, or the usual place, moves nothing. */
export function noteMoved(
  memory: Memory,
  movedHomes: readonly MovedHome[],
  account: Account,
  variable: string,
  folder: string,
): void {
  const clean = withoutTrailing(folder, '/')
  if (!clean.startsWith('/') || clean.includes('\0') || clean.split('/').includes('..')) return
  for (const { variable: name, place } of movedHomes) {
    if (name === variable && clean !== `${account.home}${place.slice(1)}`) {
      memory.moveHome(account.name, place, clean)
    }
  }
}

/**
 * Where an account's templates are to be looked for. A folder that is gone is forgotten; one that belongs to somebody else
 * is a gap: its name came from the account, and must not be a way to have other people's files read.
 */
export function basesOf(files: Files, memory: Memory, account: Account): Bases {
  const bases: Base[] = [{ place: '~', folder: account.home, reach: homeReach(files, account) }]
  const gaps: Obstacle[] = []
  for (const { place, folder } of memory.movedHomes(account.name)) {
    const reach = ownFolderReach(files, account, folder)
    const info = reach.stat(folder)
    if (info.ok && info.value.kind === 'folder' && isOwn(info.value, account)) {
      bases.push({ place, folder, reach })
    } else if (info.ok && info.value.kind === 'folder') {
      gaps.push({ reason: 'foreign-owner', path: folder, detail: 'moved-home' })
    } else if (!info.ok && info.gap !== null) gaps.push(info.gap)
    else memory.forgetHome(account.name, place, folder)
  }
  return { bases, gaps }
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
