// What the commands of the server's command line share. Knows none of them.
import type { Context } from '../context.ts'

/** A command that cannot be done, in one sentence that says what to do. */
export class CommandError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'CommandError'
    this.code = code
  }
}

export interface Terminal {
  readonly out: (line: string) => void
  readonly readFile: (path: string) => string
}

/** A command over the opened store; resolves once done, and throws {@link CommandError} when it cannot be. */
export type Command = (context: Context, args: readonly string[], terminal: Terminal) => Promise<void>

/** The value after an option, such as `--days 30`; undefined when it is not given. */
export function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args[at + 1]
}
