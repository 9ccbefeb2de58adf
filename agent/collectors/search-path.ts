// Which folders are on an account's PATH, and its aliases, worked out from start-up files without running a shell.
import { withoutTrailingSlash } from '../parsers/plain-text.ts'
import type { Account } from '#shared/observation.ts'
import type { Platform } from '#shared/tool.ts'
import { prefixOfNpmrc } from '../parsers/npmrc.ts'
import { maxStartupBytes, parseShellStartup, type ShellStartup } from '../parsers/shell-startup.ts'
import type { Reach } from '../platform/files.ts'
import { commandPlaces, homeStartup, homeStartupFolders } from './command-places.ts'
import { expandEach } from './expand.ts'
import type { GapList } from './gap.ts'
import { templatesFor, type Base } from './moved-homes.ts'

export interface SearchPath {
  /** Absolute, without doubles. */
  readonly folders: readonly string[]
  readonly aliases: readonly { readonly name: string; readonly program: string; readonly file: string }[]
  /** What start-up files plainly set; a variable may be set differently by several. */
  readonly variables: readonly (readonly [name: string, value: string])[]
}

/** What stands for the home of whoever reads a file of the system's. */
const anyHome = '$'

/** What the system's own files give every account. */
export function systemSearchPath(
  reach: Reach,
  os: Platform,
  list: GapList,
  isOver: () => boolean,
): SearchPath {
  const folders = new Set<string>()
  const variables: SearchPath['variables'][number][] = []
  const places = commandPlaces[os]
  const system = places.system.map((template) => ({ template, reach }))
  for (const { path, info } of expandEach(system, { onGap: (gap) => list.add(null, gap), isOver }))
    if (info.kind === 'folder') folders.add(path)
  for (const file of filesOf(reach, places.paths, places.pathsFolders, null, list)) {
    const lines = textOf(reach, file, null, list)?.split('\n') ?? []
    for (const line of lines) if (line.startsWith('/')) folders.add(withoutTrailingSlash(line.trim()))
  }
  for (const file of filesOf(reach, places.systemStartup, places.systemStartupFolders, null, list)) {
    const startup = startupOf(reach, file, anyHome, null, list)
    for (const folder of startup?.folders ?? []) if (folder.startsWith('/')) folders.add(folder)
    variables.push(...(startup?.variables ?? []))
  }
  return { folders: [...folders], aliases: [], variables }
}

/** The system's variables as they are for an account. */
export function variablesFor({ variables }: SearchPath, account: Account): SearchPath['variables'] {
  return variables.map(([name, value]) => [
    name,
    value.startsWith(anyHome) ? `${account.home}${value.slice(anyHome.length)}` : value,
  ])
}

/** What an account's own start-up files say. */
export function accountStartup(reach: Reach, account: Account, list: GapList): SearchPath {
  const folders = new Set<string>()
  const aliases: SearchPath['aliases'][number][] = []
  const variables: SearchPath['variables'][number][] = []
  const inHome = (path: string): string => `${account.home}/${path}`
  const files = homeStartup.map(inHome)
  for (const file of filesOf(reach, files, homeStartupFolders.map(inHome), account.name, list)) {
    const startup = startupOf(reach, file, account.home, account.name, list)
    if (startup === null) continue
    for (const folder of startup.folders) folders.add(folder)
    for (const alias of startup.aliases) aliases.push({ ...alias, file })
    variables.push(...startup.variables)
  }
  return { folders: [...folders], aliases, variables }
}

/** What version and package managers add to an account's. */
export function managerFolders(
  reach: Reach,
  account: Account,
  moved: readonly Base[],
  os: Platform,
  list: GapList,
  isOver: () => boolean,
): readonly string[] {
  const folders = new Set<string>()
  const home = commandPlaces[os].home.flatMap((template) => templatesFor(account, reach, moved, template))
  for (const { path, info } of expandEach(home, { onGap: (gap) => list.add(account.name, gap), isOver }))
    if (info.kind === 'folder') folders.add(path)
  const npmrc = textOf(reach, `${account.home}/.npmrc`, account.name, list)
  const prefix = npmrc === null ? null : prefixOfNpmrc(npmrc, account.home)
  if (prefix !== null) folders.add(os === 'windows' ? prefix : `${prefix}/bin`)
  return [...folders]
}

function filesOf(
  reach: Reach,
  files: readonly string[],
  folders: readonly string[],
  account: string | null,
  list: GapList,
): readonly string[] {
  const found = [...files]
  for (const folder of folders) {
    const listing = reach.list(folder)
    if (!listing.ok) {
      list.add(account, listing.gap)
      continue
    }
    list.add(account, listing.value.gap)
    for (const { name, kind } of listing.value.entries) if (kind !== 'folder') found.push(`${folder}/${name}`)
  }
  return found
}

function textOf(reach: Reach, path: string, account: string | null, list: GapList): string | null {
  return parsedBy(decode, reach, path, account, list)
}

/** What a file says hangs on whose home it is read for, and what it said is remembered by the very parser that read it. */
const startupParsers = new Map<string, (bytes: Uint8Array) => ShellStartup>()

function startupOf(
  reach: Reach,
  path: string,
  home: string,
  account: string | null,
  list: GapList,
): ShellStartup | null {
  let parser = startupParsers.get(home)
  if (parser === undefined)
    startupParsers.set(home, (parser = (bytes) => parseShellStartup(decode(bytes), home)))
  return parsedBy(parser, reach, path, account, list)
}

function parsedBy<T>(
  parse: (bytes: Uint8Array) => T,
  reach: Reach,
  path: string,
  account: string | null,
  list: GapList,
): T | null {
  const parsed = reach.parsed(path, maxStartupBytes, parse)
  if (parsed.ok) return parsed.value
  list.add(account, parsed.gap)
  return null
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
