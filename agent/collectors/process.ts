// Live processes that may be tools: programs and scripts with a package, from outside the system's own folders, or of a
// wanted name. Identity is the real path of the program or of the script that an interpreter runs, never the arguments.
import path from 'node:path'
import { agentMarks } from '#shared/catalogue/behaviours.ts'
import type { ProcessObservation } from '#shared/observation.ts'
import type { Wanted } from '#shared/match.ts'
import { indexPlaces, placeOf } from '#shared/place.ts'
import type { Family } from '../parsers/interpreter-arguments.ts'
import { interpreterOf, scriptArgument } from '../parsers/interpreter-arguments.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import type { Process, Variables } from '../platform/host.ts'
import { containerReach, programReach } from '../platform/places.ts'
import { containerDisks, containerOf, machineOf } from './blind-spots.ts'
import type { Collector, ScanContext } from './collector.ts'
import { gapList } from './gap.ts'
import { movingVariables, noteMoved } from './moved-homes.ts'
import type { Owner } from './program-owner.ts'
import { ownerOf } from './program-owner.ts'
import { moduleScript } from './python-module.ts'

/** What a process turned out to run. */
interface Program extends Owner {
  readonly script: string | null
  readonly blindSpot: Obstacle | null
  readonly title: string | null
  readonly variables: readonly string[]
}

/** A process object lasts as long as the program in it: what it runs is worked out once. */
const programs = new WeakMap<Process, Program>()

/** Folders that the distribution's own package manager fills. */
const distribution =
  /^\/(?:usr\/(?:s?bin|lib(?:exec|32|64|x32)?|share|games)|s?bin|lib(?:32|64|x32)?|System|Library\/Apple|[A-Z]:\/Windows)\//

export const processCollector: Collector<'process'> = {
  kind: 'process',
  about: 'Looks at what is running now, to tell an installed tool from a running one.',
  reads: [
    '/proc/*/{stat,exe,cmdline,cwd,ns/mnt}',
    '/proc/*/environ of people’s processes: names of the catalogue’s variables and of marks that agents set, and the folders in those that move a tool’s home, a package manager’s, or the desktop’s usual ones',
    'macOS: what ps and lsof tell of each process (program, owner, start, working folder); Windows: what its CIM tells (program, command line, owner, start)',
    'package.json above a running program or script',
  ],
  collect(context) {
    const { host, accounts, now } = context
    const list = gapList('process', now)
    const { processes, gaps } = host.processes()
    const isWanted = wantedTest(context)
    const packages = new Set(context.wanted.package.map((signal) => signal.name))
    const names = new Map(accounts.map((account) => [account.uid, account.name]))
    const observations: ProcessObservation[] = []
    const scope = scopeOf(context)
    const byPid = new Map(processes.map((process) => [process.pid, process]))
    for (const disk of containerDisks(host)) list.add(null, disk)
    const sets = setBy(context, processes, byPid)
    for (const process of processes) {
      if (context.signal.aborted) {
        list.add(null, { reason: 'over-budget', path: '/proc', detail: null })
        break
      }
      const set = sets.get(process.pid) ?? noNames
      const before = set.length === 0 ? decided.get(process) : undefined
      if (before !== undefined && before.wanted === context.wanted && before.scope === scope) {
        if (before.observation !== null) observations.push(before.observation)
        continue
      }
      const program = programOf(context, process)
      const wanted = set.length > 0 || isWanted(process, program)
      if (program.blindSpot === null && !wanted) {
        if (set.length === 0) decided.set(process, { wanted: context.wanted, scope, observation: null })
        continue
      }
      const account =
        process.uid === null
          ? null
          : (names.get(process.uid) ?? host.nameOf(process.uid) ?? `uid:${process.uid}`)
      list.add(account, program.blindSpot)
      if (!wanted) continue
      for (const gap of program.gaps) list.add(account, gap)
      if (
        program.package !== null &&
        account !== null &&
        !process.contained &&
        packages.has(program.package.name)
      ) {
        context.memory.rememberRoot(account, program.root ?? program.package.root)
      }
      const observation: ProcessObservation = {
        kind: 'process',
        // An image numbers its accounts by itself: its 1000 need not be the account here that has that number.
        account:
          program.blindSpot?.detail === 'container' && !isOfAccount(process, byPid)
            ? `container:${process.uid}`
            : account,
        at: now,
        pid: process.pid,
        parentPid: process.parentPid,
        startedAt: process.startedAt,
        name: process.name,
        executable: process.executable,
        script: program.script,
        package: program.package,
        ...(program.build === null ? {} : { build: program.build }),
        title: program.title,
        sets: [...set],
      }
      observations.push(observation)
      const isCatalogues = program.package !== null && packages.has(program.package.name)
      const isLasting = set.length === 0 && program.blindSpot === null && program.gaps.length === 0
      if (isLasting && !isCatalogues && names.has(process.uid ?? ''))
        decided.set(process, { wanted: context.wanted, scope, observation })
    }
    return { observations, gaps: [...gaps, ...list.gaps] }
  },
}

