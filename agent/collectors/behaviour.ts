// Folders of no known tool in which something keeps what AI coding agents keep: settings of an MCP client, records of sessions.
// Looks for the few names of catalogue/behaviours.ts and walks nothing; takes from a record that a model answered, no text.
import type { Wanted } from '#shared/match.ts'
import type { Account, BehaviourObservation } from '#shared/observation.ts'
import { clientSettings, otherFolders, sessionRecords } from '#shared/catalogue/behaviours.ts'
import type { PlaceIndex } from '#shared/place.ts'
import { folderIndex } from '#shared/unlisted.ts'
import { jsonc, parseMcpServers } from '../parsers/mcp-servers.ts'
import { holdsAnswer, readyTests } from '../parsers/session-records.ts'
import type { Entry, FileInfo, OpenFile, Reach } from '../platform/files.ts'
import { homeReach, isOwn } from '../platform/places.ts'
import type { Collector, ScanContext } from './collector.ts'
import { gapList } from './gap.ts'

/** A folder with more in it is no tool's settings. */
const maxEntries = 1000
const maxFolders = 300
/** Of one folder of sessions: those whose names come last are mostly the newest. */
const maxFilesSeen = 100
const maxFoldersSeen = 20
const maxFilesRead = 3
/** Of settings that list servers and nothing else. */
const maxSettingsBytes = 256 * 1024
const pieceBytes = 64 * 1024

const answers = sessionRecords.answers.map(readyTests)

export const behaviourCollector: Collector<'behaviour'> = {
  kind: 'behaviour',
  repeats: true,
  about:
    'Looks whether folders of tools that nobody has listed yet hold what AI coding agents keep, so that somebody can ask what they are.',
  reads: [
    `~/.*/ and ~/.config/*/ of no known tool: ${clientSettings.files.join(', ')}, whether a table of servers is in it`,
    `there ${sessionRecords.folders.map((name) => `${name}/`).join(', ')} and folders directly in them: whether the newest *${sessionRecords.extension} have a record in which a model answered`,
  ],
  collect(context) {
    const list = gapList('behaviour', context.now)
    const observations: BehaviourObservation[] = []
    const known = knownFolders(context.wanted)
    for (const account of context.accounts) {
      const reach = homeReach(context.host.files, account)
      for (const folder of foldersOf(reach, account, known)) {
        if (context.signal.aborted) {
          list.add(account.name, { reason: 'over-budget', path: folder.path, detail: null })
          break
        }
        for (const one of lookInto(context, reach, account, folder)) observations.push(one)
      }
    }
    // What cannot be looked into here is no gap: how well was looked for the catalogue's tools, their own places say.
    return { observations, gaps: list.gaps }
  },
}

const indices = new WeakMap<Wanted['config'], PlaceIndex<true>>()

/** Made once for a catalogue. */
function knownFolders({ config, trace, mcp, executable, movedHomes }: Wanted): PlaceIndex<true> {
  const known = indices.get(config)
  if (known !== undefined) return known
  const signals = [...config, ...trace, ...mcp, ...executable, ...movedHomes]
  const made = folderIndex(signals.map(({ place }) => place))
  indices.set(config, made)
  return made
}

interface Folder {
  readonly path: string
  /** `~/.example` */
  readonly place: string
  /** `~/.*` */
  readonly template: string
}

function foldersOf(reach: Reach, account: Account, known: PlaceIndex<true>): readonly Folder[] {
  const home = account.home.replace(/\/$/, '')
  const below = (path: string, place: string, template: string, isOne: (name: string) => boolean) =>
    foldersIn(reach, path).flatMap(({ name }): Folder[] => {
      const folder = `${place}/${name}`
      if (!isOne(name) || otherFolders.has(folder) || known.find(folder).length > 0) return []
      return [{ path: `${path}/${name}`, place: folder, template }]
    })
  return [
    ...below(home, '~', '~/.*', (name) => name.startsWith('.')),
    ...below(`${home}/.config`, '~/.config', '~/.config/*', (name) => !name.startsWith('.')),
  ].slice(0, maxFolders)
}

