// Matching: which observations speak for which tool, and what they add up to. Pure; knows no tool by name.
import type { Detection, Evidence, State } from './detection.ts'
import type { CommandObservation, Observation, PackageRef } from './observation.ts'
import { indexPlaces, placeOf, type PlaceIndex } from './place.ts'
import type { Means, MovedHome, Platform, Signals, Strength, Tool, TraceSignal } from './tool.ts'

/** Where to look: every signal of every tool, by kind. */
export type Wanted = { readonly [K in keyof Signals]-?: readonly NonNullable<Signals[K]>[number][] } & {
  readonly movedHomes: readonly MovedHome[]
}

/** One observation that speaks for one tool, and how. */
export interface Match {
  readonly tool: string
  readonly observation: Observation
  readonly evidence: Evidence
  /** For traces: the signal, with its record shape. */
  readonly trace: TraceSignal | null
}

type Hit = Pick<Match, 'tool' | 'trace'> & Pick<Evidence, 'signal' | 'means' | 'strength'>

/** A catalogue made ready for matching; build it once for many looks. */
export interface Matcher {
  readonly match: (observation: Observation, home: string | null) => readonly Match[]
}

interface Placed {
  readonly hit: Hit
  readonly minBytes: number
}

/** Builds the indices. `platform` leaves out signals that are only another system's. */
export function matcherOf(tools: readonly Tool[], platform: Platform): Matcher {
  const packages = new Map<string, Hit[]>()
  const apps = new Map<string, Hit[]>()
  const extensions = new Map<string, Hit[]>()
  const commands = new Map<string, Hit[]>()
  const titles = new Map<string, Hit[]>()
  const variables = new Map<string, Hit[]>()
  const executables: [string, Placed][] = []
  const configs: [string, Hit][] = []
  const mcps: [string, Hit][] = []
  const traces: [string, Hit][] = []

  for (const tool of tools) {
    const hit = (
      signal: string,
      means: Means,
      strength: Strength,
      trace: TraceSignal | null = null,
    ): Hit => ({
      tool: tool.id,
      signal,
      means,
      strength,
      trace,
    })
    const { signals } = tool
    for (const s of signals.package ?? []) {
      add(packages, `${s.manager}:${s.name}`, hit(`package:${s.manager}:${s.name}`, 'presence', 'proven'))
    }
    for (const s of signals.app ?? [])
      add(apps, `${s.idKind}:${s.id}`, hit(`app:${s.idKind}:${s.id}`, 'presence', 'proven'))
    for (const s of signals.extension ?? []) {
      const id = `${s.host}:${s.id.toLowerCase()}`
      add(extensions, id, hit(`extension:${id}`, 'presence', 'proven'))
    }
    for (const s of on(platform, signals.command ?? []))
      add(commands, s.name, hit(`command:${s.name}`, 'presence', 'weak'))
    for (const s of on(platform, signals.title ?? []))
      add(titles, s.name, hit(`title:${s.name}`, 'start', 'weak'))
    for (const s of signals.environment ?? [])
      add(variables, s.name, hit(`environment:${s.name}`, 'start', 'weak'))
    for (const s of on(platform, signals.executable ?? [])) {
      executables.push([
        s.place,
        { hit: hit(`executable:${s.place}`, 'presence', 'likely'), minBytes: s.minBytes ?? 0 },
      ])
    }
    for (const s of on(platform, signals.config ?? []))
      configs.push([s.place, hit(`config:${s.place}`, 'configuration', 'weak')])
    for (const s of on(platform, signals.mcp ?? []))
      mcps.push([s.place, hit(`mcp:${s.place}`, 'configuration', 'weak')])
    for (const s of on(platform, signals.trace ?? []))
      traces.push([s.place, hit(`trace:${s.place}`, s.means, 'weak', s)])
  }
  const index = {
    packages,
    apps,
    extensions,
    commands,
    titles,
    variables,
    executables: indexPlaces(executables),
    configs: indexPlaces(configs),
    mcps: indexPlaces(mcps),
    traces: indexPlaces(traces),
  }
  return {
    match(observation, home) {
      return hitsOf(observation, home, index).map((hit) => ({
        tool: hit.tool,
        observation,
        evidence: evidenceOf(observation, hit),
        trace: hit.trace,
      }))
    },
  }
}

