// The documents name only commands that exist.
import { describe, expect, test } from 'vitest'
import { filesBelow, readText } from '../helpers/repository.ts'

const scripts: Readonly<Record<string, string>> = JSON.parse(readText('package.json')).scripts
const documents = filesBelow().filter((path) => path.endsWith('.md') && !path.includes('/fixtures/'))

/** The npm scripts that a document tells the reader to run. */
function namedScripts(text: string): readonly string[] {
  const run = [...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map((match) => match[1] ?? '')
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] ?? '')
  return [...new Set([...run, ...short])]
}

test('the README says how to start and how to test', () => {
  expect(documents).toContain('README.md')
  expect(namedScripts(readText('README.md'))).toEqual(expect.arrayContaining(['start', 'test']))
})

describe.each(documents)('%s', (path) => {
  test('names only npm scripts that exist', () => {
    expect(namedScripts(readText(path)).filter((name) => scripts[name] === undefined)).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = [...readText(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
      (match) => match[1] ?? '',
    )
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
    const there = filesBelow()
    const broken = links.filter((link) => {
      const target = new URL(link, `file:///${folder}`).pathname.slice(1).replace(/\/$/, '')
      return !there.some((file) => file === target || file.startsWith(`${target}/`))
    })
    expect(broken).toEqual([])
  })
})
