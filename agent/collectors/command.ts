// What an account could start by name: PATH as its shells and version managers build it, worked out without running
// any of them. Each command is followed through links and shims to the file that would run, and to its package.
import type { Account, CommandObservation } from '#shared/observation.ts'
import type { CommandHead } from '../parsers/command-head.ts'
import { headBytes, parseCommandHead } from '../parsers/command-head.ts'
import type { FileInfo, Reach } from '../platform/files.ts'
import { within } from '../platform/folders.ts'
import { accountReach, systemReach } from '../platform/places.ts'
import { buildOf, minProgramBytes } from './build.ts'
import type { Collector, ScanContext } from './collector.ts'
import { commandPlaces, homeStartup, type CommandPlaces } from './command-places.ts'
import { homeLaunchFolder, systemLaunchFolders, taskPlaces } from './autostart-others.ts'
import { autostartFolders, autostartOf, crontabFolders } from './autostart.ts'
import type { Expanded, TemplateTree } from './expand.ts'
import { expandAll } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import { loosePlaces, loosePrograms } from './loose-programs.ts'
import { movedProgramsOf, movingVariables, noteMoved, type Base } from './moved-homes.ts'
import { inAnyFolder } from './package-look.ts'
import { installedRoot, packageOf } from './package-root.ts'
import type { SearchPath } from './search-path.ts'
import { accountStartup, managerFolders, systemSearchPath, variablesFor } from './search-path.ts'
import { wantedCommands, type WantedCommands } from './wanted-commands.ts'

/** Of all three systems, without doubles. */
function everywhere(of: (places: CommandPlaces) => readonly string[]): readonly string[] {
  return [...new Set(Object.values(commandPlaces).flatMap(of))]
}

/** What a program of its own is on each system. */
const native = { linux: 'elf', darwin: 'mach-o', windows: 'pe' } as const

/** What Windows leaves away when a command is typed. */
const ending = /\.(?:exe|cmd|bat|com)$/i

export const commandCollector: Collector<'command'> = {
  kind: 'command',
  repeats: true,
  about:
    'Looks at the commands that an account could start, and which package each belongs to. Starts none of them.',
  reads: [
    ...everywhere(({ distribution }) => distribution).map(
      (folder) => `${folder}: names of the catalogue only`,
    ),
    ...everywhere(({ system, home }) => [...system, ...home]),
    ...everywhere(({ paths, pathsFolders }) => [...paths, ...pathsFolders]),
    ...everywhere(({ systemStartup }) => systemStartup),
    ...homeStartup.map((file) => `~/${file}`),
    ...autostartFolders.map((folder) => `~/${folder}`),
    ...systemLaunchFolders,
    `~/${homeLaunchFolder}`,
    ...taskPlaces,
    'the Run keys of Windows’ registry; of an account that is not logged on those in ~/NTUSER.DAT',
    ...crontabFolders.map((folder) => `${folder}: the account’s own`),
    ...loosePlaces,
    'of a program of 16 MiB or more without a package: what it was built from, by its signature, its first 4 MiB and what stands beside it',
  ],
  collect(context) {
    const list = gapList('command', context.now)
    const { os } = context.host
    const wanted = wantedCommands(context.wanted, os)
    const system: Look = {
      context,
      list,
      wanted,
      account: null,
      reach: systemReach(context.host.files),
      moved: [],
      seen: new Map(),
    }
    for (const folder of commandPlaces[os].distribution) probe(system, folder)
    const shared = systemSearchPath(system.reach, os, list, () => context.signal.aborted)
    lookThrough(system, shared.folders)
    lookAtPlaces(system)
    lookAtAutostart(system)
    if (os === 'linux') lookAtLoose(system)

    const observations = [...system.seen.values()]
    for (const account of context.accounts) {
      const reach = accountReach(context.host.files, account)
      const startup = accountStartup(reach, account, list)
      for (const [name, value] of [...variablesFor(shared, account), ...startup.variables])
        noteMoved(context.memory, movingVariables(context.wanted), account, name, value)
      const { bases: moved, gaps } = movedProgramsOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      const isOver = (): boolean => context.signal.aborted
      const folders = [...managerFolders(reach, account, moved, os, list, isOver), ...startup.folders]
      const own: Look = { context, list, wanted, account, reach, moved, seen: new Map() }
      lookThrough(
        own,
        folders.filter((folder) => !shared.folders.includes(folder)),
      )
      lookAtPlaces(own)
      lookAtAliases(own, startup, system.seen)
      lookAtAutostart(own)
      lookAtLoose(own)
      observations.push(...own.seen.values())
    }
    return { observations, gaps: list.gaps }
  },
}

