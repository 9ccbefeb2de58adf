// Configuration profiles for macOS: the agent's settings, the rights that it needs to look, and that it may run in the
// background. Pure. Payloads keep their identifiers and UUIDs, so that a profile pushed again replaces the one before.
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
    payloads: [payload('settings', domain, 'Cutoff settings', values)],
  })
}

/**
 * Full disk access for the agent alone, and its background items as managed ones, which no one is asked about at login.
 * @param codeRequirement what `codesign -d -r-` prints of the signed executable: a profile for a path without one is refused
 * @param teamIdentifier of the certificate; null where the executable is signed without one
 */
export function accessProfile(
  organisation: string,
  executable: string,
  codeRequirement: string,
  teamIdentifier: string | null,
): string {
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
  const background: PropertyDictionary = {
    Rules: [
      {
        RuleType: 'LabelPrefix',
        RuleValue: 'dev.cutoff.',
        ...(teamIdentifier === null ? {} : { TeamIdentifier: teamIdentifier }),
        Comment: 'Cutoff agent',
      },
    ],
  }
  return profile('access', 'Cutoff: access', organisation, {
    about: 'Lets the Cutoff agent look at what it must tell of, and start by itself.',
    payloads: [
      payload('access.files', 'com.apple.TCC.configuration-profile-policy', 'Cutoff file access', fullDisk),
      payload('access.background', 'com.apple.servicemanagement', 'Cutoff background items', background),
    ],
  })
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
