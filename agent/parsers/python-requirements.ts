// What a Python distribution needs, from the head of its METADATA (PEP 566): names alone, what only an extra needs left out.
// Pure.
import { partedAt } from './plain-text.ts'
import { normalName } from './python-packages.ts'

/** Requirements stand before the description, which may be a whole manual. */
export const maxRequirementBytes = 32 * 1024
const maxRequirements = 500

/** Normalised names in the order of the file. */
export function parseRequirements(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes)
  // An empty line ends the head; what follows is the description, in anybody's words.
  const head = text.slice(0, /\r?\n\r?\n/.exec(text)?.index ?? text.length)
  const names: string[] = []
  for (const line of head.split('\n')) {
    const [field, needs = ''] = partedAt(line, ':') ?? []
    if (field?.toLowerCase() !== 'requires-dist') continue
    const name = /^[A-Za-z0-9][\w.-]*/.exec(needs)?.[0]
    const [, condition = ''] = partedAt(needs, ';') ?? []
    if (name === undefined || /\bextra\s*==/.test(condition)) continue
    if (names.length < maxRequirements) names.push(normalName(name))
  }
  return names
}
