// Plugins of JetBrains' editors, by the id in the plugin's own archive, and extensions of Zed, by the folder's name.
import type { Account, ExtensionObservation } from '#shared/observation.ts'
import { parseDisabledPlugins, parsePluginXml } from '../parsers/jetbrains-plugin.ts'
import type { JetbrainsPlugin } from '../parsers/jetbrains-plugin.ts'
import { fileInZip } from '../parsers/zip.ts'
import type { OpenFile, Reach } from '../platform/files.ts'
import type { Platform } from '#shared/tool.ts'
import type { ScanContext } from './collector.ts'
import { fittingIn, placesOf, type ExtensionLook } from './extension-look.ts'

/**
 * One folder per version of an editor, in each one folder or archive per plugin. From "Directories used by the IDE" of JetBrains
 * and the paths module of Zed, looked at 2026-11-23.
 */
export const jetbrainsPlaces: Readonly<Record<Platform, readonly string[]>> = {
  linux: ['~/.local/share/JetBrains/*', '~/.local/share/Google/AndroidStudio*'],
  darwin: [
    '~/Library/Application Support/JetBrains/*/plugins',
    '~/Library/Application Support/Google/AndroidStudio*/plugins',
  ],
  windows: ['~/AppData/Roaming/JetBrains/*/plugins', '~/AppData/Roaming/Google/AndroidStudio*/plugins'],
}
/** Where the list of what is switched off lies: on Linux beside the settings, elsewhere beside the plugins. */
const settingsFolders: Readonly<Record<Platform, string>> = {
  linux: '.config',
  darwin: 'Library/Application Support',
  windows: 'AppData/Roaming',
}
export const zedPlaces: Readonly<Record<Platform, string>> = {
  linux: '~/.local/share/zed/extensions/installed',
  darwin: '~/Library/Application Support/Zed/extensions/installed',
  windows: '~/AppData/Local/Zed/extensions/installed',
}

/** A plugin's own archive is among the first; the others are its libraries. */
const maxArchives = 40
const maxXmlBytes = 1024 * 1024

export function jetbrainsPlugins(look: ExtensionLook): readonly ExtensionObservation[] {
  const { context, account, onGap } = look
  const { os } = context.host
  const found: ExtensionObservation[] = []
  const disabledBeside = (path: string): ReadonlySet<string> => {
    const [maker = '', editor = ''] = path.split('/').slice(os === 'linux' ? -3 : -4)
    const names = placesOf(look, `~/${settingsFolders[os]}/${maker}/${editor}/disabled_plugins.txt`).flatMap(
      ({ template: file, reach }) => {
        const disabled = reach.parsed(file, maxXmlBytes, parseDisabledPlugins)
        if (!disabled.ok) onGap(disabled.gap)
        return disabled.ok ? [...disabled.value] : []
      },
    )
    return new Set(names)
  }
  for (const place of jetbrainsPlaces[os]) {
    for (const { path, info, reach } of fittingIn(look, `${place}/*`)) {
      const plugin =
        info.kind === 'folder'
          ? pluginIn(reach, path, onGap)
          : path.endsWith('.jar')
            ? pluginOf(reach, path, onGap)
            : null
      if (plugin !== null)
        found.push({
          ...observation(context, account, 'jetbrains', plugin.id, plugin.version, path),
          status: disabledBeside(path).has(plugin.id) ? 'disabled' : 'installed',
        })
    }
  }
  return found
}

export function zedExtensions(look: ExtensionLook): readonly ExtensionObservation[] {
  const { context, account } = look
  return fittingIn(look, `${zedPlaces[context.host.os]}/*`)
    .filter(({ info }) => info.kind === 'folder')
    .map(({ path }) =>
      observation(context, account, 'zed', path.slice(path.lastIndexOf('/') + 1), null, path),
    )
}

function observation(
  context: ScanContext,
  account: Account,
  host: ExtensionObservation['host'],
  id: string,
  version: string | null,
  path: string,
): ExtensionObservation {
  return {
    kind: 'extension',
    account: account.name,
    at: context.now,
    host,
    id,
    version,
    path,
    status: 'installed',
  }
}

type OnGap = ExtensionLook['onGap']

function pluginIn(reach: Reach, folder: string, onGap: OnGap): JetbrainsPlugin | null {
  const listing = reach.list(`${folder}/lib`)
  if (!listing.ok) {
    onGap(listing.gap)
    return null
  }
  const archives = listing.value.entries.filter(({ name }) => name.endsWith('.jar')).map(({ name }) => name)
  for (const name of archives.slice(0, maxArchives)) {
    const plugin = pluginOf(reach, `${folder}/lib/${name}`, onGap)
    if (plugin !== null) return plugin
  }
  return null
}

function pluginOf(reach: Reach, archive: string, onGap: OnGap): JetbrainsPlugin | null {
  const plugin = reach.examined(archive, examine)
  if (plugin.ok) return plugin.value
  onGap(plugin.gap)
  return null
}

function examine(file: OpenFile): JetbrainsPlugin | null {
  const readAt = (position: number, length: number): Buffer => file.readAt(position, length)
  const xml = fileInZip(readAt, file.info.bytes, 'META-INF/plugin.xml', maxXmlBytes)
  return xml === null ? null : parsePluginXml(xml.toString('utf8'))
}
