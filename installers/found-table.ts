// What `npm start` prints of what was found: a table in plain words. Pure.
import { inert } from '../shared/inert.ts'
import type { Words } from '../shared/words/vocabulary.ts'

/** What the server's `device` command tells; only what is shown here. */
export interface FoundDevice {
  readonly host: string
  readonly tools: readonly {
    readonly name: string
    readonly account: string | null
    readonly state: string
    readonly running: boolean
    readonly finding: {
      readonly status: string
      readonly reasons: readonly string[]
      readonly since: number | null
    } | null
  }[]
  readonly coverage: string | null
  readonly gaps: number
}

type Row = readonly [tool: string, account: string, state: string, verdict: string]

/** Lines to print; names are shown as they are, since this is the machine they belong to. */
export function foundLines(found: FoundDevice, words: Words): string[] {
  const rows = found.tools.map((tool): Row => {
    const state = termOf(words.state, tool.state)
    return [
      inert(tool.name),
      inert(tool.account ?? '(machine)'),
      tool.running ? `${state}, running` : state,
      verdictOf(tool.finding, words),
    ]
  })
  const head: Row = ['Tool', 'Account', 'State', 'Verdict']
  const table = rows.length === 0 ? ['  No AI coding tool was found.'] : aligned([head, ...rows])
  const { gaps } = found
  const notSeen =
    gaps === 0
      ? []
      : [
          `  ${gaps} ${gaps === 1 ? 'place' : 'places'} could not be looked at: see Coverage in the dashboard.`,
        ]
  return [`Found on ${inert(found.host)}:`, '', ...table, ...(notSeen.length > 0 ? ['', ...notSeen] : [])]
}

function verdictOf(finding: FoundDevice['tools'][number]['finding'], words: Words): string {
  if (finding === null) return 'no finding'
  const label = termOf(words.status, finding.status)
  const [reason] = finding.reasons
  const why =
    reason !== undefined && Object.hasOwn(words.reason, reason)
      ? words.reason[reason as keyof Words['reason']]
      : ''
  return why === '' ? label : `${label}: ${why}`
}

function termOf(terms: Readonly<Record<string, { readonly label: string }>>, code: string): string {
  return Object.hasOwn(terms, code) ? (terms[code]?.label ?? code) : code
}

function aligned(rows: readonly Row[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  )
}
