// Takes out of a Node what only debuggers read: a fifth of the file. Windows' has none of it inside.
import { copyFileSync } from 'node:fs'
import { runTool } from './run-tool.ts'
import type { Target } from './targets.ts'

/** What strips executables of every system. GNU's strip knows one processor at a time and no Mach-O. */
export const stripProgram = 'llvm-strip'

const options: Readonly<Record<Target['system'], readonly string[] | null>> = {
  linux: ['--strip-unneeded'],
  // What the system's loader binds by is not a symbol table there; the check of the executables compares it.
  darwin: ['--strip-debug', '--discard-all'],
  win: null,
}

/** Writes `node` to `out`, stripped. @throws BuildError `tool-failed` */
export function stripNode(target: Target, node: string, out: string): void {
  const words = options[target.system]
  if (words === null) return copyFileSync(node, out)
  runTool([stripProgram, ...words, '-o', out, node])
}
