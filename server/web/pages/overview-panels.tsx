// The overview's panels about the fleet: how much of it has been seen, and which tools the findings are about.
import { Link } from '@tanstack/react-router'
import type { Overview } from '#shared/api.ts'
import type { CoverageState } from '#shared/observation.ts'
import { CoverageBadge, StatusBadge } from '../parts/badge.tsx'
import { Panel } from '../parts/panel.tsx'
import { useWords } from '../parts/words.ts'
import { counted } from '../view/next-steps.ts'
import { coverageTone, statusOrder } from '../view/tone.ts'
import classes from './overview.module.css'

export function CoveragePanel({ overview }: { readonly overview: Overview }) {
  const words = useWords()
  const { coverage, devices } = overview
  const parts: readonly { readonly state: CoverageState; readonly count: number }[] = [
    { state: 'attested', count: coverage.attested },
    { state: 'attested-but-blind-spots', count: coverage.blindSpots },
    { state: 'not-attested', count: coverage.notAttested },
  ]
  return (
    <Panel
      title="How much has been seen"
      about={`${counted(devices.total, 'device')}: ${devices.reporting} reporting, ${devices.asleep} asleep or off within their habit, ${devices.quiet} quiet.`}
    >
      <div className={classes.stack} aria-hidden>
        {parts.map(({ state, count }) =>
          count === 0 ? null : (
            <span key={state} className={`tone-${coverageTone[state]}`} style={{ flexGrow: count }} />
          ),
        )}
      </div>
      <ul className={classes.coverages}>
        {parts.map(({ state, count }) => (
          <li key={state}>
            <CoverageBadge state={state} plain />
            <span className={classes.count}>{count}</span>
          </li>
        ))}
      </ul>
      <h3 className={classes.sub}>What could not be seen, and why</h3>
      {overview.gaps.length === 0 ? (
        <p className="dim small">
          {devices.total === 0 ? 'Nothing has been looked at yet.' : 'No open gap.'}
        </p>
      ) : (
        <ul className={classes.gaps}>
          {overview.gaps.map((gap) => (
            <li key={gap.reason}>
              <Link to="/gaps" search={{ reason: [gap.reason] }} title={words.gap[gap.reason].about}>
                {words.gap[gap.reason].label}
              </Link>
              <span className={classes.count}>{gap.count}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

export function ToolsPanel({ overview }: { readonly overview: Overview }) {
  const tools = [...new Map(overview.openByTool.map((one) => [one.tool, one.name]))]
  return (
    <Panel title="Open findings by tool" flush={tools.length > 0}>
      {tools.length === 0 ? (
        <p className="dim small">No open finding.</p>
      ) : (
        <ul className={classes.tools}>
          {tools.map(([tool, name]) => (
            <li key={tool}>
              <Link to="/findings" search={{ tool }} className={classes.tool}>
                {name}
              </Link>
              <span className={classes.toolCounts}>
                {statusOrder.flatMap((status) => {
                  const found = overview.openByTool.find((one) => one.tool === tool && one.status === status)
                  if (found === undefined || found.count === 0) return []
                  return [
                    <Link
                      key={status}
                      to="/findings"
                      search={{ tool, status: [status] }}
                      className={classes.toolCount}
                    >
                      <span className="number">{found.count}</span> <StatusBadge status={status} />
                    </Link>,
                  ]
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
