// What a shell's start-up file says of PATH and aliases, as far as it says it plainly. Reads lines, runs nothing:
// what depends on a command's output or a condition's truth is not known here. Pure.
import { withoutTrailing } from './plain-text.ts'

export interface ShellStartup {
  /** Absolute folders, in the order of the file. */
  readonly folders: readonly string[]
  /** First words of plain aliases, and absolute programs that functions start. */
  readonly aliases: readonly { readonly name: string; readonly program: string }[]
  /** Plainly set variables, as they stand at the end of the file. */
  readonly variables: ReadonlyMap<string, string>
}

/** Start-up files larger than this are not written by people. */
export const maxStartupBytes = 512 * 1024
const maxLines = 20_000
const maxLineLength = 8_192

/** bash, zsh, POSIX and fish files alike: their plain forms do not contradict each other. */
export function parseShellStartup(text: string, home: string): ShellStartup {
  const variables = new Map<string, string>([
    ['HOME', home],
    ['XDG_DATA_HOME', `${home}/.local/share`],
    ['XDG_CONFIG_HOME', `${home}/.config`],
  ])
  const folders = new Set<string>()
  const aliases: { name: string; program: string }[] = []
  /** The function whose body the line is in. */
  let within: string | null = null
  for (const raw of text.split('\n', maxLines)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.length > maxLineLength) continue
    for (const folder of foldersOf(line, variables)) folders.add(folder)
    remember(line, variables)
    const alias = aliasOf(line, variables)
    if (alias !== null) aliases.push(alias)
    const opening = functionOpening.exec(line)
    if (opening !== null) within = opening[1] ?? opening[2] ?? opening[3] ?? null
    if (within !== null) {
      const body = opening === null ? line : line.slice(opening[0].length)
      for (const program of programsIn(body, variables)) aliases.push({ name: within, program })
      if (closesFunction(line)) within = null
    }
  }
  return { folders: [...folders], aliases, variables }
}

const mentionsPath = /path/i
const assignment =
  /(?:^|[\s;&{])(?:export\s+|typeset\s+-\S+\s+|declare\s+-\S+\s+)?PATH=("[^"]*"|'[^']*'|[^\s;&]*)/g
const zshArray = /(?:^|[\s;&])path\+?=\(([^)]{0,1000})\)/g
const fishSet = /^set\s+(?:-\S+\s+)*(?:PATH|fish_user_paths)\s(.*)$/s
const fishAdd = /(?:^|[\s;&])fish_add_path\s(.*)$/s

/** Folders are divided by colons, but for those in `${NAME:-default}`. */
function foldersOf(line: string, variables: ReadonlyMap<string, string>): readonly string[] {
  if (!mentionsPath.test(line)) return []
  const parts: string[] = []
  for (const match of line.matchAll(assignment))
    parts.push(...partedByColons((match[1] ?? '').replaceAll(/["']/g, '')))
  for (const match of line.matchAll(zshArray)) parts.push(...words(match[1] ?? ''))
  const fish = fishSet.exec(line)?.[1] ?? fishAdd.exec(line)?.[1]
  if (fish !== undefined) parts.push(...words(fish))
  return parts.flatMap((part) => {
    const folder = expanded(part, variables)
    return folder?.startsWith('/') === true && folder !== '/' ? [withoutTrailing(folder, '/')] : []
  })
}

function partedByColons(value: string): readonly string[] {
  const parts: string[] = []
  let end = value.length
  let isBraced = false
  for (let at = end - 1; at >= 0; at -= 1) {
    const character = value[at]
    if (character === '}' || character === '{') isBraced = character === '}'
    else if (character === ':' && !isBraced) {
      parts.push(value.slice(at + 1, end))
      end = at
    }
  }
  return [...parts, value.slice(0, end)].toReversed()
}

/** What sets a variable for one command alone (`NAME=value program`) is no setting. */
function remember(line: string, variables: Map<string, string>): void {
  const posix = /^(?:export\s+)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s;&]+)(?:\s*;|\s+#|\s*$)/.exec(line)
  const fish = /^set\s+(?:-\S+\s+)+([A-Za-z_]\w*)\s+("[^"]*"|'[^']*'|[^\s;&]+)$/.exec(line)
  const [, name, quoted] = posix ?? fish ?? []
  if (name === undefined || quoted === undefined || name === 'PATH' || name === 'HOME') return
  const value = expanded(quoted.replaceAll(/["']/g, ''), variables)
  if (value === null) variables.delete(name)
  else variables.set(name, value)
}

function aliasOf(
  line: string,
  variables: ReadonlyMap<string, string>,
): { name: string; program: string } | null {
  const match = /^alias\s+(?:--\s+)?([\w.+-]+)[=\s](?:"([^"]*)"|'([^']*)'|(\S+))\s*$/.exec(line)
  if (match?.[1] === undefined) return null
  const all = words(match[2] ?? match[3] ?? match[4] ?? '')
  const first = all.find(
    (word) => !/^\w+=/.test(word) && !['command', 'exec', 'env', 'nohup', 'noglob'].includes(word),
  )
  const program = first === undefined ? null : expanded(first, variables)
  return program === null || program === '' || program === match[1] ? null : { name: match[1], program }
}

/** `name() {`, `function name {`, and fish's `function name`. */
const functionOpening =
  /^(?:(?:function\s+)?([\w.+-]+)\s*\(\)\s*\{?|function\s+([\w.+-]+)\s*\{|function\s+([\w.+-]+)(?=\s|$))/

/** Of a function's steps those that start a program by its path: a bare name is found wherever PATH leads. */
function programsIn(body: string, variables: ReadonlyMap<string, string>): readonly string[] {
  return body.split(/[;&|{}]+/).flatMap((step) => {
    const first = words(step).find(
      (word) => !/^\w+=/.test(word) && !['command', 'exec', 'env'].includes(word),
    )
    const program = first === undefined ? null : expanded(first, variables)
    return program?.startsWith('/') === true ? [program] : []
  })
}

/** `}` or fish's `end`, at the end of a line or before its last semicolon. */
function closesFunction(line: string): boolean {
  const last = (line.endsWith(';') ? line.slice(0, -1) : line).trimEnd()
  return /(?:^|[\s;])(?:\}|end)$/.test(last)
}

function words(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .map((word) => word.replaceAll(/["']/g, ''))
    .filter((word) => word !== '' && !word.startsWith('-'))
}

/** Variables that are known replaced; null when one is not, or when a command's output would be needed. */
function expanded(text: string, variables: ReadonlyMap<string, string>): string | null {
  if (text.includes('`') || text.includes('$(') || text.includes('\0')) return null
  let known = true
  const home = variables.get('HOME') ?? ''
  const value = text
    .replace(/^~(?=\/|$)/, home)
    .replaceAll(
      /\$\{(\w+)(?::?-([^{}]*))?\}|\$(\w+)/g,
      (_, braced?: string, fallback?: string, bare?: string) => {
        const found = variables.get(braced ?? bare ?? '')
        if (found !== undefined) return found
        if (fallback !== undefined) return expanded(fallback, variables) ?? ((known = false), '')
        known = false
        return ''
      },
    )
  return known ? value : null
}
