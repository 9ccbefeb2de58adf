// Reads what a profile of Nix lists as installed: manifest.json of `nix profile`, manifest.nix of nix-env. Pure; touches no
// file. Shapes of versions 1 to 3: Nix's manual, manifest.json, looked at 2026-11-23.
import { isRecord, parseJson } from './json-object.ts'

export interface NixPackage {
  readonly name: string
  readonly version: string | null
}

export const maxProfileBytes = 4 * 1024 * 1024
const maxListed = 5_000

/** Null when the bytes are no manifest. */
export function parseNixProfile(bytes: Uint8Array): readonly NixPackage[] | null {
  const value = parseJson(bytes)
  const elements = isRecord(value) ? value['elements'] : null
  if (typeof elements !== 'object' || elements === null) return null
  // A list up to version 2, by name from version 3 on.
  return Object.values(elements)
    .slice(0, maxListed)
    .flatMap((element: unknown) => {
      if (!isRecord(element) || element['active'] === false) return []
      const paths: unknown = element['storePaths']
      const path: unknown = Array.isArray(paths) ? paths[0] : null
      const stored = typeof path === 'string' ? parseStorePath(path) : null
      if (stored === null) return []
      const attribute = typeof element['attrPath'] === 'string' ? element['attrPath'].split('.').at(-1) : null
      const isNamed = attribute !== undefined && attribute !== null && /^[A-Za-z_][\w-]*$/.test(attribute)
      return [{ ...stored, name: isNamed && attribute !== 'default' ? attribute : stored.name }]
    })
}

/** `name = "hello-2.12.1";` of each derivation. */
export function parseNixEnvManifest(bytes: Uint8Array): readonly NixPackage[] {
  const text = new TextDecoder().decode(bytes)
  const names = [...text.matchAll(/(?<=[\s{])name = "([^"\\$]{1,200})";/g)].map(([, name]) => name ?? '')
  return [...new Set(names)].slice(0, maxListed).map(nameAndVersion)
}

/** `/nix/store/<hash>-name-1.2.3`, and what lies in it. */
export function parseStorePath(path: string): NixPackage | null {
  const name = /^\/nix\/store\/[a-z0-9]{32}-([^/]+)/.exec(path)?.[1]
  return name === undefined ? null : nameAndVersion(name)
}

/** The version begins after the first dash that no letter follows; that is how Nix itself tells. */
function nameAndVersion(text: string): NixPackage {
  const dash = text.search(/-[^A-Za-z]/)
  return dash < 1
    ? { name: text, version: null }
    : { name: text.slice(0, dash), version: text.slice(dash + 1) }
}
