// What behaves like an AI coding agent and is in no catalogue: which behaviours of one thing were seen, and whether they are
// enough to put it up for review. Pure; names no tool. What a policy makes of it is in unlisted-finding.ts.
import { agentMarks } from './catalogue/behaviours.ts'
import type {
  BehaviourObservation,
  Observation,
  PackageObservation,
  ProcessObservation,
} from './observation.ts'
import { indexPlaces, placeOf, type PlaceIndex } from './place.ts'
import type { Tool } from './tool.ts'
import { SubjectName, type Behaviour, type Subject } from './unlisted-finding.ts'
import { compareText } from './text-order.ts'

export interface SeenBehaviour {
  readonly behaviour: Behaviour
  /** Which dependency, variable or place, of those in catalogue/behaviours.ts. */
  readonly signal: string
  /** Absolute, local output only. */
  readonly path: string
}

/** A thing of no catalogue and what it does, for one account; null: for the machine. */
export interface Behaving extends Subject {
  readonly account: string | null
  readonly behaviours: readonly SeenBehaviour[]
}

/** What of a device belongs to tools of the catalogue, whatever it does. */
export interface Listed {
  readonly isPackage: (manager: string, name: string) => boolean
  /** A folder as a place, such as `~/.example`. */
  readonly isFolder: (folder: string) => boolean
}

export function listedOf(tools: readonly Tool[]): Listed {
  const packages = new Set<string>()
  const words = new Set<string>()
  const places: string[] = []
  for (const { id, signals, movedHomes } of tools) {
    words.add(id)
    for (const { manager, name } of signals.package ?? []) packages.add(`${manager}:${name}`)
    for (const { name } of signals.command ?? []) words.add(name)
    const { config = [], trace = [], mcp = [], executable = [] } = signals
    for (const { place } of [...config, ...trace, ...mcp, ...executable, ...(movedHomes ?? [])]) {
      places.push(place)
    }
  }
  const folders = folderIndex(places)
  return {
    isPackage: (manager, name) => packages.has(`${manager}:${name}`),
    // A tool that begins to keep its settings elsewhere mostly names the folder after itself.
    isFolder: (folder) => folders.find(folder).length > 0 || words.has(wordOf(folder)),
  }
}

/** The folders of a home that places lie in: `~/.example`, or `~/.config/example`. */
export function folderIndex(places: Iterable<string>): PlaceIndex<true> {
  const folders = new Set<string>()
  for (const place of places) {
    const [home, top, own] = place.split('/')
    const segment = top === '.config' ? own : top
    // What may lie in any folder makes none of them a tool's own.
    if (home !== '~' || segment === undefined || /^\.?\*$/.test(segment)) continue
    folders.add(top === '.config' ? `~/.config/${segment}` : `~/${segment}`)
  }
  return indexPlaces([...folders].map((folder) => [folder, true]))
}

/** `example` of `~/.example`, `~/.config/example` and `@scope/example`. */
function wordOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/^\./, '')
}

interface Fact extends Subject, SeenBehaviour {
  readonly account: string | null
}

/**
 * What was seen of things that are in no catalogue, by thing and account. A thing is a package, or a folder of a home; one is taken for the
 * other's where the folder bears the name of the package or of one of its commands.
 * @param matched observations that speak for a tool of the catalogue
 */
export function behavingIn(
  observations: readonly Observation[],
  matched: ReadonlySet<Observation>,
  listed: Listed,
  homeOf: (account: string | null) => string | null,
): Behaving[] {
  const unknown = observations.filter((o) => !matched.has(o))
  // On most machines nothing does: then nobody asks what is installed.
  if (!unknown.some(isTelling)) return []
  const installed = installedIn(unknown, listed)
  const facts = unknown.flatMap((o): Fact[] => {
    switch (o.kind) {
      case 'package':
        return ofPackage(o, installed)
      case 'process':
        return ofProcess(o, installed, listed, homeOf(o.account))
      case 'behaviour':
        return ofFolder(o, installed, listed)
      case 'command':
      case 'app':
      case 'extension':
      case 'config':
      case 'mcp-server':
      case 'trace':
        return []
    }
  })
  const groups = Map.groupBy(facts, ({ account, source, name }) => [account ?? '', source, name].join('\0'))
  return [...groups.values()]
    .flatMap((own): Behaving[] => {
      const [first] = own
      if (first === undefined || !SubjectName.safeParse(first.name).success) return []
      const { account, source, name } = first
      // What is installed for all is there for this account, too.
      const shared = account === null ? [] : (groups.get(['', source, name].join('\0')) ?? [])
      const behaviours = inOrder([...own, ...shared])
      return [{ account, source, name, behaviours }]
    })
    .toSorted(
      (a, b) =>
        compareText(a.account ?? '', b.account ?? '') ||
        compareText(a.name, b.name) ||
        compareText(a.source, b.source),
    )
}

function isTelling(o: Observation): boolean {
  return (
    o.kind === 'behaviour' ||
    (o.kind === 'package' && (o.dependsOn?.length ?? 0) > 0) ||
    (o.kind === 'process' && o.sets.length > 0)
  )
}

