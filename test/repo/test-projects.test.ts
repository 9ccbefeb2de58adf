// Every test file runs: it lies in the folder of exactly one test project.
import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow } from '../helpers/repository.ts'
import { projects } from '../vitest.config.ts'

const testFiles = filesBelow().filter((path) => /[.-](test|spec)\.[cm]?[jt]sx?$/.test(path))

test('every test file belongs to exactly one project', () => {
  const astray = testFiles
    .map((path) => ({
      path,
      projects: projects.flatMap(({ test: { name, include } }) =>
        include.some((glob) => matchesGlob(path, glob)) ? [name] : [],
      ),
    }))
    .filter((file) => file.projects.length !== 1)
  expect(astray).toEqual([])
})

test('every unit test has the path of the source that it tests', () => {
  const sources = new Set(filesBelow().map((path) => path.replace(/\.(tsx?|mjs|json)$/, '')))
  const strays = testFiles
    .filter((path) => path.startsWith('test/unit/') && !path.startsWith('test/unit/test/'))
    .filter((path) => {
      const source = path.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '')
      // A long source may have its tests in several files: judge.test.ts, judge.waivers.test.ts.
      return !sources.has(source) && !sources.has(source.replace(/\.[\w-]+$/, ''))
    })
  expect(strays).toEqual([])
})
