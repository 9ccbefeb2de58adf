import { expect, test } from 'vitest'
import { parseAppStreamVersion, parseSnapMetadata } from '../../../../agent/parsers/app-metadata.ts'

test.each<[string, object]>([
  ["name: code\nversion: '1.106.0'\n", { version: '1.106.0', type: 'app' }],
  ['name: core22\nversion: 20240111\ntype: base\n', { version: '20240111', type: 'base' }],
  ['apps:\n  x:\n    version: 9\n', { version: null, type: 'app' }],
  ['', { version: null, type: 'app' }],
])('snap.yaml %j', (text, expected) => {
  expect(parseSnapMetadata(Buffer.from(text))).toEqual(expected)
})

test.each<[string, string | null]>([
  ['<releases><release date="2026-11-01" version="2.1"/><release version="2.0"/></releases>', '2.1'],
  ["<release version='3'>", '3'],
  ['<releases/>', null],
  ['<provides version="1"/>', null],
])('AppStream %j', (text, expected) => {
  expect(parseAppStreamVersion(Buffer.from(text))).toBe(expected)
})
