// The programs of the system that a build needs besides Node and npm. On a Debian where we may, they are installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { BuildError } from './build-error.ts'
import { stripProgram } from './strip.ts'
import type { Target } from './targets.ts'

export interface Tool {
  /** A program on PATH, or a file. */
  readonly needed: string
  readonly package: string
}

const strip: Tool = { needed: stripProgram, package: 'llvm' }
const otherProcessor: readonly Tool[] = [
  { needed: 'qemu-aarch64-static', package: 'qemu-user-static' },
  { needed: '/usr/aarch64-linux-gnu/lib/libc.so.6', package: 'libc6-arm64-cross' },
  { needed: '/usr/aarch64-linux-gnu/lib/libstdc++.so.6', package: 'libstdc++6-arm64-cross' },
  { needed: '/usr/aarch64-linux-gnu/lib/libgcc_s.so.1', package: 'libgcc-s1-arm64-cross' },
  { needed: '/usr/aarch64-linux-gnu/lib/libatomic.so.1', package: 'libatomic1-arm64-cross' },
]

/** What the targets need; `own` is the target of the machine that builds. */
export function toolsFor(targets: readonly Target[], own: Target | undefined): readonly Tool[] {
  return [
    ...(targets.some(({ system }) => system !== 'win') ? [strip] : []),
    ...(own?.name === 'linux-x64' && targets.some(({ name }) => name === 'linux-arm64')
      ? otherProcessor
      : []),
  ]
}

/** @throws BuildError `tools-missing` with the packages that have them */
export function requireTools(tools: readonly Tool[], path: string, mayInstall: boolean): void {
  const missing = () => tools.filter(({ needed }) => !isThere(needed, path)).map((tool) => tool.package)
  if (missing().length === 0) return
  if (mayInstall) {
    process.stderr.write(`Installing ${missing().join(', ')}…\n`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...words: readonly string[]) => spawnSync('apt-get', words, { env, stdio: 'ignore' })
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...missing())
  }
  const left = missing()
  if (left.length === 0) return
  throw new BuildError('tools-missing', `The build needs more programs: apt-get install ${left.join(' ')}.`)
}

function isThere(needed: string, path: string): boolean {
  if (needed.startsWith('/')) return existsSync(needed)
  return path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, needed)))
}
