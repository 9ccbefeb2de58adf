// When Windows last noted a start of a tool's programs: by account in the registry (BAM, UserAssist), for the machine by its Prefetch
// files. Context for a person, on this machine alone: whoever asks a program for its version or installs it starts it too, and an
// updater or a log-on starts it for nobody, so that nothing is detected, marked or judged by it, and it is never sent.
import type { Match } from '#shared/match.ts'
import type { Account } from '#shared/observation.ts'
import { placeFits } from '#shared/place.ts'
import type { Tool } from '#shared/tool.ts'
import { prefetchNames } from '../parsers/prefetch.ts'
import type { Host, StartList } from '../platform/host.ts'
import { systemReach } from '../platform/places.ts'

export interface NotedProgram {
  readonly list: StartList | 'prefetch'
  /** Null: the list does not tell whose. */
  readonly account: string | null
  /** Its place in the catalogue, its path where it was found, or the family of its package. */
  readonly program: string
  /** Device clock, ms since 1970. */
  readonly at: number
}

export interface Noted {
  /** Newest first. */
  readonly programs: readonly NotedProgram[]
  readonly unread: readonly Pick<NotedProgram, 'list' | 'account'>[]
}

export const prefetchFolder = '/C:/Windows/Prefetch'

/**
 * Asks for one tool's programs alone.
 * @param accounts whose lists may be shown
 * @param matches what was found of the tool: programs at places of their own
 * @returns null where the system keeps no such lists
 */
export async function notedStartsOf(
  host: Pick<Host, 'os' | 'files' | 'notedStarts'>,
  accounts: readonly Account[],
  { signals }: Pick<Tool, 'signals'>,
  matches: readonly Match[],
): Promise<Noted | null> {
  if (host.os !== 'windows') return null
  const wanted: Wanted = {
    places: (signals.executable ?? [])
      .filter(({ platforms }) => platforms?.includes('windows') ?? true)
      .map(({ place }) => place),
    paths: [...new Set(matches.flatMap(programOf))],
    families: (signals.app ?? []).flatMap(({ idKind, id }) => (idKind === 'msix' ? [id] : [])),
  }
  const programs: NotedProgram[] = []
  const unread: Pick<NotedProgram, 'list' | 'account'>[] = []
  for (const account of accounts) {
    const shown = (program: string): string | null => shownAs(program, account, wanted)
    const noted = await host.notedStarts(account, (program) => shown(program) !== null)
    for (const { list, program, at } of noted?.starts ?? [])
      programs.push({ list, account: account.name, program: shown(program) ?? program, at })
    for (const list of noted?.unread ?? []) unread.push({ list, account: account.name })
  }
  const prefetched = prefetchedOf(host, accounts, wanted)
  if (prefetched === null) unread.push({ list: 'prefetch', account: null })
  return { programs: [...programs, ...(prefetched ?? [])].toSorted((a, b) => b.at - a.at), unread }
}

interface Wanted {
  readonly places: readonly string[]
  readonly paths: readonly string[]
  readonly families: readonly string[]
}

/** A program that is the tool's own; of a script the interpreter is not. */
function programOf({ observation: o }: Match): readonly string[] {
  const path =
    o.kind === 'command' ? o.target : o.kind === 'process' && o.script === null ? o.executable : null
  return path !== null && /\.exe$/i.test(path) ? [path] : []
}

/** What a program of a list is shown as; null for what is not asked for. */
function shownAs(program: string, { home }: Account, { places, paths, families }: Wanted): string | null {
  const place = placeInLowerCase(program, home)
  return (
    places.find((template) => placeFits(template.toLowerCase(), place)) ??
    paths.find((path) => withoutDrive(path).toLowerCase() === program) ??
    families.find((family) => family.toLowerCase() === program) ??
    null
  )
}

function placeInLowerCase(program: string, home: string): string {
  const own = `${withoutDrive(home).toLowerCase()}/`
  return program.startsWith(own)
    ? `~/${program.slice(own.length)}`
    : program
        .replace(/^\/program files(?: \(x86\))?\//, '%programfiles%/')
        .replace(/^\/programdata\//, '%programdata%/')
}

/** Null where the folder is closed, or there is none. */
function prefetchedOf(
  { files }: Pick<Host, 'files'>,
  accounts: readonly Account[],
  { places, paths }: Wanted,
): readonly NotedProgram[] | null {
  const reach = systemReach(files)
  const listing = reach.list(prefetchFolder)
  if (!listing.ok) return null
  const expected = new Map<string, string>()
  const expect = (path: string, program: string): void => {
    for (const name of prefetchNames(path)) expected.set(name, program)
  }
  for (const path of paths) expect(withoutDrive(path), path)
  // A place with a star in it is no one path, and the name of the file cannot be worked out.
  for (const place of places.filter((one) => !one.includes('*')))
    for (const path of pathsAt(place, accounts)) expect(path, place)
  return listing.value.entries.flatMap(({ name }): NotedProgram[] => {
    const program = expected.get(name.toUpperCase())
    const info = program === undefined ? null : reach.stat(`${prefetchFolder}/${name}`)
    return program === undefined || !info?.ok
      ? []
      : [{ list: 'prefetch', account: null, program, at: info.value.modifiedAt }]
  })
}

/** Without their drives. */
function pathsAt(place: string, accounts: readonly Account[]): readonly string[] {
  const [, top = '', below = ''] = /^([^/]+)\/(.+)$/s.exec(place) ?? []
  const tops: Readonly<Record<string, readonly string[]>> = {
    '~': accounts.map(({ home }) => withoutDrive(home)),
    '%ProgramFiles%': ['/Program Files', '/Program Files (x86)'],
    '%ProgramData%': ['/ProgramData'],
  }
  return (tops[top] ?? []).map((folder) => `${folder}/${below}`)
}

/** `/C:/Users/ann` is `/Users/ann`: these lists name volumes by number, or not at all. */
function withoutDrive(path: string): string {
  return path.replace(/^\/[A-Za-z]:/, '')
}