/** Enough to be put up for review: two behaviours that differ in kind, or records in which a model answered. */
export function isCandidate(behaviours: readonly Pick<SeenBehaviour, 'behaviour'>[]): boolean {
  const kinds = new Set(behaviours.map(({ behaviour }) => behaviour))
  return kinds.size >= 2 || kinds.has('session-records')
}

interface Installed {
  readonly has: (subject: Subject, account: string | null) => boolean
  /** The packages that bear a word as their name or as that of a command. */
  readonly named: (word: string, account: string | null) => readonly Subject[]
}

function installedIn(unknown: readonly Observation[], listed: Listed): Installed {
  const holders = new Map<string, { readonly subject: Subject; readonly accounts: Set<string | null> }>()
  const words = new Map<string, Set<string>>()
  for (const o of unknown) {
    if (o.kind !== 'package' || o.scope !== 'installed' || listed.isPackage(o.manager, o.name)) continue
    const subject = { source: o.manager, name: o.name }
    holders
      .getOrInsertComputed(keyOf(subject), () => ({ subject, accounts: new Set() }))
      .accounts.add(o.account)
    words.getOrInsertComputed(wordOf(o.name), () => new Set()).add(keyOf(subject))
  }
  for (const o of unknown) {
    if (o.kind !== 'command' || o.package === null) continue
    const key = keyOf({ source: o.package.manager, name: o.package.name })
    if (holders.has(key)) words.getOrInsertComputed(o.name, () => new Set()).add(key)
  }
  const has = (subject: Subject, account: string | null): boolean => {
    const accounts = holders.get(keyOf(subject))?.accounts
    return accounts !== undefined && (accounts.has(account) || accounts.has(null))
  }
  return {
    has,
    named: (word, account) =>
      [...(words.get(word) ?? [])].flatMap((key) => {
        const subject = holders.get(key)?.subject
        return subject !== undefined && has(subject, account) ? [subject] : []
      }),
  }
}

function keyOf({ source, name }: Subject): string {
  return `${source}\0${name}`
}

function ofPackage(o: PackageObservation, installed: Installed): Fact[] {
  const subject = { source: o.manager, name: o.name }
  if (o.scope !== 'installed' || !installed.has(subject, o.account)) return []
  return (o.dependsOn ?? []).map((dependency) => ({
    ...subject,
    account: o.account,
    behaviour: 'agent-dependency',
    signal: `${o.manager}:${dependency}`,
    path: o.path,
  }))
}

const marks: ReadonlySet<string> = new Set(agentMarks.map(({ name }) => name))

function ofProcess(o: ProcessObservation, installed: Installed, listed: Listed, home: string | null): Fact[] {
  const path = o.script ?? o.executable
  const set = o.sets.filter((name) => marks.has(name))
  if (path === null || set.length === 0) return []
  const own = o.package === null ? null : { source: o.package.manager, name: o.package.name }
  const subjects =
    own !== null && installed.has(own, o.account)
      ? [own]
      : subjectsOfFolder(folderOf(path, home), o.account, installed, listed)
  return subjects.flatMap((subject) =>
    set.map((name) => ({
      ...subject,
      account: o.account,
      behaviour: 'agent-mark' as const,
      signal: `environment:${name}`,
      path,
    })),
  )
}

function ofFolder(o: BehaviourObservation, installed: Installed, listed: Listed): Fact[] {
  return subjectsOfFolder(o.folder, o.account, installed, listed).map((subject) => ({
    ...subject,
    account: o.account,
    behaviour: o.behaviour,
    signal: o.template,
    path: o.path,
  }))
}

/** The folder of a tool that a program lies in; null where that says nothing of whose it is. */
function folderOf(path: string, home: string | null): string | null {
  const match = /^(~\/(?:\.config\/[^/]+|\.[^/]+))\/./.exec(placeOf(path, home))
  const folder = match?.[1]
  return folder === undefined || shared.has(folder) ? null : folder
}

/** Folders of a home in which programs of many makers lie. */
const shared: ReadonlySet<string> = new Set([
  '~/.asdf',
  '~/.bun',
  '~/.cache',
  '~/.cargo',
  '~/.deno',
  '~/.dotnet',
  '~/.fnm',
  '~/.linuxbrew',
  '~/.local',
  '~/.nix-profile',
  '~/.npm',
  '~/.npm-global',
  '~/.nvm',
  '~/.pyenv',
  '~/.vite-plus',
  '~/.volta',
  '~/.yarn',
])

function subjectsOfFolder(
  folder: string | null,
  account: string | null,
  installed: Installed,
  listed: Listed,
): readonly Subject[] {
  if (folder === null || listed.isFolder(folder)) return []
  const packages = installed.named(wordOf(folder), account)
  // Of several packages of that name it cannot be told whose it is.
  return packages.length === 1 ? packages : [{ source: 'home', name: folder }]
}

/** One of each behaviour and signal, in an order that does not change from look to look. */
function inOrder(facts: readonly Fact[]): SeenBehaviour[] {
  const seen = new Map<string, SeenBehaviour>()
  for (const { behaviour, signal, path } of facts) {
    const key = `${behaviour} ${signal}`
    if (!seen.has(key)) seen.set(key, { behaviour, signal, path })
  }
  return [...seen.entries()].toSorted(([a], [b]) => compareText(a, b)).map(([, one]) => one)
}
