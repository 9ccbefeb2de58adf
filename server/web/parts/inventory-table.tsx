// What is installed where, by name and version and by day. Never by time: an inventory must not tell when anybody worked.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { InventoryRow } from '#shared/api.ts'
import { columnsOf, DataTable } from './data-table.tsx'
import table from './finding-table.module.css'
import { Inert } from './inert-text.tsx'
import { AccountName, SubjectName } from './subject-name.tsx'
import { useWords } from './words.ts'

const column = columnsOf<InventoryRow>()
const name = column.accessor('name', {
  enableSorting: false,
  meta: { label: 'Name', lead: true },
  cell: ({ row }) => (
    <strong>
      <Inert text={row.original.name} max={72} />
    </strong>
  ),
})
const version = column.accessor('version', {
  enableSorting: false,
  meta: { label: 'Version' },
  cell: ({ row }) =>
    row.original.version === null ? (
      <span className="dim">not known</span>
    ) : (
      <Inert text={row.original.version} max={28} />
    ),
})
const kind = column.accessor('item', {
  enableSorting: false,
  meta: { label: 'Kind' },
  cell: ({ row }) => <Kind row={row.original} />,
})
const account = column.display({
  id: 'account',
  meta: { label: 'Account' },
  cell: ({ row }) => <AccountName account={row.original.account} />,
})
const host = column.display({
  id: 'host',
  meta: { label: 'Device' },
  cell: ({ row }) => (
    <Link
      to="/devices/$deviceId"
      params={{ deviceId: row.original.device }}
      search={{ tab: 'inventory' }}
      data-row-link
      className={table.link}
    >
      <SubjectName subject={row.original.host} />
    </Link>
  ),
})
const days = column.display({
  id: 'days',
  meta: { label: 'There' },
  cell: ({ row }) => <Days row={row.original} />,
})

const ofDevice = column.columns([name, version, kind, account, days])
const ofFleet = column.columns([name, version, kind, host, account, days])

function Kind({ row }: { readonly row: InventoryRow }) {
  return (
    <>
      {useWords().observation[row.item].label}{' '}
      <span className="dim">({<Inert text={row.source} max={24} />})</span>
    </>
  )
}

function Days({ row }: { readonly row: InventoryRow }) {
  return (
    <span className="number nowrap">
      {row.lastDay === null ? (
        `since ${row.firstDay}`
      ) : (
        <span className="dim">{`${row.firstDay} to ${row.lastDay}, gone`}</span>
      )}
    </span>
  )
}

interface InventoryTableProps {
  readonly rows: readonly InventoryRow[] | undefined
  readonly fleet?: boolean
  readonly stale?: boolean
  readonly empty: ReactNode
}

export function InventoryTable({ fleet = false, ...rest }: InventoryTableProps) {
  return (
    <DataTable
      caption="Inventory"
      columns={fleet ? ofFleet : ofDevice}
      rowId={(row) =>
        `${row.device} ${row.account?.key ?? ''} ${row.item} ${row.source} ${row.name} ${row.version ?? ''}`
      }
      {...rest}
    />
  )
}
