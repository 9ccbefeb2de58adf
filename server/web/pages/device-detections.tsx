// The tools found on one device, and the findings about them.
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { DetectionRow } from '#shared/api.ts'
import { detections, findings } from '../data/resources.ts'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { detectionColumns } from '../parts/detection-columns.tsx'
import { EvidenceList } from '../parts/evidence-list.tsx'
import { FindingTable } from '../parts/finding-table.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { AccountName } from '../parts/subject-name.tsx'
import { ToolLink } from '../parts/tool-link.tsx'
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
  detectionColumns.account,
  detectionColumns.state,
  detectionColumns.version,
  detectionColumns.strength,
  column.display({
    id: 'uses',
    meta: { label: 'Signs under a rule' },
    cell: ({ row }) => <Uses detection={row.original} />,
  }),
  detectionColumns.reported,
])

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
