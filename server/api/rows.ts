// From stored rows to the rows of shared/api.ts that several resources show.
import type { FindingRow } from '#shared/api.ts'
import type { FindingStatus } from '#shared/finding.ts'
import { readUnlistedId } from '#shared/unlisted-finding.ts'
import type { Context } from '../context.ts'
import { bodyOf } from '../judging/verdict.ts'
import type { ListedFinding } from '../store/lists/finding-list.ts'
import type { Names } from './names.ts'

/** What the catalogue calls a tool, or the own name of what is in none; its id where this catalogue no longer knows it. */
export function toolName({ catalogue }: Pick<Context, 'catalogue'>, id: string): string {
  return catalogue.tools.find((tool) => tool.id === id)?.name ?? readUnlistedId(id)?.name ?? id
}

/** Tools whose name or id contains a text. */
export function toolsLike({ catalogue }: Pick<Context, 'catalogue'>, text: string): string[] {
  const wanted = text.toLowerCase()
  return catalogue.tools
    .filter((tool) => tool.id.includes(wanted) || tool.name.toLowerCase().includes(wanted))
    .map((tool) => tool.id)
}

export function toFindingRow(
  context: Pick<Context, 'catalogue'>,
  names: Names,
  row: ListedFinding,
): FindingRow {
  const { reasons, state, running } = bodyOf(row)
  return {
    id: row.id,
    device: row.device,
    host: names.host({ id: row.device, label: row.label, hostname: row.hostname }),
    account: names.account(row.device, row.account),
    tool: row.tool,
    toolName: toolName(context, row.tool),
    unlisted: readUnlistedId(row.tool),
    // The column holds nothing but statuses.
    status: row.status as FindingStatus,
    reasons,
    row: row.row,
    rule: row.rule,
    since: row.since,
    lastMarkAt: row.last_mark_at,
    state,
    running,
    coverage: row.coverage_state ?? row.machine_state,
    lifecycle: row.lifecycle,
    judgedAt: row.judged_at,
  }
}
