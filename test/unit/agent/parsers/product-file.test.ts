import { expect, test } from 'vitest'
import { parseProduct } from '../../../../agent/parsers/product-file.ts'

test.each<[string, string, object | null]>([
  [
    // The first keys of product.json of voideditor/void at 053a022, as its repository has it, 2026-11-23.
    'one of the family',
    '{"nameShort":"Void","nameLong":"Void","voidVersion":"1.3.5","applicationName":"void","dataFolderName":".void-editor","serverDataFolderName":".void-server"}',
    { name: 'void', folders: ['.void-editor', '.void-server'] },
  ],
  ['without folders', '{"applicationName":"x"}', { name: 'x', folders: [] }],
  ['a name that leads elsewhere', '{"applicationName":"../../bin/sh"}', null],
  ['a name of dots', '{"applicationName":".."}', null],
  ['no name', '{"nameShort":"Void"}', null],
  ['a name that is no text', '{"applicationName":{"toString":1}}', null],
  ['no object', '[]', null],
  ['no JSON', '{', null],
])('%s', (_, text, expected) => {
  expect(parseProduct(Buffer.from(text))).toEqual(expected)
})
