// Reads a package.json as far as it identifies a package. Forgiving: takes only the fields we need.
// Pure; touches no file. The caller bounds the size of what it passes in.
import { isRecord, parseJson } from './json-object.ts'

export interface PackageManifest {
  readonly name: string | null
  readonly version: string | null
  /** Names of the commands it brings. */
  readonly commands: readonly string[]
  /** Names of direct dependencies, optional ones included. */
  readonly dependencies: readonly string[]
}

/** More is no manifest: the largest in the wild are some hundred kilobytes. */
export const maxManifestBytes = 2 * 1024 * 1024
const maxNameLength = 214
const maxListed = 500

/** The manifest, or null when the bytes are no JSON object. */
export function parsePackageManifest(bytes: Uint8Array): PackageManifest | null {
  const value = parseJson(bytes)
  if (!isRecord(value)) return null
  const name = textOf(value['name'], maxNameLength)
  return {
    name,
    version: textOf(value['version'], 100),
    commands: commandsOf(value['bin'], name),
    dependencies: [...keysOf(value['dependencies']), ...keysOf(value['optionalDependencies'])],
  }
}

function commandsOf(bin: unknown, name: string | null): readonly string[] {
  if (typeof bin === 'string' && name !== null) return [name.slice(name.lastIndexOf('/') + 1)]
  return keysOf(bin)
}

function keysOf(value: unknown): readonly string[] {
  if (!isRecord(value)) return []
  return Object.keys(value)
    .slice(0, maxListed)
    .filter((key) => key !== '' && key.length <= maxNameLength)
}

function textOf(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value !== '' && value.length <= maxLength ? value : null
}
