// Every source file: says what it is for, has a speaking name, and keeps all checks on. (The linter
// limits its length.)
import { expect, test } from 'vitest'
import { codeFiles, readText } from '../helpers/repository.ts'

const files = codeFiles()

test('there are source files to look at', () => {
  expect(files).toContain('installers/bootstrap.mjs')
})

test('every source file begins with a comment that says what it is for', () => {
  // A test says it in its titles.
  const sources = files.filter((path) => !path.endsWith('.test.ts'))
  const silent = sources.filter((path) => {
    const text = readText(path).replace(/^#!.*\n/, '')
    const words = /^(?:\/\/|\/\*\*?)\s*(.*(?:\n(?:\/\/| \*).*)?)/.exec(text)?.[1] ?? ''
    return words.trim().split(/\s+/).length < 4
  })
  expect(silent).toEqual([])
})

test('no source file has a name that says nothing', () => {
  const empty = /^(utils?|helpers?|common|managers?|misc|lib|stuff|index)\.\w+$/
  // The catalogue's index and the dashboard's entry are what their name says.
  const allowed = ['shared/catalogue/index.ts']
  const named = files.filter((path) => empty.test(path.split('/').at(-1) ?? '') && !allowed.includes(path))
  expect(named).toEqual([])
})

test('file names are in kebab-case', () => {
  const odd = files.filter(
    (path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(path.split('/').at(-1) ?? ''),
  )
  expect(odd).toEqual([])
})

test('no source file switches a check off', () => {
  const markers = [['@ts', 'ignore'].join('-'), ['@ts', 'nocheck'].join('-'), ['oxlint', 'disable'].join('-')]
  const eased = files.filter((path) => {
    const text = readText(path)
    // A single line may be excused, with the reason beside it; a whole file may not.
    return markers.some((marker) =>
      text
        .split(marker)
        .slice(1)
        .some((rest) => !/^-(next-)?line .* -- \S+/.test(rest)),
    )
  })
  expect(eased).toEqual([])
})

test('the agent calls nothing that Node’s permission model always refuses: it runs with it on systems that no test is run on', () => {
  const refused = /\bf(?:sync|datasync|chown|chmod|utimes)(?:Sync)?\(/
  const calling = files.filter((path) => path.startsWith('agent/') && refused.test(readText(path)))
  expect(calling).toEqual([])
})