interface Look {
  readonly context: ScanContext
  readonly list: GapList
  readonly wanted: WantedCommands
  /** Null: commands of every account. */
  readonly account: Account | null
  readonly reach: Reach
  /** Folders that the account's variables put in the place of managers'. */
  readonly moved: readonly Base[]
  /** By path, so that a folder under two names counts once. */
  readonly seen: Map<string, CommandObservation>
}

const distribution: ReadonlySet<string> = new Set(everywhere(({ distribution }) => distribution))

function lookThrough(whole: Look, path: readonly string[]): void {
  const { context, list } = whole
  const folders = new Set<string>()
  for (const folder of path) {
    const look = lookIn(whole, folder)
    if (distribution.has(folder)) continue
    if (context.signal.aborted) {
      list.add(look.account?.name ?? null, { reason: 'over-budget', path: folder, detail: null })
      return
    }
    const info = look.reach.stat(folder)
    if (!info.ok) list.add(look.account?.name ?? null, info.gap)
    else if (
      info.value.kind === 'folder' &&
      !folders.has(info.value.real) &&
      !distribution.has(info.value.real)
    ) {
      folders.add(info.value.real)
      if (context.inventory === 'full') lookAtAll(look, folder)
      else probe(look, folder)
    }
  }
}

/** Programs in places that the catalogue knows, on no PATH perhaps: an editor's extension brings its own along. */
function lookAtPlaces(look: Look): void {
  const { account, wanted } = look
  const targets = new Set([...look.seen.values()].map((command) => command.target))
  const tree = account === null ? wanted.ofSystem : wanted.inHome
  for (const { path, info } of fitsOf(look, tree, account?.home ?? '')) {
    if (!targets.has(info.real)) lookAtCommand(look, path.slice(path.lastIndexOf('/') + 1), path)
  }
}

/** Of what lies anywhere only the catalogue's builds are told; a link out of there hides no more than one elsewhere would. */
function lookAtLoose(look: Look): void {
  const { account, context, reach, list } = look
  const telling: GapList = { gaps: [], add: (who, gap) => list.add(who, gap && inAnyFolder(gap)) }
  const own: Look = { ...look, list: telling, seen: new Map() }
  for (const path of loosePrograms(reach, account, telling, () => context.signal.aborted)) {
    if (context.signal.aborted) {
      list.add(account?.name ?? null, { reason: 'over-budget', path, detail: null })
      break
    }
    const info = reach.stat(path)
    if (!info.ok) telling.add(account?.name ?? null, info.gap)
    else if (info.value.bytes >= minProgramBytes)
      lookAtCommand(own, path.slice(path.lastIndexOf('/') + 1), path)
  }
  const targets = new Set([...look.seen.values()].map(({ target }) => target))
  for (const [key, command] of own.seen)
    if (command.build !== undefined && !targets.has(command.target)) look.seen.set(key, command)
}

/** The wanted names in one folder. */
function probe(look: Look, folder: string): void {
  for (const { path } of fitsOf(look, look.wanted.byName, folder)) {
    lookAtCommand(look, path.slice(path.lastIndexOf('/') + 1), path)
  }
}

function fitsOf(look: Look, tree: TemplateTree<string>, folder: string): readonly Expanded[] {
  const { reach, context, list, account } = look
  const expansions = expandAll(tree, folder, { reach, isOver: () => context.signal.aborted })
  return tree.below.flatMap((value) => {
    const { files, gaps } = expansions(value)
    for (const gap of gaps) list.add(account?.name ?? null, gap)
    return files
  })
}

/** With what a folder is to be looked at: one that a variable names may lie outside the home. */
function lookIn(look: Look, folder: string): Look {
  const base = look.moved.find((moved) => within(folder, moved.folder))
  return base === undefined ? look : { ...look, reach: base.reach }
}