const noNames: readonly string[] = []

/** What was made of a process that nothing else has to be done about, as long as it runs and is asked for in the same way. */
interface Decided {
  readonly wanted: Wanted
  readonly scope: string
  /** The very one of the look before: it tells when it was first seen. Null: it is not wanted. */
  readonly observation: ProcessObservation | null
}

const decided = new WeakMap<Process, Decided>()

/** What a decision rests on, but for the process and the catalogue. */
function scopeOf({ inventory, accounts }: ScanContext): string {
  return JSON.stringify([inventory, accounts.map(({ name, uid, home }) => [name, uid, home])])
}

/**
 * Which of the catalogue's variables each program set: those that it was not started with and a process that it started was.
 * A shell or another of the distribution's programs does what it was told, by whomever; it sets nothing of its own.
 */
function setBy(
  context: ScanContext,
  processes: readonly Process[],
  byPid: ReadonlyMap<number, Process>,
): ReadonlyMap<number, readonly string[]> {
  const sets = new Map<number, readonly string[]>()
  for (const process of processes) {
    if (context.signal.aborted) break
    const { variables: own } = programOf(context, process)
    const starter = process.parentPid === null ? undefined : byPid.get(process.parentPid)
    if (own.length === 0 || starter === undefined || starter.uid !== process.uid) continue
    const { variables: before, script } = programOf(context, starter)
    const isOwnProgram = script !== null || !isDistribution(starter.executable ?? '/bin/')
    const set = own.filter((name) => !before.includes(name))
    if (!isOwnProgram || set.length === 0) continue
    sets.set(starter.pid, [...new Set([...(sets.get(starter.pid) ?? []), ...set])])
  }
  return sets
}

/** Whether what started a process in a container, from outside it, has the same account: a sandbox of its own, not an engine. */
function isOfAccount(process: Process, byPid: ReadonlyMap<number, Process>): boolean {
  let starter: Process | undefined = process
  for (let depth = 0; starter?.contained === true && depth < 64; depth += 1) {
    starter = starter.parentPid === null ? undefined : byPid.get(starter.parentPid)
  }
  return starter?.contained === false && starter.uid === process.uid
}

function programOf(context: ScanContext, process: Process): Program {
  const known = programs.get(process)
  if (known !== undefined) return known
  const worked = work(context, process)
  const isOrdinary =
    worked.script === null && worked.package === null && isDistribution(process.executable ?? '/bin/')
  // Of the system's own daemons it is not asked which disk they see: that would cost one more read for each.
  const blindSpot = machineOf(process) ?? (isOrdinary ? null : containerOf(context.host, process))
  // Of people's processes alone: a daemon is started by no tool.
  const account = context.accounts.find(({ uid }) => uid === process.uid)
  const started =
    account === undefined || (isOrdinary && process.uid === '0') ? null : startedWith(context.wanted, process)
  const program = {
    ...worked,
    blindSpot,
    title: worked.script === null && worked.package === null ? titleOf(context, process) : null,
    variables: started?.names ?? [],
  }
  for (const [variable, folder] of process.contained ? [] : (started?.folders ?? [])) {
    if (account !== undefined)
      noteMoved(context.memory, movingVariables(context.wanted), account, variable, folder)
  }
  programs.set(process, program)
  return program
}

function startedWith(wanted: Wanted, process: Process): Variables | null {
  const { names, folders } = variablesOf(wanted)
  return names.size + folders.size === 0 ? null : process.variables(names, folders)
}

interface WantedVariables {
  readonly names: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
}

const variables = new WeakMap<Wanted, WantedVariables>()

function variablesOf(wanted: Wanted): WantedVariables {
  const known = variables.get(wanted)
  if (known !== undefined) return known
  const made = {
    names: new Set([...wanted.environment, ...agentMarks].map(({ name }) => name)),
    folders: new Set(movingVariables(wanted).keys()),
  }
  variables.set(wanted, made)
  return made
}

