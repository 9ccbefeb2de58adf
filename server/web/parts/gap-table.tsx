// What could not be looked at, where, why, and since when.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { GapRow } from '#shared/api.ts'
import { columnsOf, DataTable } from './data-table.tsx'
import table from './finding-table.module.css'
import { Inert } from './inert-text.tsx'
import { AccountName, SubjectName } from './subject-name.tsx'
import { TimeText } from './time-text.tsx'
import { useWords } from './words.ts'

const column = columnsOf<GapRow>()
const reason = column.display({
  id: 'reason',
  meta: { label: 'Why not', lead: true },
  cell: ({ row }) => <Reason gap={row.original} />,
})
const place = column.display({
  id: 'place',
  meta: { label: 'Where' },
  cell: ({ row }) =>
    row.original.place === null ? (
      <span className="dim">no single place</span>
    ) : (
      <Inert text={row.original.place} max={72} mono />
    ),
})
const host = column.display({
  id: 'host',
  meta: { label: 'Device' },
  cell: ({ row }) => (
    <Link
      to="/devices/$deviceId"
      params={{ deviceId: row.original.device }}
      search={{ tab: 'coverage' }}
      data-row-link
      className={table.link}
    >
      <SubjectName subject={row.original.host} />
    </Link>
  ),
})
const account = column.display({
  id: 'account',
  meta: { label: 'Account' },
  cell: ({ row }) => <AccountName account={row.original.account} />,
})
const who = column.display({
  id: 'collector',
  meta: { label: 'Looked for by' },
  cell: ({ row }) => <Inert text={row.original.collector} max={24} />,
})
const when = column.display({
  id: 'from',
  meta: { label: 'Since' },
  cell: ({ row }) => <When gap={row.original} />,
})

const ofDevice = column.columns([reason, place, account, who, when])
const ofFleet = column.columns([reason, place, host, account, who, when])

function Reason({ gap }: { readonly gap: GapRow }) {
  const term = useWords().gap[gap.reason]
  return (
    <>
      <strong title={term.about}>{term.label}</strong>
      {gap.detail === null ? null : (
        <span className="dim small">
          {' '}
          <Inert text={gap.detail} max={60} mono />
        </span>
      )}
    </>
  )
}

function When({ gap }: { readonly gap: GapRow }) {
  return (
    <>
      <TimeText at={gap.from} />
      {gap.until === null ? null : (
        <span className="dim">
          {' '}
          until <TimeText at={gap.until} />
        </span>
      )}
    </>
  )
}

interface GapTableProps {
  readonly rows: readonly GapRow[] | undefined
  readonly fleet?: boolean
  readonly stale?: boolean
  readonly empty: ReactNode
}

export function GapTable({ fleet = false, ...rest }: GapTableProps) {
  return (
    <DataTable
      caption="Gaps"
      columns={fleet ? ofFleet : ofDevice}
      rowId={(gap) =>
        `${gap.device} ${gap.account?.key ?? ''} ${gap.collector} ${gap.place ?? ''} ${gap.reason} ${gap.from}`
      }
      {...rest}
    />
  )
}
