// Reads a policy file, YAML or JSON, and says of each mistake in which line and field it is.
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { checkPolicy, type Policy } from '#shared/policy.ts'

export interface PolicyMistake {
  readonly code: string
  readonly line: number
  readonly column: number
  /** As `rules[0].from`; empty for mistakes of the file as a whole. */
  readonly field: string
  readonly message: string
}

export type PolicyRead =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly mistakes: readonly PolicyMistake[] }

export function readPolicyText(text: string, toolIds: readonly string[], now: number): PolicyRead {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const mistakes = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0])
      return { code: 'policy-syntax', line, column: col, field: '', message: error.message }
    })
    return { ok: false, mistakes }
  }
  const value = valueOf(document)
  if (!value.ok) {
    const message = 'the file refers to itself too often'
    return { ok: false, mistakes: [{ code: 'policy-syntax', line: 1, column: 1, field: '', message }] }
  }
  const checked = checkPolicy(value.value, toolIds, now)
  if (checked.ok) return checked
  const mistakes = checked.problems.map(({ code, path, message }) => ({
    code,
    ...positionOf(document, lines, path),
    field: fieldOf(path),
    message,
  }))
  return { ok: false, mistakes: mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}

function valueOf(
  document: Document,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 50 }) as unknown }
  } catch {
    return { ok: false } // too many aliases: a file made to blow up
  }
}

/** Where a field stands; for one that is missing, where the nearest thing around it does. */
function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { readonly line: number; readonly column: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (!isNode(node) || node.range == null) continue
    const { line, col } = lines.linePos(node.range[0])
    return { line, column: col }
  }
  return { line: 1, column: 1 }
}

function fieldOf(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('')
}
