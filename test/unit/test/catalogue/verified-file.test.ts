import { describe, expect, test } from 'vitest'
import type { ToolFile, Verified, VerifiedPackage } from '../../../../shared/tool.ts'
import {
  differencesOf,
  isCurrent,
  namesToVerify,
  withVerified,
  type Offer,
} from '../../../catalogue/verified-file.ts'

const file: ToolFile = {
  id: 'example',
  name: 'Example',
  vendor: 'Example Inc.',
  vendorCountry: null,
  category: 'agent-cli',
  homepage: 'https://example.com',
  about: 'An example.',
  recordsSessions: null,
  signals: {
    package: [
      { manager: 'npm', name: '@example/cli', basis: 'documented' },
      { manager: 'npm', name: '@example/cli-linux-x64', basis: 'documented' },
      { manager: 'npm', name: '@example/cli-darwin-arm64', basis: 'documented' },
      { manager: 'homebrew', name: '@example/cli', basis: 'documented' },
    ],
    command: [
      { name: 'example', basis: 'inferred' },
      { name: 'ex', basis: 'documented' },
      { name: 'example.exe', platforms: ['windows'], basis: 'documented' },
    ],
  },
  references: [{ source: 'https://example.com', shows: 'what it is', checked: '2026-11-22' }],
  cases: { match: [], miss: [] },
}

const arrived: VerifiedPackage = {
  name: '@example/cli',
  outcome: 'installed',
  version: '1.2.3',
  with: ['@example/cli-linux-x64'],
  commands: { example: 'answered', other: 'failed' },
}

const verified = (...packages: VerifiedPackage[]): Verified => ({
  on: '2026-11-23',
  system: 'Debian 12, x64, Node 26.10.0, npm 11.19.1',
  packages,
})

test('packages for one system are not installed by name', () => {
  expect(namesToVerify(file)).toEqual(['@example/cli'])
})

describe('a file after its packages were tried', () => {
  const after = withVerified(file, verified(arrived))

  test('says of what arrived that it was observed, and of nothing else', () => {
    expect(after.signals.package?.map(({ basis }) => basis)).toEqual([
      'observed',
      'observed',
      'documented',
      'documented',
    ])
    expect(after.signals.command?.map(({ basis }) => basis)).toEqual(['observed', 'documented', 'documented'])
  })

  test('names the observation as one reference, however often it is tried', () => {
    const again = withVerified(after, verified({ ...arrived, version: '1.3.0' }))
    expect(again.references).toEqual([
      ...file.references,
      {
        source:
          'observation: npm install of @example/cli 1.3.0, --version; Debian 12, x64, Node 26.10.0, npm 11.19.1',
        shows: 'what arrived (see `verified`)',
        checked: '2026-11-23',
      },
    ])
  })

  test('keeps its signals and sources where nothing arrived', () => {
    const seen = verified({ name: '@example/cli', outcome: 'not-in-registry' })
    expect(withVerified(file, seen)).toEqual({ ...file, verified: seen })
  })
})

describe('what a person should look at', () => {
  test('commands that did not arrive, and commands that the catalogue does not have', () => {
    expect(differencesOf(file, [arrived])).toEqual({ missing: ['ex'], extra: ['other'] })
  })

  test('no command is missed where a package that may bring it was not to be had', () => {
    const other: VerifiedPackage = { name: 'other', outcome: 'not-in-registry' }
    expect(differencesOf(file, [{ ...arrived, outcome: 'without-scripts' }, other]).missing).toEqual([])
  })

  test('nothing where nothing was installed', () => {
    expect(differencesOf(file, [{ name: '@example/cli', outcome: 'install-failed' }])).toEqual({
      missing: [],
      extra: [],
    })
  })
})

describe('a verification is current', () => {
  const offer = (version: string): Offer => ({ version, deprecated: null, published: null })
  test.each<[string, Verified | undefined, Offer | null, boolean]>([
    ['never tried', undefined, offer('1.2.3'), false],
    ['of the version that the registry offers', verified(arrived), offer('1.2.3'), true],
    ['of an older one', verified(arrived), offer('1.2.4'), false],
    ['of a package that is gone since', verified(arrived), null, false],
    [
      'of a name that is still not there',
      verified({ name: '@example/cli', outcome: 'not-in-registry' }),
      null,
      true,
    ],
    [
      'of a name that is there now',
      verified({ name: '@example/cli', outcome: 'not-in-registry' }),
      offer('1'),
      false,
    ],
    ['of another name', verified({ name: 'other', outcome: 'not-in-registry' }), null, false],
  ])('or not: %s', (_, seen, offered, expected) => {
    expect(isCurrent(seen, new Map([['@example/cli', offered]]))).toBe(expected)
  })
})