function foldersIn(reach: Reach, path: string): readonly Entry[] {
  return entriesIn(reach, path, 20_000).filter(({ kind }) => kind === 'folder' || kind === 'link')
}

/** Nothing where there are too many: it is listed whole or not at all. */
function entriesIn(reach: Reach, path: string, most = maxEntries): readonly Entry[] {
  const listing = reach.list(path, most)
  return listing.ok && listing.value.gap === null ? listing.value.entries : []
}

function lookInto(
  context: ScanContext,
  reach: Reach,
  account: Account,
  folder: Folder,
): readonly BehaviourObservation[] {
  const names = new Set(entriesIn(reach, folder.path).map(({ name }) => name))
  const seen = (behaviour: BehaviourObservation['behaviour'], path: string, below: string) => ({
    kind: 'behaviour' as const,
    account: account.name,
    at: context.now,
    behaviour,
    folder: folder.place,
    path,
    template: `${folder.template}/${below}`,
  })
  const observations = clientSettings.files.flatMap((name): BehaviourObservation[] => {
    const path = `${folder.path}/${name}`
    if (!names.has(name)) return []
    const lists = reach.parsed(path, maxSettingsBytes, listsServers)
    return lists.ok && lists.value ? [seen('mcp-settings', path, name)] : []
  })
  if (!context.confirmUse) return observations
  for (const name of sessionRecords.folders) {
    const found = names.has(name) ? recordIn(context, reach, account, `${folder.path}/${name}`) : null
    if (found !== null) observations.push(seen('session-records', found.path, `${name}/${found.below}`))
  }
  return observations
}

function listsServers(bytes: Uint8Array): boolean {
  const servers = parseMcpServers(new TextDecoder().decode(bytes), jsonc, clientSettings.key)
  return servers !== null && servers.length > 0
}

interface FoundRecord {
  readonly path: string
  readonly below: string
}

/** One of the newest records, directly in a folder or in one below it, in which a model answered. */
function recordIn(context: ScanContext, reach: Reach, account: Account, folder: string): FoundRecord | null {
  const entries = entriesIn(reach, folder, 20_000)
  const files = filesIn(reach, account, folder, entries, '*.jsonl')
  const folders = entries.filter(({ kind }) => kind === 'folder' || kind === 'link').map(({ name }) => name)
  for (const name of folders.toSorted().slice(-maxFoldersSeen)) {
    if (context.signal.aborted) return null
    const path = `${folder}/${name}`
    files.push(...filesIn(reach, account, path, entriesIn(reach, path), '*/*.jsonl'))
  }
  const newest = files.toSorted((a, b) => b.info.modifiedAt - a.info.modifiedAt).slice(0, maxFilesRead)
  return (
    newest.find(({ path }) => {
      const examined = reach.examined(path, hasAnswer)
      return examined.ok && examined.value
    }) ?? null
  )
}

function filesIn(
  reach: Reach,
  account: Account,
  folder: string,
  entries: readonly Entry[],
  below: string,
): (FoundRecord & { readonly info: FileInfo })[] {
  const names = entries.filter(({ name, kind }) => kind === 'file' && name.endsWith(sessionRecords.extension))
  return names
    .map(({ name }) => name)
    .toSorted()
    .slice(-maxFilesSeen)
    .flatMap((name) => {
      const path = `${folder}/${name}`
      const info = reach.stat(path)
      // What was put into a home by somebody else is no doing of its owner.
      const isOwnFile = info.ok && info.value.kind === 'file' && isOwn(info.value, account)
      return isOwnFile ? [{ path, info: info.value, below }] : []
    })
}

/** In the head of a file or in its tail. */
function hasAnswer(file: OpenFile): boolean {
  const { bytes } = file.info
  if (holdsAnswer(answers, file.glimpse(0, pieceBytes), false)) return true
  if (bytes <= pieceBytes) return false
  const from = Math.max(bytes - pieceBytes, pieceBytes)
  return holdsAnswer(answers, file.glimpse(from, bytes - from), true)
}