interface Index {
  readonly packages: ReadonlyMap<string, Hit[]>
  readonly apps: ReadonlyMap<string, Hit[]>
  readonly extensions: ReadonlyMap<string, Hit[]>
  readonly commands: ReadonlyMap<string, Hit[]>
  readonly titles: ReadonlyMap<string, Hit[]>
  readonly variables: ReadonlyMap<string, Hit[]>
  readonly executables: PlaceIndex<Placed>
  readonly configs: PlaceIndex<Hit>
  readonly mcps: PlaceIndex<Hit>
  readonly traces: PlaceIndex<Hit>
}

function hitsOf(o: Observation, home: string | null, index: Index): readonly Hit[] {
  switch (o.kind) {
    case 'package':
      return index.packages.get(`${o.manager}:${o.name}`) ?? []
    case 'app':
      return index.apps.get(`${o.idKind}:${o.id}`) ?? []
    case 'extension': {
      const hits = index.extensions.get(`${o.host}:${o.id.toLowerCase()}`) ?? []
      // One that is switched off is there: a click and it runs.
      return o.status === 'leftover' ? hits.map((hit) => ({ ...hit, means: 'configuration' })) : hits
    }
    case 'config':
      return index.configs.find(o.place)
    case 'mcp-server':
      return [
        ...index.mcps.find(o.place),
        ...(o.package === null
          ? []
          : (index.packages.get(`${o.package.manager}:${o.package.name}`) ?? [])
        ).map(
          (hit) =>
            ({
              ...hit,
              signal: `mcp-server:${hit.signal}`,
              means: 'configuration',
              strength: 'weak',
            }) as const,
        ),
      ]
    case 'behaviour':
      return [] // of no tool: unlisted.ts adds it up
    case 'trace':
      return index.traces.find(o.place).map((hit) => traceHit(hit, o.facts))
    case 'command': {
      const proven = [...ofPackage(o.package, index), ...ofPlace(o.target, o.bytes, home, index)]
      if (proven.length > 0) return proven
      return isOnlyNamed(o) ? [] : (index.commands.get(o.name) ?? [])
    }
    case 'process': {
      const files = [o.executable, o.script].filter((file) => file !== null)
      const proven = [
        ...ofPackage(o.package, index),
        ...files.flatMap((file) => ofPlace(file, null, home, index)),
      ]
      return [
        ...proven.map((hit) => ({ ...hit, means: 'start' }) as const),
        ...(o.title === null ? [] : (index.titles.get(o.title) ?? [])),
        ...o.sets.flatMap((name) => index.variables.get(name) ?? []),
      ]
    }
  }
}

/**
 * Whether what a command leads to speaks against its name: a known package that is none of ours, a script of somebody's own
 * that leads nowhere, another program of the distribution.
 */
