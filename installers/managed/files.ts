// Every file for device management, from the settings' schema and what the organisation says of itself. Pure.
import { settingNamesOnWindows } from '#shared/settings.ts'
import {
  accessPayload,
  accessProfile,
  backgroundItemsPayload,
  backgroundProfile,
  noticesPayload,
  settingsPayload,
  settingsProfile,
} from './apple-profiles.ts'
import { complianceRules, executables } from './compliance.ts'
import { adml, admx, omaUris } from './group-policy.ts'
import { jamfSchema } from './jamf-schema.ts'
import { linuxSettings } from './linux-settings.ts'
import {
  jamfAttribute,
  kandjiAudit,
  preinstallScript,
  workspaceOneInstallCheck,
  workspaceOneSensor,
} from './macos-scripts.ts'
import { propertyText } from './property-list.ts'
import { settingFields, type SettingField } from './setting-fields.ts'
import { settingsPage } from './settings-page.ts'
import { intuneDetection, intuneDiscovery, workspaceOneWindowsSensor } from './windows-scripts.ts'

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
  const onWindows = fields.filter(({ name }) => settingNamesOnWindows.includes(name))
  const { name, values, macos, moreInfo } = organisation
  const on = (system: keyof typeof tokenFiles) => withTokenFile(values, tokenFiles[system])
  const team = macos?.teamIdentifier ?? null
  const access: [string, string][] =
    macos === null
      ? []
      : [
          [
            'macos/cutoff-access.mobileconfig',
            accessProfile(name, executables.darwin, macos.codeRequirement),
          ],
          [
            'macos/workspace-one-access.xml',
            propertyText(accessPayload(executables.darwin, macos.codeRequirement)),
          ],
        ]
  return new Map([
    ['settings.md', settingsPage(fields)],
    ['macos/cutoff-settings.mobileconfig', settingsProfile(name, on('darwin'))],
    ['macos/cutoff-background.mobileconfig', backgroundProfile(name, team)],
    ...access,
    ['macos/preinstall.sh', preinstallScript(String(on('darwin')['tokenFile']))],
    ['macos/jamf-schema.json', jamfSchema(fields)],
    ['macos/jamf-extension-attribute.sh', jamfAttribute()],
    ['macos/kandji-audit.zsh', kandjiAudit(version)],
    ['macos/workspace-one-settings.xml', propertyText(settingsPayload(on('darwin')))],
    ['macos/workspace-one-background-items.xml', propertyText(backgroundItemsPayload(team))],
    ['macos/workspace-one-notices.xml', propertyText(noticesPayload())],
    ['macos/workspace-one-install-check.zsh', workspaceOneInstallCheck(version)],
    ['macos/workspace-one-sensor.zsh', workspaceOneSensor()],
    ['windows/cutoff.admx', windowsText(admx(onWindows))],
    ['windows/en-US/cutoff.adml', windowsText(adml(onWindows, 'en'))],
    ['windows/zh-CN/cutoff.adml', windowsText(adml(onWindows, 'zh-CN'))],
    ['windows/intune-oma-uri.json', omaUriText(onWindows, on('windows'))],
    ['windows/intune-detection.ps1', windowsLines(intuneDetection(version))],
    ['windows/intune-compliance-discovery.ps1', windowsLines(intuneDiscovery())],
    ['windows/workspace-one-sensor.ps1', windowsLines(workspaceOneWindowsSensor())],
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

/** As Windows' own editors write it; the mark keeps it from being taken for another code page. */
function windowsText(text: string): string {
  return `\uFEFF${windowsLines(text)}`
}

function windowsLines(text: string): string {
  return text.replaceAll('\n', '\r\n')
}
