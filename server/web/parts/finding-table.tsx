// Findings as rows: the verdict, on what, by whom, why, when; beside it how well that account has been looked at.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FindingRow } from '#shared/api.ts'
import { CoverageBadge, LifecycleBadge, StatusBadge } from './badge.tsx'
import { columnsOf, DataTable } from './data-table.tsx'
import classes from './finding-table.module.css'
import { Inert } from './inert-text.tsx'
import { Whereabouts } from './subject-name.tsx'
import { TimeText } from './time-text.tsx'
import { useWords } from './words.ts'

const column = columnsOf<FindingRow>()

const status = column.accessor('status', {
  meta: { label: 'Status' },
  cell: ({ row }) => <StatusBadge status={row.original.status} />,
})
const tool = column.accessor('toolName', {
  id: 'tool',
  meta: { label: 'Tool', lead: true },
  cell: ({ row }) => <FindingLink finding={row.original} />,
})
const where = column.display({
  id: 'device',
  enableSorting: false,
  meta: { label: 'Account' },
  cell: ({ row }) => <Whereabouts account={row.original.account} host={row.original.host} stacked />,
})
const why = column.display({
  id: 'why',
  enableSorting: false,
  meta: { label: 'Why' },
  cell: ({ row }) => <Why finding={row.original} />,
})
const last = column.accessor('lastMarkAt', {
  id: 'last',
  meta: { label: 'Last sign' },
  cell: ({ row }) => <TimeText at={row.original.lastMarkAt} ago none="no dated sign" />,
})
const coverage = column.display({
  id: 'coverage',
  enableSorting: false,
  meta: { label: 'Coverage' },
  cell: ({ row }) => <CoverageBadge state={row.original.coverage} plain />,
})
const lifecycle = column.accessor('lifecycle', {
  meta: { label: 'Handling' },
  cell: ({ row }) => <LifecycleBadge lifecycle={row.original.lifecycle} />,
})

const full = column.columns([tool, status, where, why, last, coverage, lifecycle])
const compact = column.columns([tool, status, where, why, last])

function FindingLink({ finding }: { readonly finding: FindingRow }) {
  return (
    <Link
      to="/findings/$findingId"
      params={{ findingId: finding.id }}
      search={(search) => search}
      state={{ opened: true }}
      data-row-link={finding.id}
      className={classes.link}
    >
      <Inert text={finding.toolName} max={48} />
    </Link>
  )
}

function Why({ finding }: { readonly finding: FindingRow }) {
  const words = useWords()
  const reason = finding.reasons[0]
  return (
    <span className={classes.why}>
      {reason === undefined ? words.status[finding.status].about : words.reason[reason]}
      {finding.row === null ? null : <span className="dim nowrap"> Row {finding.row}.</span>}
    </span>
  )
}

interface FindingTableProps {
  readonly rows: readonly FindingRow[] | undefined
  readonly empty: ReactNode
  readonly compact?: boolean
  readonly sort?: string | undefined
  readonly onSort?: (sort: string | undefined) => void
  readonly stale?: boolean
  readonly activeRow?: string | undefined
}

export function FindingTable({ compact: short = false, ...rest }: FindingTableProps) {
  return <DataTable caption="Findings" columns={short ? compact : full} rowId={(row) => row.id} {...rest} />
}
