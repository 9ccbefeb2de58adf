// Extensions of editors, by id and version, from the editors' own lists and folders: the VS Code family here (its state in
// extension-state.ts), others in the other extension-*.ts.
import type { ExtensionObservation } from '#shared/observation.ts'
import type { ListedExtension } from '../parsers/editor-extensions.ts'
import { parseExtensionFolder, parseExtensionsList, parseObsolete } from '../parsers/editor-extensions.ts'
import type { Found, Obstacle, Reach } from '../platform/files.ts'
import { homeReach, systemReach } from '../platform/places.ts'
import type { Platform } from '#shared/tool.ts'
import { remoteWindows } from './blind-spots.ts'
import type { Collector, ScanContext } from './collector.ts'
import { browserExtensions, browserPlaces } from './extension-browser.ts'
import { builtinExtensions, homeBuiltinPlaces, systemBuiltinPlaces } from './extension-builtin.ts'
import { jetbrainsPlaces, jetbrainsPlugins, zedExtensions, zedPlaces } from './extension-others.ts'
import { placesOf, type ExtensionLook } from './extension-look.ts'
import { extensionSets } from './extension-state.ts'
import { vimPlaces, vimPlugins } from './extension-vim.ts'
import { gapList } from './gap.ts'
import { movedProgramsOf } from './moved-homes.ts'

/**
 * Folders of editors that keep extensions as VS Code does. Places of editors that host extensions, whatever the
 * extension; from the editors' documentation and `product.json` (dataFolderName, nameLong), looked at 2026-11-22.
 */
const editors: readonly Editor[] = [
  { folder: '.vscode', user: '.config/Code/User' },
  { folder: '.vscode-insiders', user: '.config/Code - Insiders/User' },
  { folder: '.vscode-exploration', user: '.config/Code - Exploration/User' },
  { folder: '.vscode-oss', user: '.config/VSCodium/User' },
  { folder: '.vscode-oss-insiders', user: '.config/VSCodium - Insiders/User' },
  { folder: '.vscodium', user: '.config/VSCodium/User' },
  { folder: '.vscodium-insiders', user: '.config/VSCodium - Insiders/User' },
  { folder: '.cursor', user: '.config/Cursor/User' },
  { folder: '.cursor-nightly', user: '.config/Cursor Nightly/User' },
  { folder: '.windsurf', user: '.config/Windsurf/User' },
  { folder: '.windsurf-next', user: '.config/Windsurf - Next/User' },
  { folder: '.trae', user: '.config/Trae/User' },
  { folder: '.trae-cn', user: '.config/Trae CN/User' },
  { folder: '.kiro', user: '.config/Kiro/User' },
  { folder: '.qoder', user: '.config/Qoder/User' },
  { folder: '.qoder-cn', user: '.config/Qoder CN/User' },
  { folder: '.antigravity', user: '.config/Antigravity/User' },
  { folder: '.void-editor', user: '.config/Void/User' },
  { folder: '.positron', user: '.config/Positron/User' },
  { folder: '.codebuddy', user: '.config/CodeBuddy/User' },
  { folder: '.codebuddycn', user: '.config/CodeBuddy CN/User' },
  { folder: '.lingma', user: '.config/Lingma/User' },
  ...[
    '.vscode-server',
    '.vscode-server-insiders',
    '.vscode-remote',
    '.cursor-server',
    '.windsurf-server',
    '.trae-server',
    '.kiro-server',
    '.qoder-server',
    '.antigravity-server',
    '.vscodium-server',
  ].map((folder) => ({ folder, user: `${folder}/data/User` })),
  {
    folder: '.var/app/com.visualstudio.code/data/vscode',
    user: '.var/app/com.visualstudio.code/config/Code/User',
  },
  {
    folder: '.var/app/com.vscodium.codium/data/vscodium',
    user: '.var/app/com.vscodium.codium/config/VSCodium/User',
  },
  { folder: '.local/share/code-server', user: '.local/share/code-server/User' },
]

interface Editor {
  /** Holds `extensions`. */
  readonly folder: string
  /** Holds its state and its profiles. */
  readonly user: string
}

const maxListBytes = 8 * 1024 * 1024

/** Where each system keeps what is `.config` on Linux: the editors ask it for its usual place. */
const stateFolders: Readonly<Record<Platform, string>> = {
  linux: '.config/',
  darwin: 'Library/Application Support/',
  windows: 'AppData/Roaming/',
}

/** As a place. */
function userFolder({ user }: Editor, os: Platform): string {
  return `~/${user.replace(/^\.config\//, stateFolders[os])}`
}

