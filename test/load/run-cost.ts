// What one run of a program costs, measured from outside: the shell's `time`, which counts the program and all that it
// waited for. Knows nothing of what is run.
import { spawnSync } from 'node:child_process'

export interface RunCost {
  /** User and system time. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

/** Runs a command to its end with its output thrown away. Throws when it fails: what fails was not measured. */
export function costOfRun(words: readonly string[], env: NodeJS.ProcessEnv = process.env): RunCost {
  const script = 'TIMEFORMAT="cost %3U %3S %3R"; time "$@" >/dev/null 2>&1'
  const run = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8', env })
  const [, user, system, wall] = /cost ([\d.]+) ([\d.]+) ([\d.]+)/.exec(run.stderr ?? '') ?? []
  if (run.status !== 0 || user === undefined) throw new Error(`${words.join(' ')} ended with ${run.status}`)
  return { cpuSeconds: Number(user) + Number(system), wallSeconds: Number(wall) }
}
