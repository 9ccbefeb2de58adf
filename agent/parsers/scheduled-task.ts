// A task of Windows' scheduler, from its file in System32\Tasks: what it starts, and for whom. Pure.
// Source: the schema of tasks (MS-TSCH 2.5), looked at 2026-11-23. Files are UTF-16LE with a mark.
import { xmlTokens } from './xml-tokens.ts'

export interface ScheduledTask {
  /** As written; variables (`%windir%`) are not filled in. */
  readonly program: string
  /** SID or name; null for a group. */
  readonly user: string | null
}

export const maxTaskBytes = 256 * 1024

const enabled = 'Task/Settings/Enabled'
const principal = 'Task/Principals/Principal/UserId'
const command = 'Task/Actions/Exec/Command'

/** Tasks that are switched off start nothing. */
export function parseScheduledTask(bytes: Uint8Array): readonly ScheduledTask[] {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  const xml = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
  const texts = new Map<string, string[]>()
  const path: string[] = []
  let held = ''
  for (const token of xmlTokens(xml)) {
    if (token.is === 'text') held += token.text
    else {
      // A forged file may open more than it closes.
      if (token.is === 'open' && path.length < maxDepth) path.push(token.element)
      if (token.is === 'close' && path.at(-1) === token.element) {
        const place = path.join('/')
        if (place === enabled || place === principal || place === command)
          texts.set(place, [...(texts.get(place) ?? []).slice(0, maxPrograms), held.trim()])
        path.pop()
      }
      held = ''
    }
  }
  if (texts.get(enabled)?.[0] === 'false') return []
  const user = texts.get(principal)?.[0] || null
  return (texts.get(command) ?? []).flatMap((text) => {
    const program = text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    const isQuoted = program.length > 1 && program.startsWith('"') && program.endsWith('"')
    return program === '' ? [] : [{ program: isQuoted ? program.slice(1, -1) : program, user }]
  })
}

const maxDepth = 16
/** The schema's own bound is 32 actions. */
const maxPrograms = 31
