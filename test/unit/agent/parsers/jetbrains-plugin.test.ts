import { expect, test } from 'vitest'
import { parsePluginXml } from '../../../../agent/parsers/jetbrains-plugin.ts'

test.each<[string, string, ReturnType<typeof parsePluginXml>]>([
  [
    'id and version',
    '<idea-plugin><id>a.b</id><version>1.0</version></idea-plugin>',
    { id: 'a.b', version: '1.0' },
  ],
  [
    'a name in place of an id',
    '<idea-plugin>\n<name> A B </name></idea-plugin>',
    { id: 'A B', version: null },
  ],
  [
    'what is in comments does not count',
    '<idea-plugin><!-- <id>x</id> --><id>y</id></idea-plugin>',
    { id: 'y', version: null },
  ],
  ['as many comments without an end as are read', '<!--'.repeat(256 * 1024), null],
  ['a part of a plugin', '<idea-plugin package="x"/>', null],
  ['something else', '<html><id>x</id></html>', null],
  ['an open element', '<idea-plugin><id>x', null],
  ['an endless id', `<idea-plugin><id>${'x'.repeat(500)}</id></idea-plugin>`, null],
])('%s', (_title, text, expected) => {
  expect(parsePluginXml(text)).toEqual(expected)
})