function lookAtAll(look: Look, folder: string): void {
  const who = look.account?.name ?? null
  const listing = look.reach.list(folder)
  if (!listing.ok) return look.list.add(who, listing.gap)
  look.list.add(who, listing.value.gap)
  for (const { name, kind } of listing.value.entries) {
    if (look.context.signal.aborted)
      return look.list.add(who, { reason: 'over-budget', path: folder, detail: null })
    if (kind === 'file' || kind === 'link') lookAtCommand(look, name, `${folder}/${name}`)
  }
}

function lookAtCommand(look: Look, file: string, path: string): void {
  const name = look.context.host.os === 'windows' ? file.replace(ending, '') : file
  const { reach, list, account } = look
  const who = account?.name ?? null
  const info = reach.stat(path)
  if (!info.ok) return list.add(who, info.gap)
  if (info.value.kind !== 'file' || !info.value.executable) return
  const target = finalTarget(look, path, info.value)
  if (target.head === null) return
  const own = packageOf(reach, target.info.real)
  list.add(who, own.gap)
  if (own.package !== null && account !== null && isWantedPackage(look, own.package.name)) {
    look.context.memory.rememberRoot(account.name, installedRoot(reach, own.package))
  }
  const build =
    own.package === null && target.head.format === native[look.context.host.os]
      ? buildOf(reach, target.info, look.context.wanted)
      : null
  if (build?.ok === false) list.add(who, build.gap)
  look.seen.set(`${path}\0${name}`, {
    kind: 'command',
    account: who,
    at: look.context.now,
    name,
    path,
    target: target.info.real,
    bytes: target.info.bytes,
    format: target.head.format,
    package: own.package,
    ...(build?.ok === true && build.value !== null ? { build: build.value } : {}),
  })
}

const maxShims = 4

/** Through shims to the file that would run in the end. */
function finalTarget(
  look: Look,
  path: string,
  start: FileInfo,
): { readonly info: FileInfo; readonly head: CommandHead | null } {
  const { reach, account, list } = look
  let info = start
  let head = headOf(look, path)
  for (let shims = 0; shims < maxShims && head?.passesTo != null; shims += 1) {
    const folder = info.real.slice(0, info.real.lastIndexOf('/'))
    const next = head.passesTo.startsWith('./')
      ? `${folder}/${head.passesTo.slice(2)}`
      : head.passesTo.replace(/^~/, account?.home ?? '~')
    const found = reach.stat(next)
    if (!found.ok) {
      list.add(account?.name ?? null, found.gap)
      break
    }
    if (found.value.kind !== 'file') break
    const nextHead = headOf(look, next)
    if (nextHead === null) break
    info = found.value
    head = nextHead
  }
  return { info, head }
}

function headOf(look: Look, path: string): CommandHead | null {
  const head = look.reach.peeked(path, headBytes, parseCommandHead)
  if (head.ok) return head.value
  look.list.add(look.account?.name ?? null, head.gap)
  return null
}

function isWantedPackage(look: Look, name: string): boolean {
  return look.wanted.packages.has(name)
}

/** An alias is a command of its own name that runs what the aliased one runs. */
function lookAtAliases(look: Look, path: SearchPath, shared: ReadonlyMap<string, CommandObservation>): void {
  for (const { name, program, file } of path.aliases) {
    if (look.context.inventory !== 'full' && !look.wanted.names.has(name) && !look.wanted.names.has(program))
      continue
    const target = program.startsWith('/')
      ? aliasedFile(look, program)
      : [...look.seen.values(), ...shared.values()].find((command) => command.name === program)
    if (target !== undefined) {
      look.seen.set(`${file}\0${name}`, { ...target, account: look.account?.name ?? null, name, path: file })
    }
  }
}

/** What starts by itself is a command that somebody gave the system once. */
function lookAtAutostart(look: Look): void {
  const { account, context, reach, list, wanted } = look
  const isOver = (): boolean => context.signal.aborted
  for (const { program, file } of autostartOf(context.host, reach, account, isOver, list)) {
    const target = aliasedFile(look, program)
    if (target === undefined) continue
    const isWanted =
      wanted.names.has(target.name) || (target.package && isWantedPackage(look, target.package.name))
    if (context.inventory === 'full' || isWanted)
      look.seen.set(`${file}\0${program}`, { ...target, path: file })
  }
}

function aliasedFile(look: Look, program: string): CommandObservation | undefined {
  const own: Look = { ...look, seen: new Map() }
  lookAtCommand(own, program.slice(program.lastIndexOf('/') + 1), program)
  return own.seen.values().next().value
}
