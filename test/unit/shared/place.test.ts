// Places and templates: what a path fits, with and without the index.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexPlaces, pathOf, placeFits, placeOf } from '#shared/place.ts'

describe('a place fits a template', () => {
  test.each([
    ['~/.a/*/*.jsonl', '~/.a/-src/x.jsonl', true],
    ['~/.a/*/*.jsonl', '~/.a/-src/sub/x.jsonl', false],
    ['~/.a/*/*.jsonl', '~/.a/-src/x.json', false],
    ['~/.a/rollout-*-*.jsonl', '~/.a/rollout-1-2.jsonl', true],
    ['~/.a/rollout-*-*.jsonl', '~/.a/rollout-12.jsonl', false],
    ['~/.a/x*x', '~/.a/x', false],
    ['~/.a/*', '~/.a/..', false],
    ['~/.a/*', '~/.a/', false],
    ['~/.a/b', '/home/x/.a/b', false],
    ['/usr/lib/*/y', '/usr/lib/x/y', true],
  ])('%s and %s: %s', (template, place, fits) => {
    expect(placeFits(template, place)).toBe(fits)
    expect(indexPlaces([[template, 1]]).find(place)).toEqual(fits ? [1] : [])
  })
})

test('the index finds exactly what fits', () => {
  const segment = fc.constantFrom('a', 'b', 'ab', 'x.jsonl', '*', '*.jsonl', 'a*', '~')
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((s) => s.join('/'))
  fc.assert(
    fc.property(
      fc.array(path, { maxLength: 6 }),
      path.map((p) => p.replaceAll('*', 'q')),
      (templates, place) => {
        const found = indexPlaces(templates.map((t, i) => [t, i] as const)).find(place)
        const expected = templates.flatMap((t, i) => (placeFits(t, place) ? [i] : []))
        expect(found.toSorted((a, b) => a - b)).toEqual(expected)
      },
    ),
  )
})

test('a path in a home becomes a place and back', () => {
  expect(placeOf('/home/al/.a', '/home/al')).toBe('~/.a')
  expect(placeOf('/home/alice/.a', '/home/al')).toBe('/home/alice/.a')
  expect(placeOf('/etc/x', '/')).toBe('/etc/x')
  expect(pathOf('~/.a', '/home/al/')).toBe('/home/al/.a')
  expect(pathOf('/etc/x', '/home/al')).toBe('/etc/x')
})
