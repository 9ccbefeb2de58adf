// Debian's inventory agent, to measure beside: what a machine's owner would run otherwise.
import { spawnSync } from 'node:child_process'
import { findSystemCommand } from '../helpers/lab/commands.ts'

const program = 'fusioninventory-inventory'

/** Its path; installed from Debian first where it is missing and this may be done; undefined where there is none. */
export function findPeer(): string | undefined {
  const found = findSystemCommand(program)
  if (found !== undefined || process.getuid?.() !== 0 || findSystemCommand('apt-get') === undefined)
    return found
  console.log(`Installing ${program} to measure beside…`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words: readonly string[]) =>
    spawnSync('apt-get', words, { env, stdio: 'ignore', timeout: 10 * 60_000 })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'fusioninventory-agent')
  return findSystemCommand(program)
}
