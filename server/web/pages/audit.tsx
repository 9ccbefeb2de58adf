// Who changed or looked at what, when and why. Chained by hashes: a change of the past shows.
import { IconClipboardList } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { AuditRow } from '#shared/api.ts'
import { audit } from '../data/resources.ts'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { actionText, auditSubjectText } from '../view/audit-words.ts'
import { pageSize, tidy } from '../view/selection.ts'

const route = getRouteApi('/inside/audit')
const column = columnsOf<AuditRow>()
const columns = column.columns([
  column.display({
    id: 'at',
    meta: { label: 'When' },
    cell: ({ row }) => <TimeText at={row.original.at} seconds />,
  }),
  column.display({
    id: 'by',
    meta: { label: 'Who' },
    cell: ({ row }) => <Inert text={row.original.by} max={40} />,
  }),
  column.display({
    id: 'action',
    meta: { label: 'What', lead: true },
    cell: ({ row }) => <strong title={row.original.action}>{actionText(row.original.action)}</strong>,
  }),
  column.display({
    id: 'subject',
    meta: { label: 'On what' },
    cell: ({ row }) =>
      row.original.subject === null ? (
        <span className="dim">–</span>
      ) : (
        <Inert text={auditSubjectText(row.original.subject)} max={48} mono />
      ),
  }),
  column.display({
    id: 'reason',
    meta: { label: 'Why' },
    cell: ({ row }) =>
      row.original.reason === null ? (
        <span className="dim">–</span>
      ) : (
        <Inert text={row.original.reason} max={200} />
      ),
  }),
  column.display({
    id: 'hash',
    meta: { label: 'Chain' },
    cell: ({ row }) => (
      <span className="dim">
        <Inert text={row.original.hash} max={13} mono />
      </span>
    ),
  }),
])

export function AuditPage() {
  const { after = [] } = route.useSearch()
  const navigate = useNavigate()
  const query = useQuery({
    ...audit({ cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHead
        title="Audit log"
        about="Every change, and every look at a name. Whoever is looked at may ask for it. Each entry carries the hash of the one before, so that the past cannot be rewritten unseen."
      />
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <DataTable
            caption="Audit log, newest first"
            columns={columns}
            rows={query.data?.items}
            rowId={(row) => String(row.id)}
            stale={query.isPlaceholderData}
            empty={<EmptyNote title="Nothing has been recorded yet" icon={IconClipboardList} />}
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) => void navigate({ to: '/audit', search: tidy({ after: [...trail] }) })}
            what="entries"
          />
        </Panel>
      )}
    </>
  )
}
