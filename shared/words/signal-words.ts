// How a tool is recognised, in sentences: the same for the agent's command line and for the dashboard. Pure.
import type { BuildSignal, MovedHome, Platform, Signals, Tool } from '../tool.ts'
import { listedPhrases, phrase, phraseText, plain, type Phrase } from './phrase.ts'
import type { Rests, SignalKind, SignalOf } from './signal-vocabulary.ts'
import type { Words } from './vocabulary.ts'

/** One signal. */
export interface SignalLine {
  /** As evidence names it: `package:npm:@example/cli`. */
  readonly signal: string
  readonly phrase: Phrase
  /** Null: on every system. */
  readonly platforms: readonly Platform[] | null
  readonly basis: Rests
  readonly note: string | null
}

/** The signals of one kind. */
export interface SignalGroup {
  readonly kind: SignalKind
  readonly label: string
  readonly about: string
  readonly lines: readonly SignalLine[]
}

/** What proves most comes first. */
const order = [
  'package',
  'app',
  'extension',
  'executable',
  'build',
  'command',
  'trace',
  'config',
  'mcp',
  'title',
  'environment',
] as const satisfies readonly SignalKind[]

type LineMakers = {
  readonly [K in SignalKind]: (signal: SignalOf[K], words: Words) => readonly [string, Phrase]
}
type SignalLists = { readonly [K in SignalKind]?: readonly SignalOf[K][] | undefined }

/** The code under which evidence names a signal, as shared/match.ts makes it, and its sentence. */
const lineOf: LineMakers = {
  package: ({ manager, name }, { tool }) => [
    `package:${manager}:${name}`,
    phrase(tool.signal.package[manager], { name }),
  ],
  app: ({ idKind, id, teamId }, { tool }) => [
    `app:${idKind}:${id}`,
    [
      ...phrase(tool.signal.app[idKind], { id }),
      ...(teamId === undefined ? [] : phrase(tool.signal.team, { team: teamId })),
    ],
  ],
  extension: ({ host, id }, { tool }) => [
    `extension:${host}:${id.toLowerCase()}`,
    phrase(tool.signal.extension[host], { id }),
  ],
  executable: ({ place, minBytes }, { tool }) => [
    `executable:${place}`,
    minBytes === undefined
      ? phrase(tool.signal.executable, { place })
      : phrase(tool.signal.executableOfSize, { place, size: plain(sizeText(minBytes)) }),
  ],
  command: ({ name }, { tool }) => [`command:${name}`, phrase(tool.signal.command, { name })],
  trace: ({ place, means }, { tool }) => [`trace:${place}`, phrase(tool.signal.trace[means], { place })],
  config: ({ place }, { tool }) => [`config:${place}`, phrase(tool.signal.config, { place })],
  mcp: ({ place, key }, { tool }) => [`mcp:${place}`, phrase(tool.signal.mcp, { place, key })],
  build: (one, { tool }) => [`build:${one.name}`, buildPhrase(one, tool.signal)],
  title: ({ name }, { tool }) => [`title:${name}`, phrase(tool.signal.title, { name })],
  environment: ({ name }, { tool }) => [`environment:${name}`, phrase(tool.signal.environment, { name })],
}

function buildPhrase(
  { name, format, entry, holds = [] }: BuildSignal,
  words: Words['tool']['signal'],
): Phrase {
  if (entry !== undefined && format === 'appimage') return phrase(words.appImage, { entry })
  if (entry !== undefined && format === 'signed') return phrase(words.signed, { entry, by: holds.join(', ') })
  return phrase(words.build, { name })
}

interface AnySignal {
  readonly platforms?: readonly Platform[] | undefined
  readonly basis: Rests
  readonly note?: string | undefined
}

function linesOf<K extends SignalKind>(kind: K, signals: SignalLists, words: Words): readonly SignalLine[] {
  const make: LineMakers[K] = lineOf[kind]
  const given: readonly SignalOf[K][] = signals[kind] ?? []
  return given.map((one) => {
    const { platforms, basis, note }: AnySignal = one
    const [signal, text] = make(one, words)
    return { signal, phrase: text, platforms: platforms ?? null, basis, note: note ?? null }
  })
}

/** Every signal of a tool by kind, what proves most first; kinds without any are left out. */
export function signalGroups(words: Words, signals: Signals): readonly SignalGroup[] {
  return order.flatMap((kind) => {
    const lines = withoutRepeats(linesOf(kind, signals, words))
    if (lines.length === 0) return []
    const { label, about } = words.tool.signal.kind[kind]
    return [{ kind, label, about, lines }]
  })
}

/** A program that is told by either of two builds is one line to people; what was noted of each stays. */
function withoutRepeats(lines: readonly SignalLine[]): readonly SignalLine[] {
  const groups = Map.groupBy(lines, (line) =>
    JSON.stringify([line.signal, line.phrase, line.platforms, line.basis]),
  )
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike
    const notes = new Set(alike.flatMap(({ note }) => note ?? []))
    return first === undefined ? [] : [{ ...first, note: notes.size === 0 ? null : [...notes].join('; ') }]
  })
}

/** What the signal of a piece of evidence is, in words; null where the catalogue does not have it (any more). */
export function evidenceWords(words: Words, signals: Signals, signal: string): Phrase | null {
  const server = /^mcp-server:(.+)$/u.exec(signal)?.[1]
  if (server !== undefined) {
    const what = evidenceWords(words, signals, server)
    return what === null ? null : phrase(words.tool.signal.mcpServer, { what })
  }
  const lines = signalGroups(words, signals).flatMap((group) => group.lines)
  return lines.find((line) => line.signal === signal)?.phrase ?? null
}

/** On which systems a signal holds: `on Linux and macOS`; null where on every one. */
export function systemsText(words: Words, platforms: readonly Platform[] | null): string | null {
  if (platforms === null) return null
  const names = platforms.map((platform) => plain(words.platform[platform]))
  return phraseText(
    phrase(words.tool.onlyOn, { systems: listedPhrases(names, words.tool.and, words.tool.comma) }),
  )
}

/** Which variable moves which folder. */
export function movedHomeWords(
  words: Words,
  { variable, place }: Pick<MovedHome, 'variable' | 'place'>,
): Phrase {
  return phrase(words.tool.signal.movedHome, { variable, place })
}

/** What became of a tool: former names, its successor, its end. Names of successors come from the caller. */
export function historyText(
  words: Words,
  tool: Pick<Tool, 'renamedFrom' | 'successor' | 'ended'>,
  nameOf: (id: string) => string,
): readonly string[] {
  const { renamedFrom = [], successor, ended } = tool
  const said = (template: string, values: Readonly<Record<string, string>>) =>
    phraseText(
      phrase(template, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plain(value)]))),
    )
  return [
    ...renamedFrom.map(({ name, until }) => said(words.tool.renamedFrom, { name, day: until })),
    ...(successor === undefined
      ? []
      : [said(words.tool.successor, { name: nameOf(successor.id), day: successor.since })]),
    ...(ended === undefined ? [] : [said(words.tool.ended, { day: ended })]),
  ]
}

/** Where a vendor sits, in the words of a language (BCP 47): `United States (US)`. */
export function countryText(words: Words, country: string | null, language: string): string {
  if (country === null) return words.tool.countryUnknown
  const name = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(country)
  return name === undefined ? country : `${name} (${country})`
}

const kilo = 1000

function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let size = bytes
  let unit = 0
  while (size >= kilo && unit < units.length - 1) {
    size /= kilo
    unit++
  }
  return `${Math.round(size * 10) / 10} ${units[unit] ?? ''}`
}
