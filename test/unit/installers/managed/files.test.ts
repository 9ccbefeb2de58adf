// The files for device management hold every setting, and the agent reads from them what the organisation set.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settingNames, settingNamesOnWindows } from '#shared/settings.ts'
import { managedSettings } from '../../../../agent/platform/managed-settings-darwin.ts'
import { parseSettingLines } from '../../../../agent/parsers/settings-lines.ts'
import { readOrganisation } from '../../../../installers/build-managed.ts'
import { executables } from '../../../../installers/managed/compliance.ts'
import { managedFiles, type Organisation } from '../../../../installers/managed/files.ts'
import { isWritable, linuxSettings } from '../../../../installers/managed/linux-settings.ts'
import { propertyList } from '../../../../installers/managed/property-list.ts'
import { settingFields } from '../../../../installers/managed/setting-fields.ts'

const example: Organisation = {
  name: 'Example & Sons',
  values: { server: 'https://cutoff.example.com', scanSeconds: 7200, logLevel: 'warn' },
  macos: {
    codeRequirement: 'identifier "dev.cutoff.agent" and anchor apple generic',
    teamIdentifier: 'ABCDE12345',
  },
  moreInfo: 'https://intranet.example.com/cutoff',
}
const files = managedFiles(example, '1.2.3')
const textOf = (path: string): string => files.get(path) ?? ''
/** Values of an attribute, in order. */
const values = (text: string, attribute: string): string[] =>
  [...text.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value)

describe('every setting', () => {
  test.each([
    ['group policy', () => values(textOf('windows/cutoff.admx'), 'valueName'), settingNamesOnWindows],
    [
      'Jamf’s form',
      () =>
        Object.keys(
          (JSON.parse(textOf('macos/jamf-schema.json')) as { readonly properties: object }).properties,
        ),
    ],
    [
      'the file for Linux',
      () =>
        [...textOf('linux/50-organisation.yaml').matchAll(/^(?:# )?(\w+):(?: |$)/gm)].map(
          ([, name = '']) => name,
        ),
    ],
    ['the page', () => [...textOf('settings.md').matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name)],
  ])('is in %s', (_, names, expected: readonly string[] = settingNames) => {
    expect(names().filter((name) => name !== 'Settings')).toEqual(expected)
  })

  test('has its bounds and choices where the schema has them', () => {
    const admx = textOf('windows/cutoff.admx')
    expect(admx).toContain(
      '<decimal id="scanSeconds" valueName="scanSeconds" required="true" minValue="60" maxValue="86400"/>',
    )
    expect(values(admx, 'id').filter((id) => id === 'logLevel')).toEqual(['logLevel'])
    expect(JSON.parse(textOf('macos/jamf-schema.json'))).toMatchObject({
      properties: {
        logLevel: { enum: ['silent', 'error', 'warn', 'info', 'debug'], default: 'info' },
        scanSeconds: { type: 'integer', minimum: 60, maximum: 86_400, default: 3600 },
      },
    })
  })
})

describe('group policy', () => {
  test.each(['en-US', 'zh-CN'])('what it refers to is in the words of %s, and no more', (language) => {
    const admx = textOf('windows/cutoff.admx')
    const adml = textOf(`windows/${language}/cutoff.adml`)
    const asked = (kind: string) =>
      new Set([...admx.matchAll(new RegExp(`\\$\\(${kind}\\.(\\w+)\\)`, 'g'))].map(([, id = '']) => id))
    const there = (element: string) =>
      new Set([...adml.matchAll(new RegExp(`<${element} id="(\\w+)"`, 'g'))].map(([, id = '']) => id))
    expect(there('string')).toEqual(asked('string'))
    expect(there('presentation')).toEqual(asked('presentation'))
    const inputs = [...admx.matchAll(/<(?:text|decimal|enum) id="(\w+)"/g)].map(([, id = '']) => id)
    expect(values(adml, 'refId')).toEqual(inputs)
    expect(admx.startsWith('\uFEFF<?xml')).toBe(true)
    expect(admx).toMatch(/\r\n$/)
  })

  test('over OMA-URI first brings the definitions, then the values', () => {
    expect(JSON.parse(textOf('windows/intune-oma-uri.json'))).toMatchObject([
      { omaUri: './Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/Cutoff/Policy/Agent' },
      { value: '<enabled/><data id="tokenFile" value="C:\\ProgramData\\Cutoff\\enrolment-token"/>' },
      {
        omaUri: './Device/Vendor/MSFT/Policy/Config/Cutoff~Policy~CutoffAgent/server',
        value: '<enabled/><data id="server" value="https://cutoff.example.com"/>',
      },
      { value: '<enabled/><data id="scanSeconds" value="7200"/>' },
      { value: '<enabled/><data id="logLevel" value="warn"/>' },
    ])
  })
})

describe('what the agent reads', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((one) => isWritable(one) && one.isWellFormed())

  test('of a property list is what was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(text, fc.integer())), (given) => {
        const read = managedSettings(Buffer.from(propertyList(given)))
        const written = Object.entries(given).map(([name, value]) => [name, String(value)])
        expect(read).toMatchObject({ given: [{ values: Object.fromEntries(written) }], faults: [] })
      }),
    )
  })

  test('of the file for Linux is what was written', () => {
    fc.assert(
      fc.property(text, text, (server, proxy) => {
        const { values: read, mistakes } = parseSettingLines(
          linuxSettings(settingFields(), { server, proxy }),
        )
        expect({ read, mistakes }).toEqual({ read: { server, proxy }, mistakes: [] })
      }),
    )
  })
})

