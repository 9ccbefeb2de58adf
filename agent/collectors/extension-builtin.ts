// Extensions that an editor of the VS Code family brings along in its own folder. Only those are told that the catalogue
// wants: the others are parts of the editor.
import type { Account, ExtensionObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import type { Platform } from '#shared/tool.ts'
import { parseExtensionManifest } from '../parsers/editor-extensions.ts'
import type { Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expand } from './expand.ts'
import type { OnGap } from './extension-state.ts'

/** Folders of an editor's own extensions; from packages of the editors, looked at 2026-11-23. */
const linuxPlaces = [
  ...[
    'code',
    'code-insiders',
    'codium',
    'codium-insiders',
    'cursor',
    'windsurf',
    'kiro',
    'antigravity',
    'positron',
  ].map((name) => `/usr/share/${name}/resources/app/extensions`),
  '/opt/*/resources/app/extensions',
  '/usr/lib/code/extensions',
  '/usr/lib/code-server/lib/vscode/extensions',
  '/usr/lib/node_modules/code-server/lib/vscode/extensions',
  '/usr/local/lib/node_modules/code-server/lib/vscode/extensions',
  '/snap/code/current/usr/share/code/resources/app/extensions',
  '/snap/code-insiders/current/usr/share/code-insiders/resources/app/extensions',
  '/snap/codium/current/usr/share/codium/resources/app/extensions',
  '/var/lib/flatpak/app/com.visualstudio.code/current/active/files/extra/vscode/resources/app/extensions',
] as const
const serverPlaces = [
  '~/.vscode-server/cli/servers/*/server/extensions',
  '~/.vscode-server/bin/*/extensions',
] as const
/** Of macOS and Windows from the editors' own build scripts (gulpfile.vscode.win32, darwin), looked at 2026-11-23. */
export const systemBuiltinPlaces: Readonly<Record<Platform, readonly string[]>> = {
  linux: linuxPlaces,
  darwin: ['/Applications/*/Contents/Resources/app/extensions'],
  windows: [
    '/C:/Program Files/*/resources/app/extensions',
    // Since 1.107 a version has a folder of its own.
    '/C:/Program Files/*/*/resources/app/extensions',
  ],
}
export const homeBuiltinPlaces: Readonly<Record<Platform, readonly string[]>> = {
  linux: [
    ...serverPlaces,
    '~/.local/lib/code-server-*/lib/vscode/extensions',
    '~/.npm-global/lib/node_modules/code-server/lib/vscode/extensions',
    '~/.nvm/versions/node/*/lib/node_modules/code-server/lib/vscode/extensions',
  ],
  darwin: [...serverPlaces, '~/Applications/*/Contents/Resources/app/extensions'],
  windows: [
    ...serverPlaces,
    '~/AppData/Local/Programs/*/resources/app/extensions',
    '~/AppData/Local/Programs/*/*/resources/app/extensions',
  ],
}

const maxManifestBytes = 2 * 1024 * 1024

/** Of the system (`account` null) or an account. `wanted`: ids in lower case. */
export function builtinExtensions(
  context: ScanContext,
  reach: Reach,
  account: Account | null,
  wanted: ReadonlySet<string>,
  onGap: OnGap,
): readonly ExtensionObservation[] {
  if (wanted.size === 0) return []
  const found: ExtensionObservation[] = []
  const places = (account === null ? systemBuiltinPlaces : homeBuiltinPlaces)[context.host.os]
  for (const place of places) {
    const folders = expand({
      reach,
      template: account === null ? place : pathOf(place, account.home),
      onGap,
      isOver: () => context.signal.aborted,
      dotted: false,
    })
    for (const { path: folder } of folders) {
      const listing = reach.list(folder)
      if (!listing.ok) {
        onGap(listing.gap)
        continue
      }
      for (const { name, kind } of listing.value.entries) {
        if (kind !== 'folder') continue
        const path = `${folder}/${name}`
        const manifest = reach.parsed(`${path}/package.json`, maxManifestBytes, parseExtensionManifest)
        if (!manifest.ok) onGap(manifest.gap)
        if (!manifest.ok || manifest.value === null || !wanted.has(manifest.value.id)) continue
        found.push({
          kind: 'extension',
          account: account?.name ?? null,
          at: context.now,
          host: 'vscode',
          ...manifest.value,
          path,
          status: 'installed',
        })
      }
    }
  }
  return found
}