/** What an interpreter calls itself where nothing tells which script it runs. */
function titleOf({ wanted }: ScanContext, process: Process): string | null {
  if (process.executable === null || interpreterOf(process.executable) === null) return null
  const [title, ...rest] = process.argv ?? []
  const known = wanted.title.some(({ name }) => name === title)
  return title !== undefined && known && rest.every((argument) => argument === '') ? title : null
}

const nothing = { script: null, package: null, build: null, root: null, gaps: [] } as const
type Worked = Omit<Program, 'blindSpot' | 'title' | 'variables'>

function work({ host, accounts, wanted }: ScanContext, process: Process): Worked {
  const { executable } = process
  if (executable === null) return nothing
  const family = interpreterOf(executable)
  const reachFor = (file: string): Reach =>
    process.contained
      ? containerReach(host.files, process.pid)
      : programReach(host.files, file, accounts, process.uid)
  const argument =
    family === null
      ? editorScript(reachFor(executable), process, executable)
      : (interpretedScript(family, process) ??
        (family === 'python' ? moduleScript(process, accounts, reachFor) : null))
  if (argument === null) {
    return isDistribution(executable)
      ? nothing
      : { script: null, ...ownerOf(reachFor(executable), withoutRetirement(executable), wanted) }
  }
  const absolute = absoluteScript(process, argument)
  if (absolute === null) return nothing
  const info = reachFor(absolute).stat(absolute)
  // Gone since it was started: its path still says where it was.
  if (!info.ok) {
    return { ...nothing, script: path.posix.normalize(absolute), gaps: info.gap === null ? [] : [info.gap] }
  }
  const { real } = info.value
  return { script: real, ...ownerOf(reachFor(real), real, wanted) }
}

function interpretedScript(family: Family, process: Process): string | null {
  const argument = scriptArgument(family, process.argv ?? [])
  // What comes through a pipe or an open file has no path of its own.
  return argument !== null && /^\/(?:dev|proc)\//.test(argument) ? null : argument
}

/**
 * Editors built on Electron run scripts of their own and of their extensions with their own program in place of node.
 * A script anywhere else on their command line is a file that somebody opened.
 */
function editorScript(reach: Reach, process: Process, executable: string): string | null {
  const script = process.argv?.slice(1).find((argument) => !argument.startsWith('-'))
  if (script === undefined || !/^\/.*\.[cm]?js$/.test(script)) return null
  const folder = executable.slice(0, executable.lastIndexOf('/'))
  const isOwn = script.startsWith(`${folder}/resources/`) || script.includes('/extensions/')
  return isOwn && reach.stat(`${folder}/resources`).ok ? script : null
}

/** Relative ones from the working folder, `..` left in for the gateway, which follows links before it. */
function absoluteScript(process: Process, argument: string): string | null {
  if (argument.startsWith('/')) return argument
  if (argument.startsWith('file:///')) return argument.slice('file://'.length)
  return process.cwd === null ? null : `${process.cwd}/${argument}`
}

/** npm renames the folder that it replaces to `.name-XXXXXXXX`; a program that still runs from there keeps its name. */
function withoutRetirement(executable: string): string {
  return executable.replace(/(\/node_modules\/(?:@[^/]+\/)?)\.([^/]+)-[A-Za-z0-9]{8}\//, '$1$2/')
}

function isDistribution(file: string): boolean {
  return distribution.test(file) && !file.includes('/node_modules/')
}

function wantedTest(context: ScanContext): (process: Process, program: Program) => boolean {
  const { wanted, inventory, accounts } = context
  const names = new Set(wanted.command.map((signal) => signal.name))
  const packages = new Set(wanted.package.map((signal) => signal.name))
  const places = indexPlaces(wanted.executable.map((signal) => [signal.place, true] as const))
  const homes = accounts.map((account) => account.home)

  const hasPlace = (file: string | null): boolean =>
    file !== null &&
    (places.find(placeOf(file, null)).length > 0 ||
      homes.some((home) => places.find(placeOf(file, home)).length > 0))

  return (process, program) => {
    const { executable } = process
    if (program.title !== null || program.build !== null) return true
    if (program.package !== null && (inventory === 'full' || packages.has(program.package.name))) return true
    if (
      names.has(process.name) ||
      (executable !== null && names.has(path.posix.basename(executable).replace(/\.exe$/i, '')))
    )
      return true
    if (inventory === 'full') {
      if (program.script !== null) return !isDistribution(program.script)
      if (executable !== null && !isDistribution(executable)) return true
    } else if (program.script !== null && names.has(path.posix.basename(program.script))) return true
    return hasPlace(executable) || hasPlace(program.script)
  }
}
