// Makes folders that only the server's own account can read.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those above it. Throws what the system says (EACCES, ENOENT, ENOTDIR …). */
export function makeFolder(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) return
  const parent = dirname(path)
  // Step by step: Node's own `recursive` never returns where a system refuses to make folders by ENOENT, as /proc does.
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}
