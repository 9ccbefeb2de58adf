// The bundle's chunks as the executable holds them: each a function, as CommonJS wraps it, and its compiled form where the
// target's Node can be started here.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AgentBundle } from '../agent-bundle.ts'
import { runTool } from './run-tool.ts'
import type { Target } from './targets.ts'

const here = dirname(fileURLToPath(import.meta.url))

/** V8 orders some of its tables by this: the same sources must give the same compiled code. */
export const fixedSeed = '--random-seed=1'

/**
 * The agent interprets its program and compiles none of it: a quarter less memory for the same CPU (installers/README.md), and
 * no memory that could be written and run. Compiled code is taken only by an engine with the same flags.
 */
export const engineFlags = ['--jitless'] as const

/** Debian's: the emulator, and the folder of the other processor's libraries. */
const emulator = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'] as const

/** The words before the target's Node to start it on the machine that builds; null where that cannot be. */
export function starterOf(target: Target, own: Target | undefined): readonly string[] | null {
  if (target === own) return []
  return own?.name === 'linux-x64' && target.name === 'linux-arm64' ? emulator : null
}

/**
 * Writes the chunks into `folder` and returns what the executable is to hold, by name.
 * @param starter as of starterOf
 * @throws BuildError `tool-failed` where the Node does not start or refuses what it has compiled
 */
export function prepareChunks(
  bundle: AgentBundle,
  folder: string,
  node: string,
  starter: readonly string[] | null,
): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true })
  for (const chunk of bundle.chunks) {
    const code = readFileSync(join(bundle.folder, chunk), 'utf8')
    writeFileSync(join(folder, chunk), wrapped(asciiOnly(code)), 'latin1')
  }
  const names = [...bundle.chunks]
  if (starter !== null) {
    const script = join(here, 'compile-chunks.mjs')
    runTool([...starter, node, ...engineFlags, fixedSeed, script, folder, ...bundle.chunks])
    runTool([...starter, node, ...engineFlags, script, '--check', folder, ...bundle.chunks])
    names.push(...bundle.chunks.map((chunk) => `${chunk}.compiled`))
  }
  return new Map(names.toSorted().map((name) => [name, join(folder, name)]))
}

/** The parameters are those that entry.cjs passes. */
function wrapped(code: string): string {
  return `(function(exports,require,module,__filename,__dirname){${code}\n})`
}

/**
 * The same program in ASCII: V8 keeps such a source in half of the memory and reads it faster. Outside of strings and
 * regular expressions, minified code has no other characters; those two know the escape.
 */
export function asciiOnly(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
