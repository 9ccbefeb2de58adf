// The first page: what needs a person now, how much of the fleet has been seen, and the newest findings.
import {
  IconArrowRight,
  IconBellOff,
  IconCircleCheck,
  IconDeviceLaptop,
  IconEyeOff,
  IconGavel,
  IconHelpHexagon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Overview } from '#shared/api.ts'
import { overview } from '../data/resources.ts'
import { StatusIcon } from '../parts/badge.tsx'
import { FindingTable } from '../parts/finding-table.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import { counted, nextSteps, type NextStep } from '../view/next-steps.ts'
import { statusOrder, statusTone } from '../view/tone.ts'
import { CoveragePanel, ToolsPanel } from './overview-panels.tsx'
import classes from './overview.module.css'

export function OverviewPage() {
  const query = useQuery(overview())
  return (
    <>
      <PageHead
        title="Overview"
        about={
          query.data === undefined ? undefined : query.data.policy === null ? (
            'No policy is in force.'
          ) : (
            <>
              Judged by <Link to="/policy">policy version {query.data.policy.version}</Link>, in force since{' '}
              <TimeText at={query.data.policy.activatedAt} />.
            </>
          )
        }
      />
      <Loaded query={query}>
        {(data) => (
          <div className={classes.grid}>
            <div className={classes.column}>
              <NextPanel overview={data} />
              <Panel
                title="Newest findings"
                about="Violations and suspicions that are not closed."
                action={
                  <Link to="/findings" search={{}} className={classes.more}>
                    All findings <IconArrowRight size={15} aria-hidden />
                  </Link>
                }
                flush
              >
                <FindingTable
                  rows={data.newest}
                  compact
                  empty={
                    data.devices.total === 0 ? (
                      <EmptyNote title="Nothing has been looked at yet" icon={IconDeviceLaptop}>
                        <p>Findings come once a device has reported.</p>
                      </EmptyNote>
                    ) : (
                      <EmptyNote title="No violation and no suspicion" icon={IconCircleCheck}>
                        <p>
                          Nothing that was seen needs anybody. Look at the coverage to know how much was seen.
                        </p>
                      </EmptyNote>
                    )
                  }
                />
              </Panel>
            </div>
            <div className={classes.column}>
              <StatusPanel overview={data} />
              <CoveragePanel overview={data} />
              <ToolsPanel overview={data} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

function NextPanel({ overview: data }: { readonly overview: Overview }) {
  const steps = nextSteps(data)
  return (
    <Panel title="What to do next">
      {steps.length === 0 ? (
        <EmptyNote title="Nothing needs you now" icon={IconCircleCheck}>
          <p>Every device reports, every finding is dealt with.</p>
        </EmptyNote>
      ) : (
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step.title} className={`${classes.step} tone-${step.tone}`}>
              <span className={classes.stepIcon}>
                <StepIcon step={step} />
              </span>
              <div>
                <StepLink step={step}>{step.title}</StepLink>
                <p className="dim small">{step.text}</p>
              </div>
              <IconArrowRight size={17} aria-hidden className={classes.stepArrow} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function StepIcon({ step }: { readonly step: NextStep }) {
  switch (step.kind) {
    case 'findings':
      return <StatusIcon status={step.status} />
    case 'no-policy':
    case 'policy-halted':
      return <IconGavel size={18} aria-hidden />
    case 'coverage':
      return <IconEyeOff size={18} aria-hidden />
    case 'no-devices':
      return <IconDeviceLaptop size={18} aria-hidden />
    case 'quiet':
      return <IconBellOff size={18} aria-hidden />
    case 'unlisted':
      return <IconHelpHexagon size={18} aria-hidden />
  }
}

function StepLink({ step, children }: { readonly step: NextStep; readonly children: ReactNode }) {
  switch (step.kind) {
    case 'findings':
      return (
        <Link to="/findings" search={{ status: [step.status] }} className={classes.stepLink}>
          {children}
        </Link>
      )
    case 'no-policy':
    case 'policy-halted':
      return (
        <Link to="/policy" className={classes.stepLink}>
          {children}
        </Link>
      )
    case 'unlisted':
      return (
        <Link to="/findings" search={{ unlisted: true }} className={classes.stepLink}>
          {children}
        </Link>
      )
    case 'coverage':
      return (
        <Link to="/gaps" className={classes.stepLink}>
          {children}
        </Link>
      )
    case 'quiet':
      return (
        <Link to="/devices" search={{ contact: ['quiet'], sort: 'quiet' }} className={classes.stepLink}>
          {children}
        </Link>
      )
    case 'no-devices':
      return (
        <Link to="/devices" className={classes.stepLink}>
          {children}
        </Link>
      )
  }
}

function StatusPanel({ overview: data }: { readonly overview: Overview }) {
  const words = useWords()
  const most = Math.max(1, ...statusOrder.map((status) => data.findings[status]))
  return (
    <Panel title="Findings by status">
      <ul className={classes.statuses}>
        {statusOrder.map((status) => {
          const count = data.findings[status]
          return (
            <li key={status}>
              <Link
                to="/findings"
                search={{ status: [status] }}
                className={`${classes.status} tone-${statusTone[status]}`}
              >
                <StatusIcon status={status} />
                <span>{words.status[status].label}</span>
                <span className={classes.bar} aria-hidden>
                  <span style={{ width: `${(count / most) * 100}%` }} />
                </span>
                <span className={classes.count}>{count}</span>
              </Link>
            </li>
          )
        })}
      </ul>
      {data.unlisted === 0 ? null : (
        <p className="dim small">
          Apart from these:{' '}
          <Link to="/findings" search={{ unlisted: true }}>
            {counted(data.unlisted, 'find')} to review
          </Link>{' '}
          that{' '}
          {data.unlisted === 1
            ? 'behaves like an AI coding agent and is'
            : 'behave like AI coding agents and are'}{' '}
          in no catalogue.
        </p>
      )}
    </Panel>
  )
}
