// Configuration profiles for macOS: the agent's settings, the rights that it needs to look, and that it may run in the
// background and show notices. Pure. Payloads keep their identifiers and UUIDs, so that a profile pushed again replaces the one
// before.
import { createHash } from 'node:crypto'
import { propertyList, type PropertyDictionary } from './property-list.ts'

/** The preference domain, which is the identifier of the executable's signature, too. */
export const domain = 'dev.cutoff.agent'

/** @param values what the organisation sets; settings that it does not name are left to the agent's defaults */
export function settingsProfile(
  organisation: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return profile('settings', 'Cutoff: settings', organisation, {
    about: 'Where the Cutoff agent reports to, and how it works.',
    payloads: [settingsPayload(values)],
  })
}

/** The payload of `settingsProfile` alone. */
export function settingsPayload(values: Readonly<Record<string, string | number>>): PropertyDictionary {
  return payload('settings', domain, 'Cutoff settings', values)
}

/**
 * Full disk access for the agent alone.
 * @param codeRequirement what `codesign -d -r-` prints of the signed executable: a profile for a path without one is refused
 */
export function accessProfile(organisation: string, executable: string, codeRequirement: string): string {
  return profile('access', 'Cutoff: access', organisation, {
    about: 'Lets the Cutoff agent look at what it must tell of.',
    payloads: [accessPayload(executable, codeRequirement)],
  })
}

/** The payload of `accessProfile` alone. */
export function accessPayload(executable: string, codeRequirement: string): PropertyDictionary {
  const comment =
    'Lets Cutoff see which coding tools there are and when they were used: cutoff-agent privacy lists what it looks at.'
  const fullDisk: PropertyDictionary = {
    Services: {
      SystemPolicyAllFiles: [
        {
          Identifier: executable,
          IdentifierType: 'path',
          CodeRequirement: codeRequirement,
          StaticCode: false,
          Authorization: 'Allow',
          Comment: comment,
        },
      ],
    },
  }
  return payload('access.files', 'com.apple.TCC.configuration-profile-policy', 'Cutoff file access', fullDisk)
}

/**
 * The agent and its notices at login as managed background items, which no one is asked about or can switch off; and that the
 * notices are shown.
 * @param teamIdentifier of the certificate; null where the executable is signed without one
 */
export function backgroundProfile(organisation: string, teamIdentifier: string | null): string {
  return profile('background', 'Cutoff: background items and notices', organisation, {
    about: 'Lets the Cutoff agent start by itself, and tell people what it has for them.',
    payloads: [backgroundItemsPayload(teamIdentifier), noticesPayload()],
  })
}

export function backgroundItemsPayload(teamIdentifier: string | null): PropertyDictionary {
  const items: PropertyDictionary = {
    Rules: [
      {
        RuleType: 'LabelPrefix',
        RuleValue: 'dev.cutoff.',
        ...(teamIdentifier === null ? {} : { TeamIdentifier: teamIdentifier }),
        Comment: 'Cutoff agent',
      },
    ],
  }
  return payload('background.items', 'com.apple.servicemanagement', 'Cutoff background items', items)
}

export function noticesPayload(): PropertyDictionary {
  const notices: PropertyDictionary = {
    NotificationSettings: [
      {
        // To macOS what osascript shows is Script Editor's; until it is allowed to show any, nothing appears.
        BundleIdentifier: 'com.apple.ScriptEditor2',
        NotificationsEnabled: true,
        // Stays until it is closed: whoever is away for a minute should not miss it.
        AlertType: 2,
        ShowInNotificationCenter: true,
        // What it says is for one person.
        ShowInLockScreen: false,
        BadgesEnabled: false,
        SoundsEnabled: false,
      },
    ],
  }
  return payload('background.notices', 'com.apple.notificationsettings', 'Cutoff notices', notices)
}

function payload(
  name: string,
  type: string,
  displayName: string,
  content: PropertyDictionary,
): PropertyDictionary {
  const identifier = `${domain}.${name}.payload`
  return {
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuidOf(identifier),
    PayloadDisplayName: displayName,
    PayloadEnabled: true,
    ...content,
  }
}

function profile(
  name: string,
  displayName: string,
  organisation: string,
  { about, payloads }: { readonly about: string; readonly payloads: readonly PropertyDictionary[] },
): string {
  const identifier = `${domain}.${name}`
  return propertyList({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuidOf(identifier),
    PayloadDisplayName: displayName,
    PayloadDescription: about,
    PayloadOrganization: organisation,
    PayloadScope: 'System',
    PayloadRemovalDisallowed: true,
    PayloadContent: payloads,
  })
}

/** A version 5 UUID of a name: the same each time. */
export function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(`${domain}\0${name}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
