// What lies in an account's home and, of its own, directly in /tmp, so that two looks tell what a run touched. Reads names
// and times only; leaves out what npm, nvm and Node keep for themselves.
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from '../helpers/lab/accounts.ts'
import { placesTouched } from './touched-places.ts'

/** By path (`~/…`, `/tmp/…`): size and time of change. An empty folder's path ends with a slash. */
export type HomeFiles = ReadonlyMap<string, string>

const leftOut = new Set(['~/.npm', '~/.nvm', '~/.cache/node-gyp', '/tmp/node-compile-cache'])
const maxFiles = 200_000

export function lookAtHome(account: Account): HomeFiles {
  const files = new Map<string, string>()
  lookInto(account.home, '~', files)
  for (const name of namesIn('/tmp')) {
    const path = join('/tmp', name)
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === account.uid && !leftOut.has(path)) {
      if (isFolder(path)) lookInto(path, path, files)
      else files.set(path, changeOf(path))
    }
  }
  return files
}

/** Paths that are new, or whose size or time changed, in the order of names. */
export function changedPaths(before: HomeFiles, after: HomeFiles): readonly string[] {
  return [...after].flatMap(([path, change]) => (before.get(path) === change ? [] : [path])).toSorted()
}

/** Tells, step by step, what changed since the step before. */
export class HomeWatch {
  readonly #account: Account
  #before: HomeFiles

  constructor(account: Account) {
    this.#account = account
    this.#before = lookAtHome(account)
  }

  /** What changed until now is nobody's. */
  restart(): void {
    this.#before = lookAtHome(this.#account)
  }

  touched(passing: readonly string[]): readonly string[] {
    const before = this.#before
    this.restart()
    return placesTouched(changedPaths(before, this.#before), passing)
  }
}

function lookInto(folder: string, name: string, files: Map<string, string>): void {
  const names = namesIn(folder)
  // An empty home is no news, and an empty folder is only news when it is new: its time is left out.
  if (names.length === 0 && name !== '~') files.set(`${name}/`, '')
  for (const entry of names) {
    const path = join(folder, entry)
    const shown = `${name}/${entry}`
    if (leftOut.has(shown) || files.size >= maxFiles) continue
    if (isFolder(path)) lookInto(path, shown, files)
    else files.set(shown, changeOf(path))
  }
}

/** Files come and go while a tool is still running. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function changeOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found === undefined ? '' : `${found.size} ${found.mtimeMs}`
}
