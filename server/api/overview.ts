// The first page: how many devices report, what is found, how much of it all was seen.
import type { FastifyInstance } from 'fastify'
import type { Overview } from '#shared/api.ts'
import { FindingStatus } from '#shared/finding.ts'
import { GapReason } from '#shared/observation.ts'
import { readUnlistedId } from '#shared/unlisted-finding.ts'
import type { Context } from '../context.ts'
import { everyRole } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { countCoverage, countDevices } from '../store/lists/device-list.ts'
import { countOpenGaps } from '../store/lists/fact-list.ts'
import { countOpenByTool, listFindings } from '../store/lists/finding-list.ts'
import { namesFor } from './names.ts'
import { toFindingRow, toolName } from './rows.ts'

const newestShown = 8

/** @param heardAsOf as of when silence is told */
export function overviewRoutes(
  app: FastifyInstance,
  context: Context,
  readRules: RulesReader,
  heardAsOf: () => number,
): void {
  app.get('/overview', { config: { role: everyRole } }, async (request): Promise<Overview> => {
    const db = context.store.read
    const devices = await countDevices(db, heardAsOf())
    const byTool = await countOpenByTool(db)
    const coverage = new Map((await countCoverage(db)).map((row) => [row.state, row.n]))
    const attested = coverage.get('attested') ?? 0
    const blindSpots = coverage.get('attested-but-blind-spots') ?? 0
    const newest = await listFindings(db, {
      filter: { status: ['violation', 'suspected'], lifecycle: ['open', 'acknowledged', 'disputed'] },
      sort: 'last',
      descending: true,
      after: null,
      limit: newestShown,
    })
    const rules = await readRules(db)
    const policy = rules.versions.at(-1)
    const names = await namesFor(context, sessionOf(request))
    const counted = byTool.map((row) => ({ ...row, status: FindingStatus.parse(row.status) }))
    // A question about what nobody has listed is no finding about a tool.
    const [unlisted = [], open = []] = [true, false].map((of) =>
      counted.filter(({ tool }) => (readUnlistedId(tool) !== null) === of),
    )
    return {
      devices,
      findings: countByStatus(open),
      unlisted: unlisted.reduce((sum, { n }) => sum + n, 0),
      openByTool: open
        .toSorted((a, b) => b.n - a.n)
        .map(({ tool, status, n }) => ({ tool, name: toolName(context, tool), status, count: n })),
      coverage: {
        attested,
        blindSpots,
        // A device that has never told how well it was looked at counts as not looked at.
        notAttested: devices.total - attested - blindSpots,
      },
      gaps: (await countOpenGaps(db)).map((row) => ({ reason: GapReason.parse(row.reason), count: row.n })),
      policy:
        policy === undefined
          ? null
          : {
              version: policy.policy.version,
              activatedAt: policy.activatedAt,
              release: rules.releases.newest?.state ?? 'complete',
            },
      newest: newest.rows.map((row) => toFindingRow(context, names, row)),
    }
  })
}

/** Every status with its count, none left out. */
export function countByStatus(
  rows: readonly { readonly status: FindingStatus; readonly n: number }[],
): Record<FindingStatus, number> {
  const counts = Object.fromEntries(FindingStatus.options.map((status) => [status, 0])) as Record<
    FindingStatus,
    number
  >
  for (const { status, n } of rows) counts[status] += n
  return counts
}
