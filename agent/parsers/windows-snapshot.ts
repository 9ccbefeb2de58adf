// What the one question to Windows' CIM answers: processes, drives, facts of the machine. Pure.
import { z } from 'zod'

const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value))

const Row = z.object({
  pid: z.int(),
  parentPid: z.int().nullable(),
  name: z.string(),
  path: text,
  line: text,
  /** Milliseconds since 1970. */
  startedAt: z.int().nullable(),
  owner: text,
})
export type WindowsProcessRow = z.infer<typeof Row>

const Drive = z.object({ id: z.string(), type: z.int(), fileSystem: text })

const Snapshot = z.object({ processes: z.array(Row), drives: z.array(Drive) })
export type WindowsSnapshot = z.infer<typeof Snapshot>

const Facts = z.object({
  system: z.string(),
  version: z.string(),
  serial: text,
  hardware: text,
  bootedAt: z.int(),
})
export type WindowsFacts = z.infer<typeof Facts>

/** Null for anything but the answer to `processScript`, in Base64. */
export function parseSnapshot(answer: string): WindowsSnapshot | null {
  return parsed(Snapshot, answer)
}

/** Null for anything but the answer to `factsScript`, in Base64. */
export function parseFacts(answer: string): WindowsFacts | null {
  return parsed(Facts, answer)
}

function parsed<T>(schema: z.ZodType<T>, answer: string): T | null {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(answer.trim(), 'base64').toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  const result = schema.safeParse(value)
  return result.success ? result.data : null
}

/**
 * A command line as the C library of Windows splits it for a program (learn.microsoft.com, "Parsing C command-line
 * arguments", looked at 2026-11-23): exactly what nearly every program gets.
 */
export function splitCommandLine(line: string): readonly string[] {
  const [, quoted, bare = ''] = /^(?:"([^"]*)"?|([^\s"]*))/.exec(line) ?? []
  // The program's own name comes first, by rules of its own: no backslash is special in it.
  const program = quoted ?? bare
  let rest = line.slice(quoted === undefined ? bare.length : Math.min(quoted.length + 2, line.length))
  const words = [program]
  for (rest = rest.trimStart(); rest !== ''; rest = rest.trimStart()) {
    const { word, length } = firstWord(rest)
    words.push(word)
    rest = rest.slice(length)
  }
  return words
}

/**
 * The program that a command starts whose path may have spaces without quotes, as registry values have it (learn.microsoft.com,
 * `CreateProcess`, lpApplicationName, looked at 2026-11-23: each space may be the end). Taken to end at the first one after an
 * extension of programs, else at the first.
 */
export function startedProgram(command: string): string {
  const [program = ''] = splitCommandLine(command)
  if (command.startsWith('"')) return program
  return /^.*?\.(?:exe|com|bat|cmd|lnk)(?=\s|$)/i.exec(command)?.[0] ?? program
}

function firstWord(line: string): { readonly word: string; readonly length: number } {
  let word = ''
  let inQuotes = false
  let at = 0
  while (at < line.length && (inQuotes || !/[ \t]/.test(line[at] ?? ''))) {
    const [backslashes = ''] = /^\\*/.exec(line.slice(at)) ?? []
    at += backslashes.length
    if (line[at] !== '"') {
      word += backslashes
      if (backslashes === '') word += line[at++] ?? ''
      continue
    }
    word += '\\'.repeat(backslashes.length >> 1)
    if (backslashes.length % 2 === 1) {
      word += '"'
      at += 1
    } else if (inQuotes && line[at + 1] === '"') {
      word += '"'
      at += 2
    } else {
      inQuotes = !inQuotes
      at += 1
    }
  }
  return { word, length: at }
}
