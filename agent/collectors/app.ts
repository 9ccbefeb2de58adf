// Desktop applications, by the id under which the desktop knows them: desktop entries, snaps and flatpaks here, bundles of macOS
// and what Windows lists in app-bundles.ts and app-windows.ts.
import type { AppObservation } from '#shared/observation.ts'
import { maxMetadataBytes, parseAppStreamVersion, parseSnapMetadata } from '../parsers/app-metadata.ts'
import { maxEntryBytes, parseDesktopEntry } from '../parsers/desktop-entry.ts'
import type { Reach } from '../platform/files.ts'
import { accountReach, systemReach } from '../platform/places.ts'
import { bundles, homeBundlePlaces, systemBundlePlaces } from './app-bundles.ts'
import { homeMsixPlace, listedApps, msixOfAccount, msixOfMachine, msixPlace } from './app-windows.ts'
import type { Collector, ScanContext } from './collector.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import { movedProgramsOf, templatesFor } from './moved-homes.ts'

type IdKind = AppObservation['idKind']

/** Folders of desktop entries: of the system, of flatpaks (by id), of snaps (`snap_program.desktop`). */
const systemEntries = [
  '/usr/share/applications',
  '/usr/local/share/applications',
  '/var/lib/flatpak/exports/share/applications',
  '/var/lib/snapd/desktop/applications',
] as const
const homeEntries = [
  '~/.local/share/applications',
  '~/.local/share/flatpak/exports/share/applications',
] as const
/** Folders that hold one folder per app, named by its id. */
const systemFolders: readonly (readonly [string, IdKind])[] = [
  ['/snap', 'snap'],
  ['/var/lib/flatpak/app', 'flatpak'],
]
const homeFolders: readonly (readonly [string, IdKind])[] = [['~/.local/share/flatpak/app', 'flatpak']]
/** In /snap, but no app: the commands, the base systems. */
const noSnap = /^(?:bin|README|core\d*|snapd|bare|gnome-.*|gtk-common-themes|mesa-.*|kf\d-.*)$/

export const appCollector: Collector<'app'> = {
  kind: 'app',
  repeats: true,
  about: 'Looks at the desktop applications that are installed, by id and name.',
  reads: [
    ...systemEntries.map((folder) => `${folder}/*.desktop`),
    ...homeEntries.map((folder) => `${folder}/*.desktop`),
    ...systemFolders.map(([folder]) => `${folder}/*: metadata`),
    ...homeFolders.map(([folder]) => `${folder}/*: metadata`),
    ...[...systemBundlePlaces, ...homeBundlePlaces].map((place) => `${place}/Contents/Info.plist`),
    'of bundles of which the catalogue knows who signs them, the team in the signature of their main program',
    `${msixPlace}, ~/${homeMsixPlace}: names of folders`,
    'the Uninstall keys of Windows’ registry; of an account that is not logged on those in ~/NTUSER.DAT',
  ],
  collect(context) {
    const list = gapList('app', context.now)
    const wanted = new Set(context.wanted.app.map((signal) => `${signal.idKind} ${signal.id.toLowerCase()}`))
    const observations: AppObservation[] = []
    const keep = (app: AppObservation): void => {
      if (context.inventory === 'full' || wanted.has(`${app.idKind} ${app.id.toLowerCase()}`))
        observations.push(app)
    }
    const system = systemReach(context.host.files)
    const { os } = context.host
    if (os === 'linux') {
      for (const folder of systemEntries) entriesIn(context, system, folder, null, list, keep)
      for (const [folder, kind] of systemFolders) foldersIn(context, system, folder, kind, null, list, keep)
    }
    if (os === 'darwin') bundles(context, system, null, list, keep)
    if (os === 'windows') {
      listedApps(context, list, keep)
      msixOfMachine(context, system, list, keep)
    }
    for (const account of context.accounts) {
      const reach = accountReach(context.host.files, account)
      if (os === 'darwin') bundles(context, reach, account, list, keep)
      if (os === 'windows') msixOfAccount(context, reach, account, list, keep)
      if (os !== 'linux') continue
      const { bases: moved, gaps } = movedProgramsOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      for (const place of homeEntries)
        for (const { template: folder, reach: own } of templatesFor(account, reach, moved, place))
          entriesIn(context, own, folder, account.name, list, keep)
      for (const [place, kind] of homeFolders)
        for (const { template: folder, reach: own } of templatesFor(account, reach, moved, place))
          foldersIn(context, own, folder, kind, account.name, list, keep)
    }
    return { observations, gaps: list.gaps }
  },
}

