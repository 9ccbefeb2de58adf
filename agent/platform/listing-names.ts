// The names in a folder's listing, in lower case: where a system takes `.Tool` for `.tool`, it is still found. Pure; remembered for
// as long as the listing, which is the same array while its folder is unchanged.
import type { Entry } from './files.ts'

const ascii = /^[\x20-\x7e]*$/

/** Whether every system tells the other case of these letters in the same way. */
export function isPlain(name: string): boolean {
  return ascii.test(name)
}

const sets = new WeakMap<readonly Entry[], ReadonlySet<string>>()

export function namesOf(entries: readonly Entry[]): ReadonlySet<string> {
  const known = sets.get(entries)
  if (known !== undefined) return known
  const made = new Set(entries.map(({ name }) => name.toLowerCase()))
  sets.set(entries, made)
  return made
}

const plain = new WeakMap<readonly Entry[], boolean>()

/** The same, or null where one of the names is not plain: no other name is then known to be missing. */
export function plainNamesOf(entries: readonly Entry[]): ReadonlySet<string> | null {
  let are = plain.get(entries)
  if (are === undefined) plain.set(entries, (are = entries.every(({ name }) => isPlain(name))))
  return are ? namesOf(entries) : null
}
