// Which MCP servers a settings file lists: names and what would be started, as far as it identifies a package. Arguments are
// looked at for a package's name alone and dropped; addresses and environments are never taken. Pure.
import { parse as parseJsonc, type ParseError } from 'jsonc-parser'
import { isRecord } from './json-object.ts'

export interface McpServer {
  readonly name: string
  readonly transport: 'stdio' | 'remote'
  /** The last part of the program's path; null for one that is not started here. */
  readonly program: string | null
  /** The package that a runner such as npx or uvx was told to run. */
  readonly package: { readonly manager: 'npm' | 'pypi'; readonly name: string } | null
}

export type Parsed = (text: string) => unknown

/** Settings files of people are small; a larger one is none. Some tools keep their history in theirs, in JSON. */
export const maxMcpBytes = 4 * 1024 * 1024
/** In TOML or YAML, of which 4 MB can take a parser minutes and gigabytes (measured). */
export const maxTomlYamlBytes = 256 * 1024
const maxServers = 200

/** With comments in it it was written by a person, and 4 MB of that would take seconds and 400 MB (measured). */
const maxCommentedLength = 512 * 1024
const maxMistakes = 100

/** JSON with comments and trailing commas, as editors write it; plain JSON too. Throws where it is far from that. */
export function jsonc(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (text.length > maxCommentedLength) throw error
  }
  const mistakes: ParseError[] = []
  const value: unknown = parseJsonc(text, mistakes, { allowTrailingComma: true })
  if (mistakes.length > maxMistakes) throw new Error('more mistakes than a person makes')
  return value
}

/** The servers at a dotted key (`mcpServers`, `mcp.servers`); null when the text is nothing that has keys. */
export function parseMcpServers(text: string, parse: Parsed, key: string): readonly McpServer[] | null {
  let value: unknown
  try {
    value = parse(text)
  } catch {
    return null // a mistake in it, or nested deeper than the parser can follow
  }
  if (!isRecord(value)) return null
  const table = tableAt(value, key)
  const entries = Array.isArray(table) ? table.map(named) : isRecord(table) ? Object.entries(table) : []
  return entries.slice(0, maxServers).flatMap(([name, server]) => serverOf(name, server))
}

/** A key with dots in it (`amp.mcpServers` of VS Code's settings) stands there as a whole. */
function tableAt(value: Record<string, unknown>, key: string): unknown {
  if (Object.hasOwn(value, key)) return value[key]
  let at: unknown = value
  for (const part of key.split('.')) at = isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined
  return at
}

function named(server: unknown): [string, unknown] {
  return [isRecord(server) && typeof server['name'] === 'string' ? server['name'] : '', server]
}

function serverOf(name: string, server: unknown): McpServer[] {
  if (!isRecord(server) || name.length > 200) return []
  const words = wordsOf(server)
  const [command, ...rest] = words
  if (command === undefined) {
    const isRemote = ['url', 'httpUrl', 'serverUrl', 'uri', 'endpoint'].some((key) => key in server)
    return isRemote ? [{ name, transport: 'remote', program: null, package: null }] : []
  }
  const program = command.slice(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1)
  return [{ name, transport: 'stdio', program: program.slice(0, 200), package: packageOf(program, rest) }]
}

/** `command` is a program with `args` beside it, or all words in one list. */
function wordsOf(server: Record<string, unknown>): readonly string[] {
  const command = server['command'] ?? server['cmd']
  const list = Array.isArray(command)
    ? command
    : [command, ...(Array.isArray(server['args']) ? server['args'] : [])]
  return list.filter((word) => typeof word === 'string' && word !== '').slice(0, 50)
}

const runners: Readonly<Record<string, 'npm' | 'pypi'>> = {
  npx: 'npm',
  bunx: 'npm',
  pnpx: 'npm',
  uvx: 'pypi',
  pipx: 'pypi',
}
const runnerWords = new Set(['dlx', 'exec', 'x', 'run', 'tool'])
const takesPackage = new Set(['-p', '--package', '--from', '--spec'])

function packageOf(program: string, words: readonly string[]): McpServer['package'] {
  const bare = program.replace(/\.(?:cmd|exe)$/i, '')
  const manager =
    runners[bare] ??
    (['npm', 'pnpm', 'yarn', 'bun'].includes(bare) && runnerWords.has(words[0] ?? '')
      ? 'npm'
      : bare === 'uv' && words[0] === 'tool'
        ? 'pypi'
        : undefined)
  if (manager === undefined) return null
  const from = words.findIndex((word) => takesPackage.has(word))
  const spec =
    from >= 0 ? words[from + 1] : words.find((word) => !word.startsWith('-') && !runnerWords.has(word))
  const name = spec === undefined ? null : nameOf(spec, manager)
  return name === null ? null : { manager, name }
}

/** `@scope/name@1.2.3`, `name[extra]==1.0`: the name alone. */
function nameOf(spec: string, manager: 'npm' | 'pypi'): string | null {
  const pattern = manager === 'npm' ? /^(@[\w.~-]+\/[\w.~-]+|[\w.~-]+)(?:@[^/]*)?$/ : /^([\w.-]+)/
  const name = pattern.exec(spec)?.[1]
  return name === undefined || name.length > 214 ? null : name
}
