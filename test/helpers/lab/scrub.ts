// Takes what a person wrote out of a captured session record, and keeps what a parser needs: keys, types, times,
// models and the words of the format itself. Identifiers are replaced, the same one always by the same one. Must not
// keep a string whose key is not listed here.
//
// As a program: node scrub.ts FILE.jsonl > SCRUBBED.jsonl
import { readFileSync } from 'node:fs'

/** Keys whose strings belong to the format and not to a person. */
const structuralKeys = new Set(
  `
    type subtype role kind operation level status source mode agent finish model modelId modelID
    model_provider model_provider_id provider providerID api requestedModel timestamp startTime
    lastUpdated version cli_version entrypoint originator thread_source turn_trigger history_mode
    stop_reason stopReason reason userType permissionMode promptSource turnOrigin madeBy apiError
    apiErrorType querySource effort perTurnEffort service_tier speed renderedRole thinkingLevel
    approval_policy collaboration_mode_kind decision reasonType variant name toolName tool error
  `
    .trim()
    .split(/\s+/u),
)

const blank = '…'
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu
const maxItems = 2

/** Scrubs one parsed record. `rename` gives each identifier its stand-in. */
export function scrubRecord(value: unknown, rename: (id: string) => string, key = ''): unknown {
  if (typeof value === 'string') return scrubText(value, rename, key)
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => scrubRecord(item, rename, key))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, scrubRecord(inner, rename, name)])
  return Object.fromEntries(entries)
}

/** A function that replaces identifiers by numbered ones of the same form, and remembers which it gave. */
export function makeRenamer(): (id: string) => string {
  const given = new Map<string, string>()
  return (id) => {
    const known = given.get(id)
    if (known !== undefined) return known
    // The version digit of a UUID stays: it is part of the format.
    const replacement = `00000000-0000-${id.charAt(14)}000-8000-${String(given.size + 1).padStart(12, '0')}`
    given.set(id, replacement)
    return replacement
  }
}

/** Scrubs a whole JSON-lines text. Lines that are no JSON are dropped. */
export function scrubLines(text: string): string {
  const rename = makeRenamer()
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => `${JSON.stringify(scrubRecord(JSON.parse(line), rename))}\n`).join('')
}

function scrubText(text: string, rename: (id: string) => string, key: string): string {
  if (text === '' || structuralKeys.has(key)) return text.length <= 80 ? text : blank
  const isIdentifier = text.length <= 80 && uuid.test(text)
  uuid.lastIndex = 0
  if (!isIdentifier) return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/u.test(text) ? text : blank
  return text.replace(uuid, rename)
}

if (import.meta.main) process.stdout.write(scrubLines(readFileSync(process.argv[2] ?? '', 'utf8')))
