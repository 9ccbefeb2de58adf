// Extensions of editors, by id and version, from the editors' own lists and folders: the VS Code family here, others in
// extension-others.ts.
import type { Account, ExtensionObservation } from '#shared/observation.ts'
import type { ListedExtension } from '../parsers/editor-extensions.ts'
import { parseExtensionFolder, parseExtensionsList, parseObsolete } from '../parsers/editor-extensions.ts'
import type { Found, Reach } from '../platform/files.ts'
import { homeReach } from '../platform/places.ts'
import type { Collector, ScanContext } from './collector.ts'
import { jetbrainsPlaces, jetbrainsPlugins, zedExtensions, zedPlace } from './extension-others.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'

/**
 * Folders of editors that keep extensions as VS Code does. Places of editors that host extensions, whatever the
 * extension; from the editors' documentation and `product.json` (dataFolderName), looked at 2026-11-22.
 */
const editorFolders = [
  '.vscode',
  '.vscode-insiders',
  '.vscode-exploration',
  '.vscode-oss',
  '.vscodium',
  '.vscodium-insiders',
  '.cursor',
  '.cursor-nightly',
  '.windsurf',
  '.windsurf-next',
  '.trae',
  '.trae-cn',
  '.kiro',
  '.qoder',
  '.qoder-cn',
  '.antigravity',
  '.void-editor',
  '.positron',
  '.codebuddy',
  '.codebuddycn',
  '.lingma',
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
  '.var/app/com.visualstudio.code/data/vscode',
  '.var/app/com.vscodium.codium/data/vscodium',
  '.local/share/code-server',
] as const

const maxListBytes = 8 * 1024 * 1024

export const extensionCollector: Collector<'extension'> = {
  kind: 'extension',
  about: 'Looks at the extensions of editors, because many AI coding tools are extensions.',
  reads: [
    ...editorFolders.map((folder) => `~/${folder}/extensions/{extensions.json,.obsolete,*}`),
    ...jetbrainsPlaces.map((place) => `${place}/*/lib/*.jar: META-INF/plugin.xml`),
    `${zedPlace}/*`,
  ],
  collect(context) {
    const list = gapList('extension', context.now)
    const observations: ExtensionObservation[] = []
    const wanted = new Set(
      context.wanted.extension.map((signal) => `${signal.host} ${signal.id.toLowerCase()}`),
    )
    for (const account of context.accounts) {
      const reach = homeReach(context.host.files, account)
      const found = [
        ...editorFolders.flatMap((editor) =>
          extensionsIn(context, account, reach, `${account.home}/${editor}/extensions`, list),
        ),
        ...jetbrainsPlugins(context, account, reach, list),
        ...zedExtensions(context, account, reach, list),
      ]
      for (const one of found) {
        if (context.inventory === 'full' || wanted.has(`${one.host} ${one.id.toLowerCase()}`))
          observations.push(one)
      }
    }
    return { observations, gaps: list.gaps }
  },
}

function extensionsIn(
  context: ScanContext,
  account: Account,
  reach: Reach,
  folder: string,
  list: GapList,
): readonly ExtensionObservation[] {
  const listing = reach.list(folder)
  if (!listing.ok) {
    list.add(account.name, listing.gap)
    return []
  }
  list.add(account.name, listing.value.gap)
  const listed = valueOf(
    reach.parsed(`${folder}/extensions.json`, maxListBytes, parseExtensionsList),
    account,
    list,
  )
  const obsolete = valueOf(reach.parsed(`${folder}/.obsolete`, maxListBytes, parseObsolete), account, list)
  if (listed === null) {
    list.add(account.name, { reason: 'unparsable', path: `${folder}/extensions.json`, detail: null })
  }

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

  const found = (listed ?? []).filter(isThere).map((extension) => observation(extension, 'installed'))
  const known = new Set((listed ?? []).filter(isThere).map((extension) => extension.folder))
  for (const name of folders) {
    const extension = known.has(name) ? null : parseExtensionFolder(name)
    if (extension === null) continue
    // Without a list the folder is all there is to go by; with one, a folder that it leaves out is left over.
    const isLeft = Array.isArray(listed) || obsolete?.has(name) === true
    found.push(observation(extension, isLeft ? 'leftover' : 'installed'))
  }
  return found
}

/** The value; undefined when there is no such file or it could not be read, which is then a gap. */
function valueOf<T>(result: Found<T>, account: Account, list: GapList): T | undefined {
  if (result.ok) return result.value
  list.add(account.name, result.gap)
  return undefined
}
