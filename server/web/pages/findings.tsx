// All findings: filtered, ordered and paged by the server, with everything chosen standing in the address.
import { Button, Checkbox, Select } from '@mantine/core'
import { IconCircleCheck, IconFilterOff, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { FindingStatus, Lifecycle } from '#shared/finding.ts'
import { findings, tools } from '../data/resources.ts'
import { FilterChips } from '../parts/filter-chips.tsx'
import { FindingTable } from '../parts/finding-table.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { StatusIcon } from '../parts/badge.tsx'
import { useWords } from '../parts/words.ts'
import { pageSize, tidy, type FindingSelection } from '../view/selection.ts'
import { statusOrder } from '../view/tone.ts'
import bar from '../parts/filter-bar.module.css'

const route = getRouteApi('/inside/findings')

export function FindingsPage() {
  const words = useWords()
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { findingId } = useParams({ strict: false })
  const { status, tool, lifecycle, q, device, unlisted, sort, after = [] } = selection
  const query = useQuery({
    ...findings({
      status,
      tool,
      lifecycle,
      q,
      device,
      unlisted,
      sort,
      cursor: after.at(-1),
      limit: pageSize,
    }),
    placeholderData: keepPreviousData,
  })
  const known = useQuery(tools())
  useFocusBack(findingId)
  /** A change of the filter begins at the first page. */
  const choose = (change: Partial<FindingSelection>) =>
    void navigate({ to: '/findings', search: tidy({ ...selection, after: undefined, ...change }) })
  const filtered = [status, tool, lifecycle, q, device, unlisted].some((one) => one !== undefined)
  const clear = () => void navigate({ to: '/findings', search: tidy({ sort }) })

  return (
    <>
      <PageHead
        title="Findings"
        about="Evidence of use, by account and device, judged by the rule in force at the time. It says what was seen, not who broke a rule."
      />
      <div className={bar.bar} role="search" aria-label="Filter findings">
        <FilterChips
          label="Status"
          options={statusOrder.map((value) => ({
            value,
            label: words.status[value].label,
            icon: <StatusIcon status={value} size={15} />,
          }))}
          chosen={status ?? []}
          onChoose={(chosen) => choose({ status: FindingStatus.array().parse(chosen) })}
        />
        <div className={bar.fields}>
          <SearchField
            label="Search in tools, rules and shown names"
            value={q ?? ''}
            onSearch={(text) => choose({ q: text })}
          />
          <Select
            aria-label="Tool"
            placeholder="Every tool"
            data={(known.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={tool ?? null}
            onChange={(value) => choose({ tool: value ?? undefined })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the tool' }}
            nothingFoundMessage="No such tool in the catalogue"
          />
          <Select
            aria-label="Handling"
            placeholder="Any handling"
            data={Lifecycle.options.map((value) => ({ value, label: words.lifecycle[value].label }))}
            value={lifecycle?.[0] ?? null}
            onChange={(value) => choose({ lifecycle: value === null ? undefined : [Lifecycle.parse(value)] })}
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the handling' }}
          />
          <Checkbox
            label={words.unlisted.label}
            checked={unlisted === true}
            onChange={(event) => choose({ unlisted: event.currentTarget.checked || undefined })}
          />
          {filtered ? (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconFilterOff size={16} aria-hidden />}
              onClick={clear}
            >
              Show all
            </Button>
          ) : null}
        </div>
      </div>
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <FindingTable
            rows={query.data?.items}
            stale={query.isPlaceholderData}
            sort={sort}
            onSort={(next) => choose({ sort: next })}
            activeRow={findingId}
            empty={
              filtered ? (
                <EmptyNote title="No finding fits this filter" icon={IconSearch}>
                  <Button variant="default" size="xs" onClick={clear}>
                    Show all findings
                  </Button>
                </EmptyNote>
              ) : (
                <EmptyNote title="No finding" icon={IconCircleCheck}>
                  <p>
                    Nothing that the policy names has been seen. How much was looked at is on the overview.
                  </p>
                </EmptyNote>
              )
            }
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) => choose({ after: [...trail] })}
            what="findings"
          />
        </Panel>
      )}
      <Outlet />
    </>
  )
}

/** When the panel of a finding closes, the focus goes back to its row; the panel is gone too soon to do so itself. */
function useFocusBack(findingId: string | undefined): void {
  const last = useRef(findingId)
  useEffect(() => {
    const before = last.current
    last.current = findingId
    if (before === undefined || findingId !== undefined) return
    document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(before)}"]`)?.focus()
  }, [findingId])
}
