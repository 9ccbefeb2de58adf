// Where a tool is in the fleet: on how many devices, for how many accounts, and the findings about it.
import { IconDeviceLaptop } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { DetectionRow, ToolDetail } from '#shared/api.ts'
import { detections } from '../data/resources.ts'
import { StatusBadge } from '../parts/badge.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { detectionColumns } from '../parts/detection-columns.tsx'
import table from '../parts/finding-table.module.css'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SubjectName } from '../parts/subject-name.tsx'
import { counted } from '../view/next-steps.ts'
import { pageSize, tidy } from '../view/selection.ts'
import { statusOrder } from '../view/tone.ts'
import classes from './tool.module.css'

const route = getRouteApi('/inside/tools/$toolId')
const column = columnsOf<DetectionRow>()
const columns = column.columns([
  column.display({
    id: 'host',
    meta: { label: 'Device', lead: true },
    cell: ({ row }) => (
      <Link
        to="/devices/$deviceId"
        params={{ deviceId: row.original.device }}
        search={{}}
        data-row-link
        className={table.link}
      >
        <SubjectName subject={row.original.host} />
      </Link>
    ),
  }),
  detectionColumns.account,
  detectionColumns.state,
  detectionColumns.version,
  detectionColumns.strength,
  detectionColumns.reported,
])

export function ToolFleet({ tool }: { readonly tool: ToolDetail }) {
  const { after = [] } = route.useSearch()
  const navigate = useNavigate()
  const query = useQuery({
    ...detections({ tool: tool.id, gone: false, cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const { devices, accounts } = tool.fleet
  return (
    <Panel
      title="In the fleet"
      about={
        devices === 0
          ? undefined
          : `On ${counted(devices, 'device')}, for ${counted(accounts, 'account')}, as last reported.`
      }
      flush
    >
      <Findings tool={tool} />
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <>
          <DataTable
            caption={`Where ${tool.name} was found`}
            columns={columns}
            rows={query.data?.items}
            rowId={(row) => `${row.device} ${row.account?.key ?? ''}`}
            stale={query.isPlaceholderData}
            empty={
              <EmptyNote title="No device reports it" icon={IconDeviceLaptop}>
                <p>
                  It may still be where no agent could look. The{' '}
                  <Link to="/gaps" search={{}}>
                    gaps
                  </Link>{' '}
                  say where that is.
                </p>
              </EmptyNote>
            }
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) =>
              void navigate({
                to: '/tools/$toolId',
                params: { toolId: tool.id },
                search: tidy({ after: [...trail] }),
              })
            }
            what="accounts and devices"
          />
        </>
      )}
    </Panel>
  )
}

function Findings({ tool }: { readonly tool: ToolDetail }) {
  const shown = statusOrder.filter((status) => (tool.fleet.findings[status] ?? 0) > 0)
  return (
    <div className={classes.findings}>
      {shown.length === 0 ? (
        <p className="dim small">No open finding is about it.</p>
      ) : (
        shown.map((status) => (
          <Link
            key={status}
            to="/findings"
            search={{ tool: tool.id, status: [status] }}
            className={classes.count}
          >
            <span className="number">{tool.fleet.findings[status]}</span> <StatusBadge status={status} />
          </Link>
        ))
      )}
      <Link to="/findings" search={{ tool: tool.id }} className="small">
        All findings about it
      </Link>
    </div>
  )
}