export const extensionCollector: Collector<'extension'> = {
  kind: 'extension',
  repeats: true,
  about: 'Looks at the extensions of editors, because many AI coding tools are extensions.',
  reads: [
    ...editors.map(({ folder }) => `~/${folder}/extensions/{extensions.json,.obsolete,*}`),
    'the same of macOS and Windows, where ~/.config is ~/Library/Application Support and ~/AppData/Roaming:',
    ...editors.map(
      ({ user }) =>
        `~/${user}/{globalStorage/{state.vscdb: what is disabled,storage.json: kinds of remote windows},profiles/*/extensions.json}`,
    ),
    ...[...Object.values(systemBuiltinPlaces), ...Object.values(homeBuiltinPlaces)]
      .flat()
      .map((place) => `${place}/*/package.json`),
    ...vimPlaces,
    ...browserPlaces.map((place) => `${place}: ids of the catalogue only`),
    ...Object.values(jetbrainsPlaces)
      .flat()
      .map((place) => `${place}/*/lib/*.jar: META-INF/plugin.xml`),
    '~/{.config,Library/Application Support,AppData/Roaming}/{JetBrains,Google}/*/disabled_plugins.txt',
    ...Object.values(zedPlaces).map((place) => `${place}/*`),
  ],
  collect(context) {
    const list = gapList('extension', context.now)
    const observations: ExtensionObservation[] = []
    const wanted = new Set(
      context.wanted.extension.map((signal) => `${signal.host} ${signal.id.toLowerCase()}`),
    )
    const builtin = wantedIds(context, 'vscode')
    const browser = wantedIds(context, 'chromium')
    const system = systemReach(context.host.files)
    observations.push(...builtinExtensions(context, system, null, builtin, (gap) => list.add(null, gap)))
    for (const account of context.accounts) {
      const reach = homeReach(context.host.files, account)
      const onGap = (gap: Obstacle | null): void => list.add(account.name, gap)
      const { bases: moved, gaps } = movedProgramsOf(context.host.files, context.memory, account)
      for (const gap of gaps) onGap(gap)
      const look: ExtensionLook = { context, account, reach, moved, onGap }
      for (const user of new Set(editors.map((editor) => userFolder(editor, context.host.os))))
        for (const place of placesOf(look, user)) onGap(remoteWindows(place.reach, place.template))
      const found = [
        ...editors.flatMap((editor) => extensionsOf(look, editor)),
        ...builtinExtensions(context, reach, account, builtin, onGap),
        ...jetbrainsPlugins(look),
        ...zedExtensions(look),
        ...vimPlugins(look),
        ...browserExtensions(look, browser),
      ]
      for (const one of found) {
        if (context.inventory === 'full' || wanted.has(`${one.host} ${one.id.toLowerCase()}`))
          observations.push(one)
      }
    }
    return { observations, gaps: list.gaps }
  },
}

/** Ids in lower case; those of browsers are so anyway. */
function wantedIds(context: ScanContext, host: ExtensionObservation['host']): ReadonlySet<string> {
  const wanted = context.wanted.extension.filter((signal) => signal.host === host)
  return new Set(wanted.map(({ id }) => id.toLowerCase()))
}

function extensionsOf(look: ExtensionLook, editor: Editor): readonly ExtensionObservation[] {
  return placesOf(look, `~/${editor.folder}/extensions`).flatMap(({ template: folder, reach }) =>
    extensionsIn(look, reach, folder, editor),
  )
}

function extensionsIn(
  look: ExtensionLook,
  reach: Reach,
  folder: string,
  editor: Editor,
): readonly ExtensionObservation[] {
  const { context, account, onGap } = look
  const listing = reach.list(folder)
  if (!listing.ok) {
    onGap(listing.gap)
    return []
  }
  onGap(listing.value.gap)
  const listed = valueOf(reach.parsed(`${folder}/extensions.json`, maxListBytes, parseExtensionsList), onGap)
  const obsolete = valueOf(reach.parsed(`${folder}/.obsolete`, maxListBytes, parseObsolete), onGap)
  if (listed === null) onGap({ reason: 'unparsable', path: `${folder}/extensions.json`, detail: null })

  const folders = new Set(
    listing.value.entries.filter((entry) => entry.kind !== 'file').map((entry) => entry.name),
  )
  const observation = (
    extension: ListedExtension,
    status: ExtensionObservation['status'],
  ): ExtensionObservation => ({
    kind: 'extension',
    account: account.name,
    at: context.now,
    host: 'vscode',
    id: extension.id,
    version: extension.version,
    path: extension.folder === null ? folder : `${folder}/${extension.folder}`,
    status,
  })
  const isThere = (extension: ListedExtension): boolean =>
    extension.folder === null || (folders.has(extension.folder) && obsolete?.has(extension.folder) !== true)

  const found = new Map<string, ExtensionObservation>()
  // Where its state was moved, an extension counts as switched off if it is so in both: which of them holds is not known.
  const users = placesOf(look, userFolder(editor, context.host.os))
  const there = users.filter((user) => user.reach.stat(user.template).ok)
  const sets = (there.length === 0 ? users.slice(0, 1) : there).flatMap((user) =>
    extensionSets(user.reach, user.template, onGap),
  )
  // With no list the folders are what the editor starts with.
  const usual = listed ?? [...folders].flatMap((name) => parseExtensionFolder(name) ?? [])
  for (const set of sets) {
    for (const extension of (set.listed ?? usual).filter(isThere)) {
      const status = set.disabled.has(extension.id) ? 'disabled' : 'installed'
      const key = extension.folder ?? extension.id
      // Switched off in one profile, it still runs in another.
      if (found.get(key)?.status !== 'installed') found.set(key, observation(extension, status))
    }
  }
  for (const name of folders) {
    const extension = found.has(name) ? null : parseExtensionFolder(name)
    if (extension !== null) found.set(name, observation(extension, 'leftover'))
  }
  return [...found.values()]
}

/** The value; undefined when there is no such file or it could not be read, which is then a gap. */
function valueOf<T>(result: Found<T>, onGap: ExtensionLook['onGap']): T | undefined {
  if (result.ok) return result.value
  onGap(result.gap)
  return undefined
}
