// Every file for device management, from the settings' schema and what the organisation says of itself. Pure.
import { accessProfile, settingsProfile } from './apple-profiles.ts'
import {
  complianceRules,
  executables,
  intuneDetection,
  intuneDiscovery,
  jamfAttribute,
} from './compliance.ts'
import { adml, admx, omaUris } from './group-policy.ts'
import { jamfSchema } from './jamf-schema.ts'
import { linuxSettings } from './linux-settings.ts'
import { settingFields, type SettingField } from './setting-fields.ts'
import { settingsPage } from './settings-page.ts'

export interface Organisation {
  readonly name: string
  /** Settings that it sets, by name; the rest is left to the agent's defaults. */
  readonly values: Readonly<Record<string, string | number>>
  /** Of the signed executable for macOS; null: the profile of rights is left out, since macOS would refuse it. */
  readonly macos: { readonly codeRequirement: string; readonly teamIdentifier: string | null } | null
  /** A page of its own that says what Cutoff is and whom to ask. */
  readonly moreInfo: string
}

/** Texts by path, for the agent of this version. */
export function managedFiles(organisation: Organisation, version: string): ReadonlyMap<string, string> {
  const fields = settingFields()
  const { name, values, macos, moreInfo } = organisation
  const on = (system: keyof typeof tokenFiles) => withTokenFile(values, tokenFiles[system])
  const access: [string, string][] =
    macos === null
      ? []
      : [
          [
            'macos/cutoff-access.mobileconfig',
            accessProfile(name, executables.darwin, macos.codeRequirement, macos.teamIdentifier),
          ],
        ]
  return new Map([
    ['settings.md', settingsPage(fields)],
    ['macos/cutoff-settings.mobileconfig', settingsProfile(name, on('darwin'))],
    ...access,
    ['macos/jamf-schema.json', jamfSchema(fields)],
    ['macos/jamf-extension-attribute.sh', jamfAttribute()],
    ['windows/cutoff.admx', windowsText(admx(fields))],
    ['windows/en-US/cutoff.adml', windowsText(adml(fields, 'en'))],
    ['windows/zh-CN/cutoff.adml', windowsText(adml(fields, 'zh-CN'))],
    ['windows/intune-oma-uri.json', omaUriText(fields, on('windows'))],
    ['windows/intune-detection.ps1', windowsText(intuneDetection(version))],
    ['windows/intune-compliance-discovery.ps1', windowsText(intuneDiscovery())],
    ['windows/intune-compliance.json', complianceRules(version, moreInfo)],
    ['linux/50-organisation.yaml', linuxSettings(fields, on('linux'))],
  ])
}

/** Where device management puts the token, if the organisation names no other place. */
const tokenFiles = {
  linux: '/etc/cutoff/enrolment-token',
  darwin: '/Library/Application Support/Cutoff/enrolment-token',
  windows: 'C:\\ProgramData\\Cutoff\\enrolment-token',
} as const

function withTokenFile(
  values: Organisation['values'],
  tokenFile: string,
): Readonly<Record<string, string | number>> {
  return { tokenFile, ...values }
}

function omaUriText(fields: readonly SettingField[], values: Organisation['values']): string {
  return `${JSON.stringify(omaUris(fields, values), null, 2)}\n`
}

/** As Windows' own editors write it; the mark keeps Windows PowerShell from taking it for another code page. */
function windowsText(text: string): string {
  return `\uFEFF${text.replaceAll('\n', '\r\n')}`
}
