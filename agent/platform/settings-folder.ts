// A folder of settings files: `settings.yaml`, then `conf.d/*.yaml` by name, read as files of the administrator are.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseSettingLines } from '../parsers/settings-lines.ts'
import { isBelievedFolder, noteFailure, readBelievedFile } from './administrator-file.ts'
import type { AdministratorSettings, GivenSettings, SourceFault } from './managed-settings.ts'

/** @param owners uids whose files and folders are believed */
export function readSettingsFolder(path: string, owners: readonly number[]): AdministratorSettings {
  const faults: SourceFault[] = []
  const given: GivenSettings[] = []
  if (!isBelievedFolder(path, owners, faults)) return { given, faults }
  const read = (file: string, layer: GivenSettings['layer']): void => {
    const text = readBelievedFile(file, owners, faults)
    if (text !== null) given.push({ layer, source: file, values: valuesOf(file, text, faults) })
  }
  read(join(path, 'settings.yaml'), 'file')
  const managed = join(path, 'conf.d')
  if (isBelievedFolder(managed, owners, faults)) {
    for (const name of namesIn(managed, faults)) read(join(managed, name), 'managed')
  }
  return { given, faults }
}

function namesIn(path: string, faults: SourceFault[]): readonly string[] {
  try {
    return readdirSync(path)
      .filter((name) => /^[^.].*\.ya?ml$/.test(name))
      .toSorted()
  } catch (error) {
    noteFailure(path, error, faults)
    return []
  }
}

function valuesOf(path: string, text: string, faults: SourceFault[]): Readonly<Record<string, string>> {
  const { values, mistakes } = parseSettingLines(text)
  for (const { line, message } of mistakes) {
    faults.push({
      code: 'source-invalid',
      source: path,
      message: `Line ${line} of ${path} is passed over: ${message}.`,
    })
  }
  return values
}
