// What speaks for a tool: the signal that matched and the place as a template. Full paths never leave the device.
import type { WireEvidence } from '#shared/protocol.ts'
import { columnsOf, DataTable } from './data-table.tsx'
import { Inert } from './inert-text.tsx'
import classes from './mark-table.module.css'
import { useWords } from './words.ts'

const column = columnsOf<WireEvidence>()

const columns = column.columns([
  column.display({
    id: 'kind',
    meta: { label: 'What', lead: true },
    cell: ({ row }) => <Kind evidence={row.original} />,
  }),
  column.display({
    id: 'place',
    meta: { label: 'Where' },
    cell: ({ row }) =>
      row.original.place === null ? (
        <span className="dim">no place</span>
      ) : (
        <Inert text={row.original.place} max={80} mono />
      ),
  }),
  column.display({
    id: 'signal',
    meta: { label: 'Signal of the catalogue' },
    cell: ({ row }) => <Inert text={row.original.signal} max={80} mono />,
  }),
  column.display({
    id: 'means',
    meta: { label: 'Shows' },
    cell: ({ row }) => <Means evidence={row.original} />,
  }),
  column.display({
    id: 'strength',
    meta: { label: 'How sure' },
    cell: ({ row }) => <Sure evidence={row.original} />,
  }),
])

interface CellProps {
  readonly evidence: WireEvidence
}

function Kind({ evidence }: CellProps) {
  const term = useWords().observation[evidence.kind]
  return <span title={term.about}>{term.label}</span>
}
function Means({ evidence }: CellProps) {
  const term = useWords().means[evidence.means]
  return <span title={term.about}>{term.label}</span>
}
function Sure({ evidence }: CellProps) {
  const term = useWords().strength[evidence.strength]
  return <span title={term.about}>{term.label}</span>
}

export function EvidenceList({ evidence }: { readonly evidence: readonly WireEvidence[] }) {
  if (evidence.length === 0) return <p className="dim">No evidence is stored any more.</p>
  return (
    <>
      <div className={classes.frame}>
        <DataTable
          caption="Evidence"
          columns={columns}
          rows={evidence}
          rowId={(one) => `${one.kind} ${one.signal} ${one.place ?? ''} ${one.hash ?? ''}`}
          empty={null}
        />
      </div>
      <p className="dim small">
        <span className="mono">*</span> stands for a part that stays on the device.{' '}
        <span className="mono">cutoff-agent explain</span> shows the full paths there.
      </p>
    </>
  )
}
