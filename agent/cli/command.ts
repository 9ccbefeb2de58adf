// What a command of the agent is, and how it meets the world: everything it prints and reads comes in through here.
import type { ParseArgsConfig } from 'node:util'
import type { Language } from '#shared/words/language.ts'
import type { SystemProxy } from '../parsers/system-proxy.ts'

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Columns of the terminal; null when output goes elsewhere. */
  readonly columns: number | null
  readonly colour: boolean
  /** In which a person is spoken to; what is for programs and logs stays as it is. */
  readonly language: Language
  /** Name of the account that runs the command. */
  readonly account: string
  readonly uid: number | null
  readonly home: string
  /** It may see every account's data: root, or the service with the right to read as root does. */
  readonly root: boolean
  readonly windows: boolean
  readonly now: () => number
  /** Asks the system for the proxy of the machine: a program is started for it on macOS and Windows. */
  readonly systemProxy: () => Promise<SystemProxy>
}

export type Options = NonNullable<ParseArgsConfig['options']>
export interface Given {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

export interface Command {
  readonly name: string
  /** After the program's name: `scan [--json]`. */
  readonly usage: string
  /** What each option does, in the order of the help. */
  readonly options: Readonly<
    Record<string, { readonly type: 'string' | 'boolean'; readonly about: string; readonly value?: string }>
  >
  /** How many words may follow the options. */
  readonly words: number
  /** Exit status: 0 when it did its work, 1 when it could not, 2 for wrong use, 3 where `--fail-on` says so. */
  readonly run: (given: Given, io: Io) => Promise<number>
}

/** An expected failure, told in one sentence with a stable code. */
export function fail(io: Io, code: string, message: string): number {
  io.err(`cutoff-agent: ${message} [${code}]\n`)
  return 1
}

export function textOption(given: Given, name: string): string | null {
  const value = given.values[name]
  return typeof value === 'string' && value !== '' ? value : null
}
