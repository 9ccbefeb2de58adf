// The files of this checkout, for the tests of the repository itself. Reads only.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))

/** What git ignores, and git itself: these are never part of the repository. */
const ignored = new Set(['.git', 'node_modules', '.cache', 'dist', 'coverage', '.cutoff', '.DS_Store'])
const folders = ['agent', 'server', 'shared', 'installers', 'test'] as const

/** The names at the top level, but those that git ignores. */
export function topLevelNames(): readonly string[] {
  return readdirSync(repositoryRoot).filter(
    (name) => !ignored.has(name) && !/\.(log|sqlite(-\w+)?)$/.test(name),
  )
}

/** The paths of all files below a folder of the checkout (default: the whole), with slashes. */
export function filesBelow(folder = ''): readonly string[] {
  return readdirSync(repositoryRoot + folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

/** Code that people write: neither captured nor generated. */
export function codeFiles(): readonly string[] {
  return folders
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => /\.(ts|tsx|mjs|js|css)$/.test(path))
    .filter((path) => !path.includes('/fixtures/') && !isGenerated(path))
}

export function isGenerated(path: string): boolean {
  return /(^|\/)generated\/|\.generated\./.test(path)
}

export function readText(path: string): string {
  return readFileSync(repositoryRoot + path, 'utf8')
}