function entriesIn(
  context: ScanContext,
  reach: Reach,
  folder: string,
  account: string | null,
  list: GapList,
  keep: (app: AppObservation) => void,
): void {
  const listing = reach.list(folder)
  if (!listing.ok) return list.add(account, listing.gap)
  list.add(account, listing.value.gap)
  for (const { name } of listing.value.entries) {
    if (!name.endsWith('.desktop')) continue
    const path = `${folder}/${name}`
    if (context.signal.aborted) return list.add(account, { reason: 'over-budget', path, detail: null })
    const entry = reach.parsed(path, maxEntryBytes, parseDesktopEntry)
    if (!entry.ok) {
      list.add(account, entry.gap)
      continue
    }
    if (!entry.value.isApplication || entry.value.isHidden || isGone(reach, entry.value.program)) continue
    const id = name.slice(0, -'.desktop'.length)
    keep({
      kind: 'app',
      account,
      at: context.now,
      idKind: 'desktop',
      id,
      name: entry.value.name,
      version: null,
      path,
    })
  }
}

/** An entry that was left behind: what it would start is not there any more. */
function isGone(reach: Reach, program: string | null): boolean {
  if (program === null || !program.startsWith('/')) return false
  const info = reach.stat(program)
  return !info.ok && info.gap === null
}

function foldersIn(
  context: ScanContext,
  reach: Reach,
  folder: string,
  idKind: IdKind,
  account: string | null,
  list: GapList,
  keep: (app: AppObservation) => void,
): void {
  const listing = reach.list(folder)
  if (!listing.ok) return list.add(account, listing.gap)
  list.add(account, listing.value.gap)
  for (const { name, kind } of listing.value.entries) {
    if (kind !== 'folder' || name.startsWith('.') || (idKind === 'snap' && noSnap.test(name))) continue
    const version =
      idKind === 'snap'
        ? snapVersion(reach, `${folder}/${name}`, account, list)
        : flatpakVersion(reach, `${folder}/${name}`, name, account, list)
    if (version === undefined) continue
    keep({
      kind: 'app',
      account,
      at: context.now,
      idKind,
      id: name,
      name: null,
      version,
      path: `${folder}/${name}`,
    })
  }
}

/** Undefined for what is no app but what apps are built on; null where no version is told. */
function snapVersion(
  reach: Reach,
  folder: string,
  account: string | null,
  list: GapList,
): string | null | undefined {
  const metadata = reach.parsed(`${folder}/current/meta/snap.yaml`, maxMetadataBytes, parseSnapMetadata)
  if (metadata.ok) return metadata.value.type === 'app' ? metadata.value.version : undefined
  list.add(account, metadata.gap)
  return null
}

function flatpakVersion(
  reach: Reach,
  folder: string,
  id: string,
  account: string | null,
  list: GapList,
): string | null {
  const share = `${folder}/current/active/files/share`
  for (const path of [`${share}/metainfo/${id}.metainfo.xml`, `${share}/appdata/${id}.appdata.xml`]) {
    const version = reach.parsed(path, maxMetadataBytes, parseAppStreamVersion)
    if (version.ok) return version.value
    list.add(account, version.gap)
  }
  return null
}
