import { describe, expect, test } from 'vitest'
import { parsePackageManifest } from '../../../../agent/parsers/package-manifest.ts'

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
