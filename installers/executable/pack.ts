// Puts the agent's chunks into one target's Node, through pkg. Works in a folder of its own and leaves the executable there.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineFlags, fixedSeed } from './chunks.ts'
import type { PkgRequest } from './run-pkg.ts'
import { runTool } from './run-tool.ts'
import type { Target } from './targets.ts'

const here = dirname(fileURLToPath(import.meta.url))

export interface Packing {
  readonly target: Target
  /** The target's Node, as it is to be in the executable. */
  readonly node: string
  readonly nodeVersion: string
  /** Names in the executable and the files that they hold. */
  readonly assets: ReadonlyMap<string, string>
  /** As of starterOf: how the target's Node is started here, or null. */
  readonly starter: readonly string[] | null
  /** An empty folder to work in. */
  readonly folder: string
}

/**
 * What Node itself is told at the executable's start, in place of anything that its environment says. Without the first, a
 * file that OPENSSL_CONF names makes OpenSSL load a library; the second keeps a signal from opening a debugger's port. The
 * permission model is the second line behind the system's sandbox: no program (but for the system's own where it tells what
 * Linux tells in files), no worker, no native code. Which folders may be written is the sandbox's to say.
 */
export function nodeOptions(system: Target['system']): readonly string[] {
  return [
    ...engineFlags,
    `--openssl-config=${system === 'win' ? 'NUL' : '/dev/null'}`,
    // Authorities are the system's (agent/sync/http.ts). Elsewhere OpenSSL does not know where those are.
    ...(system === 'linux' ? ['--use-openssl-ca'] : []),
    '--disable-sigusr1',
    '--permission',
    '--allow-fs-read=*',
    '--allow-fs-write=*',
    '--allow-net',
    // Node warns of it at each start; what the agent starts is in system-programs.ts alone.
    ...(system === 'linux' ? [] : ['--allow-child-process', '--disable-warning=PERM0002']),
    '--disable-warning=ExperimentalWarning',
  ]
}

/** Makes the executable and returns its path. @throws BuildError `tool-failed` */
export function pack({ target, node, nodeVersion, assets, starter, folder }: Packing): string {
  const home = join(folder, 'home')
  const scratch = join(folder, 'scratch')
  const output = join(folder, target.file)
  const entry = join(folder, 'entry.cjs')
  mkdirSync(scratch, { recursive: true })
  copyFileSync(join(here, 'entry.cjs'), entry)
  offerNode(home, target, node, nodeVersion)
  // The executable keeps the entry's path as it is told: relative, so that it names no folder of this machine.
  const inScratch = (path: string) => relative(join(scratch, 'pkg-sea-any'), path)
  const request: PkgRequest = {
    entry,
    output,
    nodeVersion,
    platform: target.system === 'darwin' ? 'macos' : target.system,
    arch: target.arch,
    generator: generatorIn(folder, starter === null ? [process.execPath] : [...starter, node]),
    seaConfig: {
      main: inScratch(entry),
      assets: Object.fromEntries([...assets].map(([name, path]) => [name, inScratch(path)])),
      execArgv: nodeOptions(target.system),
      execArgvExtension: 'none',
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      // With an own one, Node asks the folder that NODE_COMPILE_CACHE names for no compiled form of the entry. One that
      // another Node made would be refused with a warning at each start.
      useCodeCache: starter !== null,
    },
  }
  const env = { ...process.env, HOME: home, USERPROFILE: home, TMPDIR: scratch, TEMP: scratch, TMP: scratch }
  runTool([process.execPath, join(here, 'run-pkg.ts'), JSON.stringify(request)], { env })
  return output
}

/** A program that is the Node which `words` start. The seed is fixed for the same reason as that of the compiled chunks. */
function generatorIn(folder: string, words: readonly string[]): string {
  const program = join(folder, 'generator')
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const flags = [...engineFlags, fixedSeed].join(' ')
  writeFileSync(program, `#!/bin/sh\nexec ${quoted} ${flags} "$@"\n`, { mode: 0o755 })
  return program
}

/** Lays `node` where pkg looks for what it has downloaded, with the marks that say that it is complete. */
function offerNode(home: string, { system, arch }: Target, node: string, version: string): void {
  const cache = join(home, '.pkg-cache/sea')
  const name = `node-v${version}-${system}-${arch}`
  const archive = join(cache, `${name}.${system === 'win' ? 'zip' : 'tar.gz'}`)
  const executable = system === 'win' ? join(cache, `${name}.exe`) : join(cache, name, 'bin/node')
  mkdirSync(dirname(executable), { recursive: true })
  for (const mark of [archive, `${archive}.ok`, `${executable}.ok`]) writeFileSync(mark, '')
  copyFileSync(node, executable)
}
