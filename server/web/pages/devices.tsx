// All devices: when each last reported, how well it has been looked at, and the worst that was found on it.
import { Code } from '@mantine/core'
import { IconCircleOff, IconDeviceLaptop, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { DeviceRow } from '#shared/api.ts'
import { ContactState } from '#shared/contact.ts'
import { devices } from '../data/resources.ts'
import { Badge, ContactBadge, CoverageBadge, StatusBadge } from '../parts/badge.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import { EnrolDevice } from '../parts/enrol-device.tsx'
import bar from '../parts/filter-bar.module.css'
import { FilterChips } from '../parts/filter-chips.tsx'
import table from '../parts/finding-table.module.css'
import { Inert } from '../parts/inert-text.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { SubjectName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import { pageSize, tidy, type DevicesSelection } from '../view/selection.ts'

const route = getRouteApi('/inside/devices')
const column = columnsOf<DeviceRow>()

const columns = column.columns([
  column.accessor('host', {
    id: 'host',
    enableSorting: false,
    meta: { label: 'Device', lead: true },
    cell: ({ row }) => <DeviceLink device={row.original} />,
  }),
  column.accessor('worst', {
    meta: { label: 'Worst finding' },
    cell: ({ row }) =>
      row.original.worst === null ? (
        <span className="dim">none</span>
      ) : (
        <StatusBadge status={row.original.worst} />
      ),
  }),
  column.accessor('coverage', {
    enableSorting: false,
    meta: { label: 'Coverage' },
    cell: ({ row }) => <CoverageBadge state={row.original.coverage} plain />,
  }),
  column.accessor('gaps', { enableSorting: false, meta: { label: 'Gaps', align: 'end' } }),
  column.accessor('accounts', { enableSorting: false, meta: { label: 'Accounts', align: 'end' } }),
  column.accessor('contact', {
    id: 'quiet',
    meta: { label: 'Contact' },
    cell: ({ row }) => <ContactBadge device={row.original} />,
  }),
  column.accessor('lastSeenAt', {
    id: 'seen',
    meta: { label: 'Last report' },
    cell: ({ row }) => <TimeText at={row.original.lastSeenAt} ago none="never" />,
  }),
  column.accessor('os', {
    enableSorting: false,
    meta: { label: 'System' },
    cell: ({ row }) => <System device={row.original} />,
  }),
  column.accessor('agentVersion', {
    enableSorting: false,
    meta: { label: 'Agent' },
    cell: ({ row }) => <Inert text={row.original.agentVersion} max={16} />,
  }),
])

function DeviceLink({ device }: { readonly device: DeviceRow }) {
  return (
    <>
      <Link
        to="/devices/$deviceId"
        params={{ deviceId: device.id }}
        search={{}}
        data-row-link
        className={table.link}
      >
        <SubjectName subject={device.host} />
      </Link>
      {device.status === 'revoked' ? (
        <>
          {' '}
          <Badge plain tone="neutral" icon={IconCircleOff} label="Revoked" />
        </>
      ) : null}
    </>
  )
}

function System({ device }: { readonly device: DeviceRow }) {
  return (
    <>
      {useWords().platform[device.os]} <Inert text={device.osVersion} max={28} />
    </>
  )
}

export function DevicesPage() {
  const words = useWords()
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { q, sort, contact, after = [] } = selection
  const query = useQuery({
    ...devices({ q, sort, contact, cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const choose = (change: Partial<DevicesSelection>) =>
    void navigate({ to: '/devices', search: tidy({ ...selection, after: undefined, ...change }) })
  return (
    <>
      <PageHead
        title="Devices"
        about="Machines on which the agent is enrolled. A quiet device, silent for longer than is its own habit, is no clean one and no suspicious one: silence is no evidence."
        action={<EnrolDevice />}
      />
      <div className={bar.bar} role="search" aria-label="Filter devices">
        <div className={bar.fields}>
          <SearchField
            label="Search by pseudonym, system or agent version"
            value={q ?? ''}
            onSearch={(text) => choose({ q: text })}
          />
        </div>
        <FilterChips
          label="Contact"
          options={ContactState.options.map((value) => ({ value, label: words.contact[value].label }))}
          chosen={contact ?? []}
          onChoose={(chosen) => choose({ contact: [...chosen] })}
        />
      </div>
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <DataTable
            caption="Devices"
            columns={columns}
            rows={query.data?.items}
            rowId={(device) => device.id}
            stale={query.isPlaceholderData}
            sort={sort}
            onSort={(next) => choose({ sort: next })}
            empty={
              q === undefined && contact === undefined ? (
                <EmptyNote title="No device is enrolled yet" icon={IconDeviceLaptop}>
                  <p>
                    Make a token with <Code>cutoff-server enrol-token</Code>, then run{' '}
                    <Code>cutoff-agent enrol</Code> with it on a machine. <Code>npm start</Code> enrols the
                    machine it runs on.
                  </p>
                </EmptyNote>
              ) : (
                <EmptyNote title="No device fits this filter" icon={IconSearch} />
              )
            }
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) => choose({ after: [...trail] })}
            what="devices"
          />
        </Panel>
      )}
    </>
  )
}
