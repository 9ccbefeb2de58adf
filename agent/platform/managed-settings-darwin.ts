// macOS: the installed file, and the preferences that device management forces on the machine. Not run on macOS yet: the
// reader of property lists is tried on lists that Python's plistlib wrote.
import { readFileSync, statSync } from 'node:fs'
import { dictOf, maxPlistBytes, parsePropertyList } from '../parsers/property-list.ts'
import type { AdministratorSettings, SourceFault } from './managed-settings.ts'
import { readSettingsFolder } from './settings-folder.ts'

export const preferencesPath = '/Library/Managed Preferences/dev.cutoff.agent.plist'
const folderPath = '/Library/Application Support/Cutoff'

export function darwinSettings(): AdministratorSettings {
  const files = readSettingsFolder(folderPath, [0])
  const bytes = preferences()
  if (bytes === null) return files
  const managed = managedSettings(bytes)
  return { given: [...files.given, ...managed.given], faults: [...files.faults, ...managed.faults] }
}

/** What a profile says. Other keys than settings come with every profile of some products, and are named, not refused. */
export function managedSettings(plist: Uint8Array): AdministratorSettings {
  const preferred = dictOf(parsePropertyList(plist))
  if (preferred === null) return unreadable()
  const values: Record<string, string> = {}
  const faults: SourceFault[] = []
  for (const [name, value] of Object.entries(preferred)) {
    if (value !== null && typeof value !== 'object') values[name] = String(value)
    else
      faults.push({
        code: 'source-invalid',
        source: preferencesPath,
        message: `\`${name}\` of ${preferencesPath} is passed over: it is neither text nor number.`,
      })
  }
  return { given: [{ layer: 'managed', source: preferencesPath, values }], faults }
}

function unreadable(): AdministratorSettings {
  const message = `${preferencesPath} cannot be read as a property list: push the profile again.`
  return { given: [], faults: [{ code: 'source-unreadable', source: preferencesPath, message }] }
}

/** Null where device management says nothing; empty, and so no property list, where what it says cannot be read. */
function preferences(): Uint8Array | null {
  try {
    return statSync(preferencesPath).size > maxPlistBytes ? new Uint8Array() : readFileSync(preferencesPath)
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return isThere ? new Uint8Array() : null
  }
}
