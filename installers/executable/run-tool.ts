// Runs a program of the build and keeps what it prints for the case that it fails.
import { spawnSync } from 'node:child_process'
import { BuildError } from './build-error.ts'

export interface ToolOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Runs `words` to its end and returns its standard output.
 * @throws BuildError `tool-failed` with the end of what it printed
 */
export function runTool(words: readonly string[], options: ToolOptions = {}): string {
  const [program = '', ...args] = words
  const run = spawnSync(program, args, { ...options, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (run.status === 0) return run.stdout
  const said = `${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`.trim().slice(-2000)
  throw new BuildError(
    'tool-failed',
    `${program} ended with ${run.status ?? run.signal ?? 'no status'}: ${said}`,
  )
}
