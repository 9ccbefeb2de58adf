// Exceptions: whom, for what, by whom, why, and until when. The only way to excuse what has happened.
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconCircleCheck,
  IconCircleOff,
  IconCalendarTime,
  IconHistory,
  IconPlus,
  IconTicket,
} from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { WaiverRow } from '#shared/api.ts'
import { tools, waivers } from '../data/resources.ts'
import { revokeWaiver } from '../data/writes.ts'
import { Badge } from '../parts/badge.tsx'
import { useClock } from '../parts/clock.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { usePermissions } from '../parts/role.ts'
import { WaiverForm } from '../parts/waiver-form.tsx'
import classes from '../parts/waiver-form.module.css'
import { waiverPhase, waiverSubjectText, type WaiverPhase } from '../view/waiver.ts'

const column = columnsOf<WaiverRow>()
const columns = column.columns([
  column.display({
    id: 'phase',
    meta: { label: 'State' },
    cell: ({ row }) => <Phase waiver={row.original} />,
  }),
  column.display({
    id: 'subject',
    meta: { label: 'For', lead: true },
    cell: ({ row }) => (
      <strong>
        <Inert text={waiverSubjectText(row.original.subject)} max={64} />
      </strong>
    ),
  }),
  column.display({
    id: 'tools',
    meta: { label: 'Tools' },
    cell: ({ row }) => <Tools ids={row.original.tools} />,
  }),
  column.display({
    id: 'time',
    meta: { label: 'Holds' },
    cell: ({ row }) => (
      <>
        <TimeText at={row.original.from} /> <span className="dim">to</span>{' '}
        <TimeText at={row.original.until} />
      </>
    ),
  }),
  column.display({
    id: 'reason',
    meta: { label: 'Reason' },
    cell: ({ row }) => <Typed text={row.original.reason} max={160} />,
  }),
  column.display({
    id: 'owner',
    meta: { label: 'Owner' },
    cell: ({ row }) => (
      <>
        <Typed text={row.original.owner} max={32} />
        {row.original.createdAt > row.original.from ? (
          <>
            {' '}
            <Badge
              plain
              tone="neutral"
              icon={IconHistory}
              label="backdated"
              about="It was made after it began."
            />
          </>
        ) : null}
      </>
    ),
  }),
  column.display({ id: 'revoke', meta: { label: '' }, cell: ({ row }) => <Revoke waiver={row.original} /> }),
])

/** What somebody typed: it may name people, so that not every role is given it. */
function Typed({ text, max }: { readonly text: string | null; readonly max: number }) {
  if (text === null) return <span className="dim">not shown to your role</span>
  return <Inert text={text} max={max} />
}

const phases = {
  active: { tone: 'good', icon: IconCircleCheck, label: 'In force' },
  ahead: { tone: 'info', icon: IconCalendarTime, label: 'Not yet' },
  over: { tone: 'neutral', icon: IconHistory, label: 'Over' },
  revoked: { tone: 'neutral', icon: IconCircleOff, label: 'Revoked' },
} as const satisfies Record<WaiverPhase, unknown>

function Phase({ waiver }: { readonly waiver: WaiverRow }) {
  return <Badge {...phases[waiverPhase(waiver, useClock().now)]} />
}

function Tools({ ids }: { readonly ids: readonly string[] }) {
  const known = useQuery(tools())
  return <>{ids.map((id) => known.data?.items.find((tool) => tool.id === id)?.name ?? id).join(', ')}</>
}

function Revoke({ waiver }: { readonly waiver: WaiverRow }) {
  const phase = waiverPhase(waiver, useClock().now)
  const permitted = usePermissions().change
  const [asked, setAsked] = useState(false)
  const client = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => revokeWaiver(waiver.id),
    onSuccess: async () => {
      await client.invalidateQueries()
      notifications.show({ message: 'The waiver is revoked. What it covered is judged again.' })
      setAsked(false)
    },
  })
  if (phase === 'revoked' || phase === 'over' || !permitted) return null
  const subject = waiverSubjectText(waiver.subject)
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(true)}>
        Revoke<span className="visually-hidden"> the waiver for {subject}</span>
      </Button>
      <Dialog opened={asked} onClose={() => setAsked(false)} title="Revoke this waiver?">
        <div className={classes.form}>
          <p>
            The waiver for <Inert text={subject} max={64} /> ends. What it covered is judged again, and can
            become a violation.
          </p>
          {revoke.error === null ? null : <ProblemNote error={revoke.error} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsked(false)} data-autofocus>
              Keep it
            </Button>
            <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
              Revoke
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

export function WaiversPage() {
  const query = useQuery(waivers())
  const permitted = usePermissions().change
  const [opened, { open, close }] = useDisclosure(false)
  const add = (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={open}>
      Add a waiver
    </Button>
  )
  return (
    <>
      <PageHead
        title="Waivers"
        about="An exception has an owner, a reason and an end. It excuses the uses that lie within it, one by one; it may reach back, which the audit log shows. Waivers name people: that an administrator or auditor opened this list is recorded too."
        action={permitted ? add : undefined}
      />
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <DataTable
            caption="Waivers"
            columns={columns}
            rows={query.data?.items}
            rowId={(waiver) => waiver.id}
            empty={
              <EmptyNote title="No waiver" icon={IconTicket}>
                <p>Add one when somebody is allowed to use a banned tool for a time.</p>
              </EmptyNote>
            }
          />
        </Panel>
      )}
      <Dialog opened={opened} onClose={close} title="Add a waiver" wide>
        <WaiverForm onDone={close} />
      </Dialog>
    </>
  )
}
