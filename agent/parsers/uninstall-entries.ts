// Programs in the registry's Uninstall keys, as the system's list of apps shows them. Pure.
import type { RegistryKey } from './registry-export.ts'
import { textIn } from './registry-export.ts'

export interface UninstallEntry {
  /** The key's own name: what the installer chose (`{GUID}_is1`, `Zed`). */
  readonly id: string
  readonly name: string | null
  readonly version: string | null
  /** As the registry has it; null where the installer wrote none. */
  readonly folder: string | null
}

/** Parts of the system and updates of other entries are passed over. */
export function parseUninstallEntries(keys: ReadonlyMap<string, RegistryKey>): readonly UninstallEntry[] {
  return [...keys].flatMap(([path, values]) => {
    const id = /\\Uninstall\\([^\\]+)$/i.exec(path)?.[1]
    const name = textIn(values, 'DisplayName')
    const part = values.get('systemcomponent')
    const isPart = (part?.type === 'number' && part.number === 1) || values.has('parentkeyname')
    if (id === undefined || name === null || isPart) return []
    const folder = textIn(values, 'InstallLocation')
    return [{ id, name, version: textIn(values, 'DisplayVersion'), folder: folder === '' ? null : folder }]
  })
}
