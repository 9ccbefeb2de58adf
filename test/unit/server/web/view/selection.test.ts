// What an address chooses: known values are kept, everything else is dropped without a fuss.
import { describe, expect, test } from 'vitest'
import {
  DeviceSelection,
  FindingSelection,
  GapSelection,
  InventorySelection,
  ToolSelection,
  tidy,
} from '../../../../../server/web/view/selection.ts'
import { readSort, writeSort } from '../../../../../server/web/view/sort.ts'

describe('a selection of findings', () => {
  test.each([
    ['nothing', {}, {}],
    ['one status as text', { status: 'violation' }, { status: ['violation'] }],
    ['several', { status: ['violation', 'suspected'] }, { status: ['violation', 'suspected'] }],
    ['unknown ones', { status: ['violation', 'guilty'], lifecycle: 'asleep' }, { status: ['violation'] }],
    ['markup', { status: '<script>', q: '<b>' }, { q: '<b>' }],
    ['a number as text', { q: 4711 }, { q: '4711' }],
    ['an object where text belongs', { q: { $ne: 1 }, sort: 5 }, {}],
    ['the trail of pages', { after: ['a', 'b'] }, { after: ['a', 'b'] }],
  ])('from %s', (_what, given, chosen) => {
    expect(tidy(FindingSelection.parse(given))).toEqual(chosen)
  })
})

test('other selections drop what they do not know', () => {
  expect(tidy(DeviceSelection.parse({ tab: 'secrets', q: 'git' }))).toEqual({ q: 'git' })
  expect(tidy(InventorySelection.parse({ item: 'command', gone: 'yes' }))).toEqual({ item: 'command' })
  expect(tidy(ToolSelection.parse({ category: 'ide', country: 'CN', sort: 'name', after: 'x' }))).toEqual({
    category: 'ide',
    country: 'CN',
    sort: 'name',
  })
  expect(tidy(ToolSelection.parse({ category: 'weapon' }))).toEqual({})
  expect(tidy(GapSelection.parse({ reason: 'denied', past: true }))).toEqual({
    reason: ['denied'],
    past: true,
  })
})

test('what says nothing is left out of the address', () => {
  expect(tidy({ a: undefined, b: '', c: false, d: [], e: 0, f: 'x' })).toEqual({ e: 0, f: 'x' })
})

test.each([
  ['since', [{ id: 'since', desc: false }]],
  ['-since', [{ id: 'since', desc: true }]],
])('the order “%s” reads and writes', (text, sorting) => {
  expect(readSort(text)).toEqual(sorting)
  expect(writeSort(sorting)).toBe(text)
})

test('no order is no order', () => {
  expect(readSort(undefined)).toEqual([])
  expect(readSort('-')).toEqual([])
  expect(writeSort([])).toBeUndefined()
})
