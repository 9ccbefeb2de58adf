// Columns of what was found on a device, by which more than one page shows it.
import type { DetectionRow } from '#shared/api.ts'
import { StateBadge } from './badge.tsx'
import { columnsOf } from './data-table.tsx'
import { Inert } from './inert-text.tsx'
import { AccountName } from './subject-name.tsx'
import { TimeText } from './time-text.tsx'
import { useWords } from './words.ts'

const column = columnsOf<DetectionRow>()

export const detectionColumns = {
  account: column.display({
    id: 'account',
    meta: { label: 'Account' },
    cell: ({ row }) => <AccountName account={row.original.account} />,
  }),
  state: column.display({
    id: 'state',
    meta: { label: 'State' },
    cell: ({ row }) =>
      row.original.gone ? (
        <span className="dim">gone</span>
      ) : (
        <StateBadge state={row.original.state} running={row.original.running} />
      ),
  }),
  version: column.display({
    id: 'version',
    meta: { label: 'Version' },
    cell: ({ row }) =>
      row.original.version === null ? (
        <span className="dim">not known</span>
      ) : (
        <Inert text={row.original.version} max={24} />
      ),
  }),
  strength: column.display({
    id: 'strength',
    meta: { label: 'Identified' },
    cell: ({ row }) => <Sure detection={row.original} />,
  }),
  reported: column.display({
    id: 'at',
    meta: { label: 'Reported' },
    cell: ({ row }) => <TimeText at={row.original.reportedAt} ago />,
  }),
}

function Sure({ detection }: { readonly detection: DetectionRow }) {
  const term = useWords().strength[detection.strength]
  return <span title={term.about}>{term.label}</span>
}
