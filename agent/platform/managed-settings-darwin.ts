// macOS: the installed file, and the preferences that device management forces on the machine. Not run on macOS yet: the
// parser is tried on lists as `plutil` prints them.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { parseManagedPlist } from '../parsers/managed-plist.ts'
import type { AdministratorSettings, SourceFault } from './managed-settings.ts'
import { readSettingsFolder } from './settings-folder.ts'

export const preferencesPath = '/Library/Managed Preferences/dev.cutoff.agent.plist'
const folderPath = '/Library/Application Support/Cutoff'

export async function darwinSettings(): Promise<AdministratorSettings> {
  const files = readSettingsFolder(folderPath, [0])
  if (!existsSync(preferencesPath)) return files
  // They are kept in binary form; the system's own program turns them into text.
  const text = await printed('/usr/bin/plutil', ['-convert', 'xml1', '-o', '-', preferencesPath])
  const managed = text === null ? unreadable() : managedSettings(text)
  return { given: [...files.given, ...managed.given], faults: [...files.faults, ...managed.faults] }
}

/** What a profile says. Other keys than settings come with every profile of some products, and are named, not refused. */
export function managedSettings(plist: string): AdministratorSettings {
  const parsed = parseManagedPlist(plist)
  if (!parsed.ok) return unreadable()
  const faults = parsed.passedOver.map((name): SourceFault => ({
    code: 'source-invalid',
    source: preferencesPath,
    message: `\`${name}\` of ${preferencesPath} is passed over: it is neither text nor number.`,
  }))
  return { given: [{ layer: 'managed', source: preferencesPath, values: parsed.values }], faults }
}

function unreadable(): AdministratorSettings {
  const message = `${preferencesPath} cannot be read as a property list: push the profile again.`
  return { given: [], faults: [{ code: 'source-unreadable', source: preferencesPath, message }] }
}

function printed(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 5000, maxBuffer: 1024 * 1024 }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    )
  })
}
