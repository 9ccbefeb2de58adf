// Windows: the installed file, and the registry's policy key, which only administrators and device management can write.
// Not run on Windows yet: run under Wine.
import { settingNames } from '#shared/settings.ts'
import { parseRegistryQuery } from '../parsers/registry-query.ts'
import type { AdministratorSettings, SourceFault } from './managed-settings.ts'
import { readSettingsFolder } from './settings-folder.ts'
import { ask } from './system-programs.ts'

export const policyKey = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Cutoff'

/** @param data the machine's folder for programs' data */
export async function windowsSettings(data: string): Promise<AdministratorSettings> {
  const files = readSettingsFolder(`${data}\\Cutoff`, [0])
  const text = await ask('reg', ['query', policyKey])
  if (text === null) return files // no such key: nothing is managed
  const managed = managedSettings(text)
  return { given: [...files.given, ...managed.given], faults: [...files.faults, ...managed.faults] }
}

/** What the key says. The registry does not tell capitals apart, so neither does this. */
export function managedSettings(query: string): AdministratorSettings {
  const { values, passedOver } = parseRegistryQuery(query, policyKey)
  const named = Object.entries(values).map(([name, value]) => {
    const known = settingNames.find((one) => one.toLowerCase() === name.toLowerCase())
    return [known ?? name, value] as const
  })
  const faults = passedOver.map((name): SourceFault => ({
    code: 'source-invalid',
    source: policyKey,
    message: `\`${name}\` of ${policyKey} is passed over: it is neither text (REG_SZ) nor number (REG_DWORD).`,
  }))
  return {
    given: [{ layer: 'managed', source: policyKey, values: Object.fromEntries(named) }],
    faults,
  }
}
