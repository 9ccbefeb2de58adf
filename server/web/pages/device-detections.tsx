// The tools found on one device, and the findings about them.
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { DetectionRow } from '#shared/api.ts'
import { detections, findings } from '../data/resources.ts'
import { StateBadge } from '../parts/badge.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { EvidenceList } from '../parts/evidence-list.tsx'
import { FindingTable } from '../parts/finding-table.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { AccountName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { ToolLink } from '../parts/tool-link.tsx'
import { useWords } from '../parts/words.ts'
import classes from './device.module.css'

const column = columnsOf<DetectionRow>()
const columns = column.columns([
  column.display({
    id: 'tool',
    meta: { label: 'Tool', lead: true },
    cell: ({ row }) => (
      <strong>
        <ToolLink id={row.original.tool} name={row.original.toolName} />
      </strong>
    ),
  }),
  column.display({
    id: 'account',
    meta: { label: 'Account' },
    cell: ({ row }) => <AccountName account={row.original.account} />,
  }),
  column.display({
    id: 'state',
    meta: { label: 'State' },
    cell: ({ row }) =>
      row.original.gone ? (
        <span className="dim">gone</span>
      ) : (
        <StateBadge state={row.original.state} running={row.original.running} />
      ),
  }),
  column.display({
    id: 'version',
    meta: { label: 'Version' },
    cell: ({ row }) =>
      row.original.version === null ? (
        <span className="dim">not known</span>
      ) : (
        <Inert text={row.original.version} max={24} />
      ),
  }),
  column.display({
    id: 'strength',
    meta: { label: 'Identified' },
    cell: ({ row }) => <Sure detection={row.original} />,
  }),
  column.display({
    id: 'uses',
    meta: { label: 'Signs under a rule' },
    cell: ({ row }) => <Uses detection={row.original} />,
  }),
  column.display({
    id: 'at',
    meta: { label: 'Reported' },
    cell: ({ row }) => <TimeText at={row.original.reportedAt} ago />,
  }),
])

function Sure({ detection }: { readonly detection: DetectionRow }) {
  const term = useWords().strength[detection.strength]
  return <span title={term.about}>{term.label}</span>
}

function Uses({ detection }: { readonly detection: DetectionRow }) {
  return (
    <>
      {detection.marks === 0 ? <span className="dim">none</span> : detection.marks}
      {detection.usedBeforeCutoff ? <span className="dim small"> · used before the ban</span> : null}
    </>
  )
}

export function DeviceDetections({ device }: { readonly device: string }) {
  const found = useQuery(detections({ device, limit: 200 }))
  const judged = useQuery(findings({ device, limit: 200 }))
  return (
    <div className={classes.part}>
      <Panel title="Findings" flush>
        <Loaded query={judged}>
          {(page) => (
            <FindingTable
              rows={page.items}
              compact
              empty={<EmptyNote title="No finding on this device" icon={IconCircleCheck} />}
            />
          )}
        </Loaded>
      </Panel>
      <Panel
        title="Tools of the catalogue"
        about="What was recognised, whether or not a rule names it."
        flush
      >
        <Loaded query={found}>
          {(page) => (
            <DataTable
              caption="Tools found on this device"
              columns={columns}
              rows={page.items}
              rowId={(one) => `${one.tool} ${one.account?.key ?? ''}`}
              empty={
                <EmptyNote title="No tool of the catalogue was found">
                  <p>Look at coverage and gaps to know how much could be seen.</p>
                </EmptyNote>
              }
            />
          )}
        </Loaded>
      </Panel>
      {found.data?.items.map((one) => (
        <details key={`${one.tool} ${one.account?.key ?? ''}`}>
          <summary>
            Evidence for <Inert text={one.toolName} max={48} />, <AccountName account={one.account} />
          </summary>
          <EvidenceList evidence={one.evidence} />
        </details>
      ))}
    </div>
  )
}
