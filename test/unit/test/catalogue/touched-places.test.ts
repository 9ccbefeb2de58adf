import { describe, expect, test } from 'vitest'
import { placesTouched } from '../../../catalogue/touched-places.ts'

describe('what differs from run to run becomes *', () => {
  test.each([
    ['an identifier', '~/.x/0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl', '~/.x/*.jsonl'],
    ['a time', '~/.x/runs/2026-11-23T00-22-11/run.log', '~/.x/runs/*/run.log'],
    ['a day', '~/.x/2026-11-23.log', '~/.x/*.log'],
    ['a day as folders', '~/.x/2026/11/23/run.log', '~/.x/*/*/*/run.log'],
    ['a version that counts builds', '~/.x/3110.7/a', '~/.x/*/a'],
    ['a version', '~/.x/1.0.102/a', '~/.x/*/a'],
    ['a process or account number', '/tmp/x-100234/y', '/tmp/x-*/y'],
    ['what stands between two of these', '~/.x/20261123-xrmclt-p10042.log', '~/.x/*.log'],
    ['a digest', '~/.x/5f1d7a84db00d2fc/a', '~/.x/*/a'],
    ['a name made by chance', '~/.x/projects.json.tmp.a8Xk2Q', '~/.x/projects.json.tmp.*'],
    ['the account', '~/.x/-home-somebody-work', '~/.x/-home-*-work'],
  ])('%s', (_, path, place) => {
    expect(placesTouched([path], ['somebody'])).toEqual([place])
  })

  test.each([
    '~/.x/state_5.sqlite-wal',
    '~/.x/settings.local.json',
    '~/.x/facade/decade.json',
    '~/.config/x/',
    '~/.local/share/applications/x-url-handler.desktop',
  ])('and what does not stays: %s', (path) => {
    expect(placesTouched([path])).toEqual([path])
  })
})

describe('much in one place is one place', () => {
  const numbered = (count: number, path: (letter: string) => string) =>
    Array.from({ length: count }, (_, at) =>
      path(String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26))),
    )

  test('files of one ending', () => {
    expect(placesTouched(numbered(4, (name) => `~/.x/${name}.js`))).toEqual(['~/.x/*.js'])
    expect(placesTouched(numbered(3, (name) => `~/.x/${name}.js`))).toHaveLength(3)
  })

  test('a folder inside of the tool’s own', () => {
    const paths = numbered(9, (name) => `~/.x/inner/${name}/file`)
    expect(placesTouched([...paths, '~/.x/config.json'])).toEqual(['~/.x/config.json', '~/.x/inner/*'])
  })

  test('never more than thirty, and never a folder that is everybody’s', () => {
    const places = placesTouched([
      ...numbered(52, (name) => `~/.cache/x/${name}`),
      ...numbered(52, (name) => `~/.config/y/${name}`),
      ...numbered(52, (name) => `~/${name}`),
    ])
    expect(places.length).toBeLessThanOrEqual(30)
    expect(places).toEqual(expect.arrayContaining(['~/.cache/x/*', '~/.config/y/*']))
    expect(places).not.toContain('~/*')
  })
})
