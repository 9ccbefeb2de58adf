// Matching: which observations speak for which tool; what they add up to is detect.ts. Pure; knows no tool by name.
import type { Evidence } from './detection.ts'
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

interface Signed {
  readonly hit: Hit
  /** Whose signature the maker's own has. */
  readonly team: string | undefined
}

/** Builds the indices. `platform` leaves out signals that are only another system's. */
export function matcherOf(tools: readonly Tool[], platform: Platform): Matcher {
  const packages = new Map<string, Hit[]>()
  const apps = new Map<string, Signed[]>()
  const extensions = new Map<string, Hit[]>()
  const commands = new Map<string, Hit[]>()
  const builds = new Map<string, Hit[]>()
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
    for (const s of signals.app ?? []) {
      const id = `${s.idKind}:${s.id}`
      add(apps, id, { hit: hit(`app:${id}`, 'presence', 'proven'), team: s.teamId })
    }
    for (const s of signals.extension ?? []) {
      const id = `${s.host}:${s.id.toLowerCase()}`
      add(extensions, id, hit(`extension:${id}`, 'presence', 'proven'))
    }
    for (const s of on(platform, signals.command ?? []))
      add(commands, s.name, hit(`command:${s.name}`, 'presence', 'weak'))
    for (const name of new Set(on(platform, signals.build ?? []).map((s) => s.name)))
      add(builds, name, hit(`build:${name}`, 'presence', 'likely'))
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
    builds,
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
  readonly apps: ReadonlyMap<string, Signed[]>
  readonly extensions: ReadonlyMap<string, Hit[]>
  readonly commands: ReadonlyMap<string, Hit[]>
  readonly builds: ReadonlyMap<string, Hit[]>
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
      return (index.apps.get(`${o.idKind}:${o.id}`) ?? []).map((app) => ofTeam(app, o.team))
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
      const proven = [
        ...ofPackage(o.package, index),
        ...ofPlace(o.target, o.bytes, home, index),
        ...ofBuild(o.build, index),
      ]
      if (proven.length > 0) return proven
      return isOnlyNamed(o) ? [] : (index.commands.get(o.name) ?? [])
    }
    case 'process': {
      const files = [o.executable, o.script].filter((file) => file !== null)
      const proven = [
        ...ofPackage(o.package, index),
        ...files.flatMap((file) => ofPlace(file, null, home, index)),
        ...ofBuild(o.build, index),
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

/** An id that says to be the tool's, under a signature that is not its maker's, or none, is anybody's to write. */
function ofTeam({ hit, team }: Signed, seen: string | null | undefined): Hit {
  return team === undefined || seen === undefined || seen === team ? hit : { ...hit, strength: 'likely' }
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

function ofBuild(build: string | undefined, index: Index): readonly Hit[] {
  return build === undefined ? [] : (index.builds.get(build) ?? [])
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
    build: on(
      platform,
      tools.flatMap((tool) => tool.signals.build ?? []),
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
