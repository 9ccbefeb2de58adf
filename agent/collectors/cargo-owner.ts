// Which crate a command belongs to, by cargo's own list in the folder that it installed into. Names no tool.
import type { PackageRef } from '#shared/observation.ts'
import { maxCratesBytes, parseCargoCrates } from '../parsers/cargo-crates.ts'
import type { Reach } from '../platform/files.ts'

/** `file` is `<root>/bin/x` beside `<root>/.crates.toml`. */
export function cargoOwner(reach: Reach, file: string): PackageRef | null {
  const [, root, command] = /^(.+)\/bin\/([^/]+)$/.exec(file) ?? []
  if (root === undefined || command === undefined) return null
  const crates = reach.parsed(`${root}/.crates.toml`, maxCratesBytes, parseCargoCrates)
  const own = crates.ok ? crates.value.find(({ commands }) => commands.includes(command)) : undefined
  return own === undefined ? null : { manager: 'cargo', name: own.name, version: own.version, root }
}
