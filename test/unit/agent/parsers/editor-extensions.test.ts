import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  parseExtensionFolder,
  parseExtensionsList,
  parseObsolete,
} from '../../../../agent/parsers/editor-extensions.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

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

  test('the list as VS Code 1.139 wrote it', () => {
    const list = new URL('../../../fixtures/editor-extensions/extensions-before.json', import.meta.url)
    expect(parseExtensionsList(readFileSync(list))?.map(({ folder }) => folder)).toEqual([
      'anthropic.claude-code-2.1.330',
      'saoudrizwan.claude-dev-3.30.0',
      'esbenp.prettier-1.0.0',
    ])
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
