import { describe, expect, test } from 'vitest'
import {
  parseNixEnvManifest,
  parseNixProfile,
  parseStorePath,
} from '../../../../agent/parsers/nix-profile.ts'

const hash = 'wbhg2ga8f3h87s9h5k0slxk0m81m4cxl'
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

describe('a profile of Nix', () => {
  // The element is the one of Nix's manual.
  const zoom = {
    active: true,
    attrPath: 'legacyPackages.x86_64-linux.zoom-us',
    originalUrl: 'flake:nixpkgs',
    storePaths: [`/nix/store/${hash}-zoom-us-5.3.469451.0927`],
    uri: 'github:NixOS/nixpkgs/13d0c311e3ae923a00f734b43fd1d35b47d8943a',
  }
  const listed = [{ name: 'zoom-us', version: '5.3.469451.0927' }]

  test.each<[string, unknown, unknown]>([
    ['of version 1', { version: 1, elements: [zoom] }, listed],
    ['of version 3', { version: 3, elements: { 'zoom-us': zoom } }, listed],
    ['what is not active', { version: 1, elements: [{ ...zoom, active: false }] }, []],
    [
      'a flake’s default is named by its store path',
      { version: 2, elements: [{ ...zoom, attrPath: 'packages.x86_64-linux.default' }] },
      listed,
    ],
    ['without a store path', { version: 2, elements: [{ ...zoom, storePaths: [] }, 7, null] }, []],
    ['of another shape', { version: 9 }, null],
    ['that is a list', [1], null],
  ])('%s', (_title, value, expected) => {
    expect(parseNixProfile(json(value))).toEqual(expected)
  })

  test('that is no JSON', () => {
    expect(parseNixProfile(Buffer.from('{'))).toBeNull()
  })
})

describe('as Nix 2.8.0 wrote it for a local derivation, Debian 12, 2026-11-23', () => {
  const path = '/nix/store/fax0107d2lifjqg5ampv4r0lbjcq56k5-claude-code-2.1.330'
  const listed = [{ name: 'claude-code', version: '2.1.330' }]

  test('nix-env -i', () => {
    const text = `[ { meta = { }; name = "claude-code-2.1.330"; out = { outPath = "${path}"; }; outPath = "${path}"; outputs = [ "out" ]; system = "x86_64-linux"; type = "derivation"; } ]`
    expect(parseNixEnvManifest(Buffer.from(text))).toEqual(listed)
    expect(parseNixEnvManifest(Buffer.from('[ ]'))).toEqual([])
  })

  test('nix profile install', () => {
    const text = `{"elements":[{"active":true,"attrPath":"packages.x86_64-linux.claude-code","originalUrl":"path:/home/ann/pkg","storePaths":["${path}"],"url":"path:/home/ann/pkg?lastModified=1795431455&narHash=sha256-b2uZp%2fHsDQl+aM8ec42HIl+S3b%2fk7nA+8IfQE2cOkS4="}],"version":2}`
    expect(parseNixProfile(Buffer.from(text))).toEqual(listed)
  })
})

test('a manifest of nix-env', () => {
  const text = `[ { meta = { name = "hello-2.12.1"; }; name = "hello-2.12.1"; out = { outPath = "/nix/store/x"; }; } ]`
  expect(parseNixEnvManifest(Buffer.from(text))).toEqual([{ name: 'hello', version: '2.12.1' }])
})

test.each<[string, string | null]>([
  [`/nix/store/${hash}-llama-cpp-4821/bin/llama`, 'llama-cpp 4821'],
  [`/nix/store/${hash}-profile`, 'profile null'],
  ['/nix/store/short-x-1', null],
  ['/usr/bin/x', null],
])('store path %s', (path, expected) => {
  const found = parseStorePath(path)
  expect(found === null ? null : `${found.name} ${found.version}`).toBe(expected)
})
