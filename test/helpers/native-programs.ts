// The C programs of the tests, compiled when they are needed: those in test/load are the limit of what the same reading can cost,
// the others do what Node cannot. Where the system has no compiler there is none of them.
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findSystemCommand } from './lab/commands.ts'

const tests = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = {
  paths: 'load/native/paths.c',
  processes: 'load/native/processes.c',
  sleepers: 'load/native/sleepers.c',
  walk: 'load/native/walk.c',
  'slow-mount': 'helpers/native/slow-mount.c',
  escape: 'helpers/native/escape.c',
} as const

export type NativeProgram = keyof typeof sources

/** CPU ms of the first round and the median of the later ones; `count`: of what was found. */
export interface NativeRounds {
  readonly count: number
  readonly first: number
  readonly later: number
}

/**
 * Compiles one into a folder and returns its path; undefined without a compiler.
 * @param compilers by name, the first that is there: others than this machine's own for another processor
 */
export function compileNative(
  name: NativeProgram,
  folder: string,
  compilers: readonly string[] = ['cc', 'gcc'],
): string | undefined {
  const compiler = compilers.map(findSystemCommand).find((found) => found !== undefined)
  if (compiler === undefined) return undefined
  const program = join(folder, name)
  execFileSync(compiler, ['-O2', '-o', program, join(tests, sources[name])])
  return program
}

/** Runs one that measures itself. */
export function nativeRounds(program: string, ...words: readonly string[]): NativeRounds {
  return JSON.parse(execFileSync(program, words, { encoding: 'utf8' })) as NativeRounds // timing.h prints it
}
