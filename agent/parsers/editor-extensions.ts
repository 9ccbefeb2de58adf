// Reads what editors of the VS Code family keep of their extensions: extensions.json, .obsolete and folder names.
// Pure; touches no file. Shapes as written by VS Code 1.90 to 1.139, looked at 2026-11-22 and 23.
import { parseJson } from './json-object.ts'

export interface ListedExtension {
  /** Lower case: the family compares ids without regard to case. */
  readonly id: string
  readonly version: string | null
  /** Name of its folder, null where the list does not tell. */
  readonly folder: string | null
}

const maxListed = 5_000

/** The entries of extensions.json; null when the bytes are no such list. */
export function parseExtensionsList(bytes: Uint8Array): readonly ListedExtension[] | null {
  const value = parseJson(bytes)
  if (!Array.isArray(value)) return null
  return value.slice(0, maxListed).flatMap((entry: unknown) => {
    const id = textAt(entry, 'identifier', 'id')
    if (id === null || !/^[\w-]+\.[\w.-]+$/.test(id)) return []
    const path = textAt(entry, 'location', 'path') ?? textAt(entry, 'location', 'fsPath')
    const folder = textAt(entry, 'relativeLocation') ?? path?.split(/[/\\]/).at(-1) ?? null
    return [{ id: id.toLowerCase(), version: textAt(entry, 'version'), folder }]
  })
}

/** Names of folders that .obsolete marks for removal; empty when there is none or it cannot be read. */
export function parseObsolete(bytes: Uint8Array): ReadonlySet<string> {
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set(Object.entries(value).flatMap(([folder, marked]) => (marked === true ? [folder] : [])))
}

/** `publisher.name-1.2.3` or `publisher.name-1.2.3-linux-x64`; null for any other folder. */
export function parseExtensionFolder(name: string): ListedExtension | null {
  const match = /^([\w-]+\.[\w.-]*?)-(\d+\.\d+\.\d+[\w.+]*)(?:-[a-z0-9-]+)?$/i.exec(name)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { id: match[1].toLowerCase(), version: match[2], folder: name }
}

/** Key under which an editor keeps the extensions that were disabled for all folders, in the table ItemTable of its state. */
export const disabledKey = 'extensionsIdentifiers/disabled'

/** Ids in lower case of `[{"id":"publisher.name","uuid":"…"}]`; empty where it is something else. */
export function parseDisabled(bytes: Uint8Array): ReadonlySet<string> {
  const value = parseJson(bytes)
  if (!Array.isArray(value)) return new Set()
  return new Set(value.slice(0, maxListed).flatMap((entry) => textAt(entry, 'id')?.toLowerCase() ?? []))
}

/** Id and version of an extension's own package.json; null when it is none of an extension. */
export function parseExtensionManifest(
  bytes: Uint8Array,
): { readonly id: string; readonly version: string | null } | null {
  const value = parseJson(bytes)
  const publisher = textAt(value, 'publisher')
  const name = textAt(value, 'name')
  if (publisher === null || name === null) return null
  return { id: `${publisher}.${name}`.toLowerCase(), version: textAt(value, 'version') }
}

function textAt(value: unknown, ...keys: readonly string[]): string | null {
  let current = value
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return null
    current = (current as Record<string, unknown>)[key]
  }
  return typeof current === 'string' && current !== '' && current.length <= 1024 ? current : null
}
