import { describe, expect, test } from 'vitest'
import { parseCargoCrates } from '../../../../agent/parsers/cargo-crates.ts'
import { parseDesktopEntry } from '../../../../agent/parsers/desktop-entry.ts'
import { parseDpkgStatus } from '../../../../agent/parsers/dpkg-status.ts'
import {
  parseExtensionFolder,
  parseExtensionsList,
  parseObsolete,
} from '../../../../agent/parsers/editor-extensions.ts'
import { prefixOfNpmrc } from '../../../../agent/parsers/npmrc.ts'
import { parsePackageManifest } from '../../../../agent/parsers/package-manifest.ts'
import { parseDistInfo } from '../../../../agent/parsers/python-packages.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('package.json', () => {
  const nothing = { name: null, version: null, commands: [], dependencies: [] }

  test.each<[string, string, ReturnType<typeof parsePackageManifest>]>([
    [
      'a tool’s',
      '{"name":"@anthropic-ai/claude-code","version":"2.1.330","bin":{"claude":"bin/claude.exe"},"optionalDependencies":{"@anthropic-ai/claude-code-linux-x64":"2.1.330"}}',
      {
        name: '@anthropic-ai/claude-code',
        version: '2.1.330',
        commands: ['claude'],
        dependencies: ['@anthropic-ai/claude-code-linux-x64'],
      },
    ],
    [
      'one command, called as the package',
      '{"name":"@s/tool","bin":"cli.js"}',
      { ...nothing, name: '@s/tool', commands: ['tool'] },
    ],
    ['a marker of the module type only', '{"type":"module"}', nothing],
    ['fields of other types', '{"name":5,"version":{},"bin":[1],"dependencies":"x"}', nothing],
    ['a byte order mark', '\uFEFF{"name":"a"}', { ...nothing, name: 'a' }],
    ['a name that is too long', `{"name":"${'x'.repeat(300)}"}`, nothing],
    ['a list', '[]', null],
    ['no JSON', '{"name":', null],
    ['nothing', '', null],
    [
      '10,000 levels',
      `{"name":"deep","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      { ...nothing, name: 'deep' },
    ],
    ['a key that is a trap', '{"__proto__":{"name":"x"},"version":"1"}', { ...nothing, version: '1' }],
  ])('%s', (_title, text, expected) => {
    expect(parsePackageManifest(bytes(text))).toEqual(expected)
  })
})

test.each<[string, string | null]>([
  ['prefix=/home/ann/.npm-global\n', '/home/ann/.npm-global'],
  ['registry=https://example.org/\nprefix = ${HOME}/.node/ \n', '/home/ann/.node'],
  ['prefix="~/x"', '/home/ann/x'],
  ['prefix=${OTHER}/x', null],
  ['prefix=relative', null],
  ['; prefix=/x\n#prefix=/y', null],
  ['//example.org/:_authToken=secret', null],
])('npmrc %j has the prefix %s', (text, expected) => {
  expect(prefixOfNpmrc(text, '/home/ann')).toBe(expected)
})

test('dpkg: what is installed, not what is left of it', () => {
  const status = `Package: adduser
Status: install ok installed
Priority: important
Version: 3.134
Description: add and remove users
 Version: not this one

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: odd
Status: install ok installed
`
  expect(parseDpkgStatus(bytes(status))).toEqual([{ name: 'adduser', version: '3.134' }])
  expect(parseDpkgStatus(bytes(''))).toEqual([])
})

describe('editor extensions', () => {
  test('the list, with ids in lower case', () => {
    const text = JSON.stringify([
      {
        identifier: { id: 'Anthropic.Claude-Code' },
        version: '2.1.0',
        relativeLocation: 'anthropic.claude-code-2.1.0',
      },
      {
        identifier: { id: 'a.b' },
        version: '1.0.0',
        location: { $mid: 1, path: '/home/ann/.vscode/extensions/a.b-1.0.0' },
      },
      { identifier: { id: '../../etc' }, version: '1' },
      'nonsense',
    ])
    expect(parseExtensionsList(bytes(text))).toEqual([
      { id: 'anthropic.claude-code', version: '2.1.0', folder: 'anthropic.claude-code-2.1.0' },
      { id: 'a.b', version: '1.0.0', folder: 'a.b-1.0.0' },
    ])
    expect(parseExtensionsList(bytes('{'))).toBe(null)
  })

  test('folders marked for removal', () => {
    expect(parseObsolete(bytes('{"a.b-1.0.0":true,"c.d-1.0.0":false}'))).toEqual(new Set(['a.b-1.0.0']))
    expect(parseObsolete(bytes('no'))).toEqual(new Set())
  })

  test.each<[string, string | null, string | null]>([
    ['anthropic.claude-code-2.1.0-linux-x64', 'anthropic.claude-code', '2.1.0'],
    ['GitHub.copilot-1.388.0', 'github.copilot', '1.388.0'],
    ['ms-python.python-2025.1.0-alpine-arm64', 'ms-python.python', '2025.1.0'],
    ['extensions.json', null, null],
    ['noversion', null, null],
  ])('the folder %s', (name, id, version) => {
    expect(parseExtensionFolder(name)?.id ?? null).toBe(id)
    expect(parseExtensionFolder(name)?.version ?? null).toBe(version)
  })
})

test('desktop entries: the main group counts, actions do not', () => {
  const text = `[Desktop Entry]
Type=Application
Name=Cursor
Name[de]=Zeiger
Exec="/opt/My App/cursor" --no-sandbox %F
[Desktop Action new-window]
Name=New
Exec=/other
`
  expect(parseDesktopEntry(bytes(text))).toEqual({
    name: 'Cursor',
    program: '/opt/My App/cursor',
    isApplication: true,
    isHidden: false,
  })
  expect(parseDesktopEntry(bytes('garbage\0'))).toMatchObject({ name: null, isApplication: false })
})

test.each<[string, string | null]>([
  ['aider_chat-0.86.1.dist-info', 'aider-chat 0.86.1'],
  ['Zope.Interface-6.0.egg-info', 'zope-interface 6.0'],
  ['pip-24.0.dist-info', 'pip 24.0'],
  ['distutils-precedence.pth', null],
  ['__pycache__', null],
])('python metadata %s', (folder, expected) => {
  const found = parseDistInfo(folder)
  expect(found === null ? null : `${found.name} ${found.version}`).toBe(expected)
})

test('cargo’s list of what it installed', () => {
  const text =
    '[v1]\n"codex-cli 0.1.2 (registry+https://github.com/rust-lang/crates.io-index)" = ["codex"]\nnonsense\n'
  expect(parseCargoCrates(bytes(text))).toEqual([{ name: 'codex-cli', version: '0.1.2' }])
})