test('the profiles keep their identifiers, so that one pushed again replaces the one before', () => {
  const other = managedFiles({ ...example, values: { server: 'https://other.example.com' } }, '2.0.0')
  for (const path of [...files.keys()].filter((one) => one.endsWith('.mobileconfig'))) {
    const uuids = (profile: string) =>
      profile.match(/[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}/g)
    expect(uuids(textOf(path))?.length).toBeGreaterThan(1)
    expect(new Set(uuids(textOf(path))).size).toBe(uuids(textOf(path))?.length)
    expect(uuids(other.get(path) ?? '')).toEqual(uuids(textOf(path)))
  }
})

test('without the requirement of a signature there is no profile of rights', () => {
  const unsigned = managedFiles({ ...example, macos: null }, '1.2.3')
  expect([...unsigned.keys()].filter((path) => !files.has(path))).toEqual([])
  expect([...files.keys()].filter((path) => !unsigned.has(path))).toEqual([
    'macos/cutoff-access.mobileconfig',
    'macos/workspace-one-access.xml',
  ])
  expect(textOf('macos/cutoff-access.mobileconfig')).toContain(`<string>${executables.darwin}</string>`)
})

// A script with none needs no mark that tells its encoding, which some managements take for a part of it.
test.each([...files].filter(([path]) => /\.(sh|zsh|ps1)$/.test(path)))(
  '%s has nothing but ASCII, a line of which comes first',
  (_, text) => {
    expect(text).toMatch(/^[\t\r\n -~]+$/)
    expect(text).toMatch(/^#/)
  },
)

test('the rules of compliance ask for what the discovery tells', () => {
  const { Rules } = JSON.parse(textOf('windows/intune-compliance.json')) as {
    readonly Rules: readonly {
      readonly SettingName: string
      readonly RemediationStrings: readonly unknown[]
    }[]
  }
  const discovery = textOf('windows/intune-compliance-discovery.ps1')
  for (const { SettingName, RemediationStrings } of Rules) {
    expect(discovery).toContain(`${SettingName} =`)
    expect(RemediationStrings).toHaveLength(2)
  }
})

test('an early version counts as the version that it is of: Windows and Intune take digits alone', () => {
  const early = managedFiles(example, '1.2.3-rc.1')
  expect(early.get('windows/intune-detection.ps1')).toContain("-lt [version]'1.2.3')")
  expect(JSON.parse(early.get('windows/intune-compliance.json') ?? '')).toMatchObject({
    Rules: [{}, { SettingName: 'CutoffVersion', Operand: '1.2.3' }, {}],
  })
})

test.each([
  [['--set', 'sever=x'], 'there is no such setting'],
  [['--set', 'server=http://x.example'], 'https://'],
  [['--set', 'scanSeconds=soon'], 'whole number of seconds'],
  [['--set', 'tokenFile=/a\nserver: https://evil.example'], 'control characters'],
  [['--set', `tokenFile=/a'b"c`], 'both kinds of quotes'],
])('%j is refused', (args, why) => {
  const read = readOrganisation(args)
  expect(read.ok ? [] : read.problems).toEqual([expect.stringContaining(why)])
})
