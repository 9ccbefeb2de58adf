// The outcome of a dry run: which verdicts would change, for how many accounts, and for which, by pseudonym.
import { Button } from '@mantine/core'
import { IconArrowRight, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RolloutPlan } from '#shared/rollout.ts'
import type { FindingStatus } from '#shared/finding.ts'
import { tools } from '../data/resources.ts'
import type { PolicyPlan } from '../data/writes.ts'
import { StatusBadge } from '../parts/badge.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { counted } from '../view/next-steps.ts'
import { lateText } from '../view/rollout-words.ts'
import classes from './policy.module.css'

type Subject = PolicyPlan['subjects'][number]
const column = columnsOf<Subject>()
const columns = column.columns([
  column.display({
    id: 'tool',
    meta: { label: 'Tool', lead: true },
    cell: ({ row }) => <ToolName id={row.original.tool} />,
  }),
  column.display({
    id: 'account',
    meta: { label: 'Account' },
    cell: ({ row }) => (
      <span className="mono">
        {row.original.account ?? 'whole machine'}
        {' on '}
        <Link to="/devices/$deviceId" params={{ deviceId: row.original.device }} search={{}}>
          <Inert text={row.original.host} max={40} />
        </Link>
      </span>
    ),
  }),
  column.display({
    id: 'change',
    meta: { label: 'Would change' },
    cell: ({ row }) => <Change from={row.original.from} to={row.original.to} />,
  }),
])

function ToolName({ id }: { readonly id: string }) {
  const known = useQuery(tools())
  return <>{known.data?.items.find((tool) => tool.id === id)?.name ?? id}</>
}

function Change({ from, to }: { readonly from: FindingStatus | null; readonly to: FindingStatus | null }) {
  return (
    <span className={classes.count}>
      {from === null ? <span className="dim">no finding</span> : <StatusBadge status={from} />}
      <IconArrowRight size={15} aria-label="becomes" role="img" />
      {to === null ? <span className="dim">no finding</span> : <StatusBadge status={to} />}
    </span>
  )
}

function RolloutNote({ rollout }: { readonly rollout: RolloutPlan }) {
  const late = lateText(rollout.late)
  return (
    <>
      <p className="small">
        Devices get it in stages: {rollout.stages.join(', then ')}, then all, by{' '}
        <TimeText at={rollout.allBy} /> if nothing holds it up.
      </p>
      {late === null ? null : <p className={classes.late}>{late}</p>}
    </>
  )
}

interface PolicyPlanViewProps {
  readonly plan: PolicyPlan
  readonly applying: boolean
  readonly onApply: () => void
  readonly onDiscard: () => void
}

export function PolicyPlanView({ plan, applying, onApply, onDiscard }: PolicyPlanViewProps) {
  const total = plan.changes.reduce((sum, change) => sum + change.count, 0)
  return (
    <section className={classes.plan} aria-label="Outcome of the dry run" role="status">
      <h3>
        {total === 0
          ? 'It would change no finding today.'
          : `It would change ${counted(total, 'finding')} of ${counted(plan.accounts, 'account')}.`}
      </h3>
      <p className="dim small">
        {counted(plan.unchanged, 'finding')} would stay. This was a dry run of version {plan.version}: nothing
        has been stored.
      </p>
      {plan.changes.length === 0 ? null : (
        <ul className={classes.changes}>
          {plan.changes.map((change) => (
            <li key={`${change.from} ${change.to}`}>
              <strong className="number">{change.count}</strong> <Change from={change.from} to={change.to} />
            </li>
          ))}
        </ul>
      )}
      {plan.subjects.length === 0 ? null : (
        <details>
          <summary>
            Whom it would affect, by pseudonym
            {plan.subjects.length < total ? ` (the first ${plan.subjects.length})` : ''}
          </summary>
          <DataTable
            caption="Findings that would change"
            columns={columns}
            rows={plan.subjects}
            rowId={(one) => `${one.device} ${one.account ?? ''} ${one.tool}`}
            empty={null}
          />
        </details>
      )}
      {plan.rollout === null ? null : <RolloutNote rollout={plan.rollout} />}
      <div className={classes.buttons}>
        <Button leftSection={<IconCheck size={17} aria-hidden />} onClick={onApply} loading={applying}>
          Apply version {plan.version}
        </Button>
        <Button variant="default" onClick={onDiscard}>
          Discard
        </Button>
      </div>
    </section>
  )
}