function isOnlyNamed({ name, target, format, package: owner }: CommandObservation): boolean {
  const file = target.slice(target.lastIndexOf('/') + 1)
  return owner !== null || format === 'script' || (file !== name && /^\/(?:usr\/)?s?bin\//.test(target))
}

/** A session's trace proves itself once a held record of its own format was read in it; until then it is a file name. */
function traceHit(
  hit: Hit,
  facts: { readonly heldAt: readonly number[]; readonly beganAt: number | null } | null,
): Hit {
  if (hit.means !== 'session') return hit
  if (facts === null) return { ...hit, strength: 'likely' }
  if (facts.heldAt.length > 0) return { ...hit, strength: 'proven' }
  // Records of its format, none answered: an attempt. Not even a dated record: the file is only a name.
  return { ...hit, means: 'start', strength: facts.beganAt === null ? 'weak' : 'likely' }
}

function ofPackage(ref: PackageRef | null, index: Index): readonly Hit[] {
  return ref === null ? [] : (index.packages.get(`${ref.manager}:${ref.name}`) ?? [])
}

/** Without a size (a process tells none) the place decides alone. */
function ofPlace(path: string, bytes: number | null, home: string | null, index: Index): readonly Hit[] {
  const placed = index.executables.find(placeOf(path, home))
  return placed.filter((p) => bytes === null || bytes >= p.minBytes).map((p) => p.hit)
}

function evidenceOf(o: Observation, hit: Hit): Evidence {
  return {
    kind: o.kind,
    signal: hit.signal,
    path: o.kind === 'process' ? (o.script ?? o.executable) : o.path,
    pid: o.kind === 'process' ? o.pid : null,
    at: o.at,
    means: hit.means,
    strength: hit.strength,
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

/** What of a detection follows from one look alone; marks and first sight need memory and are the caller's. */
export type Detected = Omit<Detection, 'marks' | 'firstSeenAt' | 'lastUsedAt'> & {
  readonly matches: readonly Match[]
  /** The tool is there, for this account or for the whole machine. */
  readonly present: boolean
}

/**
 * Adds matches up to detections, one per tool and account, sorted by tool and account.
 * A machine-wide installation (account null) makes the tool present for each account that has traces of it.
 * A name alone (weak evidence of one kind) is no detection.
 */
export function detect(matches: readonly Match[]): Detected[] {
  const groups = new Map<string, Match[]>()
  for (const match of matches) add(groups, `${match.tool}\0${match.observation.account ?? ''}`, match)
  const machineWide = new Set<string>()
  for (const group of groups.values()) {
    const first = group[0]
    if (first && first.observation.account === null && isPresent(group)) machineWide.add(first.tool)
  }
  const detected = [...groups.values()].flatMap((group): Detected[] => {
    const first = group[0]
    if (!first) return []
    const strength = strengthOf(group)
    if (strength === null) return []
    const present = isPresent(group) || machineWide.has(first.tool)
    return [
      {
        tool: first.tool,
        account: first.observation.account,
        state: stateOf(group, present),
        running: runsOf(group, present).length > 0,
        strength,
        version: versionOf(group),
        evidence: uniqueEvidence(group),
        matches: group,
        present,
      },
    ]
  })
  return detected.toSorted((a, b) => compare(a.tool, b.tool) || compare(a.account ?? '', b.account ?? ''))
}

/**
 * The matches that say that the tool itself runs, which its children with its variables do not. A title or a variable that
 * was set is anybody's to imitate: it counts where the tool is there, and makes a likely run.
 */
export function runsOf(matches: readonly Match[], present: boolean): readonly Match[] {
  const processes = matches.filter(({ observation }) => observation.kind === 'process')
  const own = processes.filter(({ evidence }) => evidence.strength !== 'weak')
  if (own.length > 0 || !present) return own
  return processes
    .filter((m) => m.evidence.signal.startsWith('title:') || isSetBy(m))
    .map((m) => ({ ...m, evidence: { ...m.evidence, strength: 'likely' } }))
}

/** A process that gave what it started the tool's variable: a renamed program is still told by it. */
function isSetBy({ observation: o, evidence }: Match): boolean {
  return o.kind === 'process' && o.sets.some((name) => evidence.signal === `environment:${name}`)
}

/**
 * Proven or likely by one signal; likely, too, by two independent weak ones. Names of commands count as one together,
 * so that a tool with two names is not twice as likely; so do the variables that a tool sets.
 */
function strengthOf(group: readonly Match[]): Strength | null {
  if (group.some((m) => m.evidence.strength === 'proven')) return 'proven'
  if (group.some((m) => m.evidence.strength === 'likely')) return 'likely'
  return hasTwoFacts(group) ? 'likely' : null
}

/** Two pieces of evidence that are neither the same kind of fact nor of the same file or program. */
function hasTwoFacts(group: readonly Match[]): boolean {
  const facts = new Set(group.map(({ evidence }) => factOf(evidence)))
  const files = new Set(group.map(({ evidence }) => evidence.path))
  return facts.size >= 2 && files.size >= 2
}

/** What two signals share when one fact is behind both: a command's name and a process's title are both only names. */
function factOf({ kind, signal }: Evidence): string {
  if (kind === 'command' || signal.startsWith('title:')) return 'name'
  return signal.startsWith('environment:') ? 'environment' : signal
}

/**
 * There to be started: an installation of more than a name, a process that runs from one or does as it does, or a name
 * beside other traces.
 */
function isPresent(group: readonly Match[]): boolean {
  const strong = group.filter((m) => m.evidence.strength !== 'weak')
  if (strong.some((m) => m.evidence.means === 'presence' || m.observation.kind === 'process')) return true
  return hasTwoFacts(group) && group.some((m) => m.evidence.kind === 'command' || isSetBy(m))
}

function stateOf(group: readonly Match[], present: boolean): State {
  if (!present) return 'leftover'
  if (group.some((m) => m.evidence.means === 'session')) return 'used'
  if (group.some((m) => m.evidence.means === 'start')) return 'started'
  return 'installed'
}

function versionOf(group: readonly Match[]): string | null {
  const versions = group.flatMap(({ observation: o }) => {
    if (o.kind === 'package' || o.kind === 'extension' || o.kind === 'app')
      return o.version === null ? [] : [o.version]
    if (o.kind === 'command' || o.kind === 'process') return o.package?.version ? [o.package.version] : []
    return []
  })
  return versions.toSorted((a, b) => compare(b, a))[0] ?? null
}

/** One piece of evidence per signal, file and process: a fact that two collectors saw counts once. */
function uniqueEvidence(group: readonly Match[]): Evidence[] {
  const seen = new Map<string, Evidence>()
  for (const { evidence: e } of group) {
    const key = `${e.signal}\0${e.path ?? ''}\0${e.pid ?? ''}`
    if (!seen.has(key)) seen.set(key, e)
  }
  return [...seen.values()]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The slice of a catalogue that tells collectors where to look: every signal by kind, no tool's name. */
export function wantedOf(tools: readonly Tool[], platform: Platform): Wanted {
  let known = wanted.get(tools)
  if (known === undefined) wanted.set(tools, (known = new Map()))
  const made = known.get(platform) ?? collectWanted(tools, platform)
  known.set(platform, made)
  return made
}

/** The same catalogue is asked for at every look, and what is made of its lists is kept by them. */
const wanted = new WeakMap<readonly Tool[], Map<Platform, Wanted>>()

function collectWanted(tools: readonly Tool[], platform: Platform): Wanted {
  return {
    package: tools.flatMap((tool) => tool.signals.package ?? []),
    command: on(
      platform,
      tools.flatMap((tool) => tool.signals.command ?? []),
    ),
    executable: on(
      platform,
      tools.flatMap((tool) => tool.signals.executable ?? []),
    ),
    app: tools.flatMap((tool) => tool.signals.app ?? []),
    extension: tools.flatMap((tool) => tool.signals.extension ?? []),
    config: on(
      platform,
      tools.flatMap((tool) => tool.signals.config ?? []),
    ),
    trace: on(
      platform,
      tools.flatMap((tool) => tool.signals.trace ?? []),
    ),
    mcp: on(
      platform,
      tools.flatMap((tool) => tool.signals.mcp ?? []),
    ),
    title: on(
      platform,
      tools.flatMap((tool) => tool.signals.title ?? []),
    ),
    environment: tools.flatMap((tool) => tool.signals.environment ?? []),
    movedHomes: tools.flatMap((tool) => tool.movedHomes ?? []),
  }
}

/** Those signals that hold on a system: the ones said to be another's left out. */
function on<S extends { readonly platforms?: readonly Platform[] | undefined }>(
  platform: Platform,
  signals: readonly S[],
): S[] {
  return signals.filter((signal) => signal.platforms === undefined || signal.platforms.includes(platform))
}
