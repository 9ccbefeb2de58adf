// Every mark with its time and uncertainty, what kind it is, how it is known, how sure, and how and why it was judged.
import type { JudgedMark } from '#shared/finding.ts'
import { VerdictBadge } from './badge.tsx'
import { columnsOf, DataTable } from './data-table.tsx'
import { DisagreementNote } from './disagreement.tsx'
import { Inert } from './inert-text.tsx'
import classes from './mark-table.module.css'
import { TimeText } from './time-text.tsx'
import { useWords } from './words.ts'

const column = columnsOf<JudgedMark>()

const columns = column.columns([
  column.display({
    id: 'at',
    meta: { label: 'When', lead: true },
    cell: ({ row }) => <TimeText at={row.original.at} uncertaintyMs={row.original.uncertaintyMs} seconds />,
  }),
  column.display({ id: 'kind', meta: { label: 'What' }, cell: ({ row }) => <Kind mark={row.original} /> }),
  column.display({
    id: 'verdict',
    meta: { label: 'Judged' },
    cell: ({ row }) => <VerdictBadge verdict={row.original.verdict} />,
  }),
  column.display({ id: 'why', meta: { label: 'Why' }, cell: ({ row }) => <Why mark={row.original} /> }),
])

function Kind({ mark }: { readonly mark: JudgedMark }) {
  const words = useWords()
  const kind = words.markKind[mark.kind]
  return (
    <span className={classes.kind}>
      <strong title={kind.about}>{kind.label}</strong>
      <span className="dim small">
        <span title={words.basis[mark.basis].about}>{words.basis[mark.basis].label.toLowerCase()}</span>
        {', '}
        <span title={words.strength[mark.strength].about}>
          {words.strength[mark.strength].label.toLowerCase()}
        </span>
      </span>
      {mark.more === undefined ? null : (
        <span
          className="dim small"
          title="The device’s spool was full: it told the first, the last and how many."
        >
          and {mark.more} more like it that day
        </span>
      )}
    </span>
  )
}

function Why({ mark }: { readonly mark: JudgedMark }) {
  const words = useWords()
  return (
    <span className={classes.why}>
      <span>
        {words.reason[mark.reason]}
        {mark.row === null ? null : <span className="dim nowrap"> Row {mark.row}.</span>}
      </span>
      {mark.doubts.map((doubt) => (
        <span key={doubt} className={classes.doubt}>
          {words.doubt[doubt]}
        </span>
      ))}
      <DisagreementNote mark={mark} className={classes.doubt} />
      <span className={classes.basis}>
        {mark.rule === null || mark.policyVersion === null ? null : (
          <>
            Rule <span className="mono">{mark.rule}</span>, policy version {mark.policyVersion}.{' '}
          </>
        )}
        Known from <Inert text={mark.signal} max={80} mono />
      </span>
    </span>
  )
}

export function MarkTable({ marks }: { readonly marks: readonly JudgedMark[] }) {
  const newest = marks.toSorted((a, b) => b.at - a.at)
  return (
    <div className={classes.frame}>
      <DataTable
        caption="Signs of life, newest first"
        columns={columns}
        rows={newest}
        rowId={(mark) => `${mark.at} ${mark.kind} ${mark.signal} ${mark.session ?? ''}`}
        empty={null}
      />
    </div>
  )
}
