// Everything that could not be seen, across the fleet. An absence is worth only as much as the look behind it.
import { Switch } from '@mantine/core'
import { IconEyeCheck, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { GapReason } from '#shared/observation.ts'
import { gaps, overview } from '../data/resources.ts'
import bar from '../parts/filter-bar.module.css'
import { FilterChips } from '../parts/filter-chips.tsx'
import { GapTable } from '../parts/gap-table.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { useWords } from '../parts/words.ts'
import { pageSize, tidy, type GapSelection } from '../view/selection.ts'

const route = getRouteApi('/inside/gaps')

export function GapsPage() {
  const words = useWords()
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { reason, past = false, after = [] } = selection
  const query = useQuery({
    ...gaps({ reason, past: past ? true : undefined, cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const counts = useQuery(overview())
  const choose = (change: Partial<GapSelection>) =>
    void navigate({ to: '/gaps', search: tidy({ ...selection, after: undefined, ...change }) })
  const present = new Map(counts.data?.gaps.map((gap) => [gap.reason, gap.count]))
  const shown = GapReason.options.filter((one) => present.has(one) || reason?.includes(one))
  return (
    <>
      <PageHead
        title="Gaps"
        about="Places that an agent wanted to look at and could not. Where there is a gap, the absence of a finding says little."
      />
      <div className={bar.bar} role="search" aria-label="Filter gaps">
        {shown.length === 0 ? null : (
          <FilterChips
            label="Reason"
            options={shown.map((value) => ({
              value,
              label: `${words.gap[value].label} ${present.get(value) ?? ''}`.trim(),
            }))}
            chosen={reason ?? []}
            onChoose={(chosen) => choose({ reason: [...chosen] })}
          />
        )}
        <Switch
          label="Also gaps that are closed"
          checked={past}
          onChange={(event) => choose({ past: event.currentTarget.checked })}
        />
      </div>
      {reason?.length === 1 && reason[0] !== undefined ? (
        <p className="dim">{words.gap[reason[0]].about}</p>
      ) : null}
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <GapTable
            fleet
            rows={query.data?.items}
            stale={query.isPlaceholderData}
            empty={
              reason === undefined ? (
                <EmptyNote title="No open gap" icon={IconEyeCheck}>
                  <p>Every place that was wanted could be looked at.</p>
                </EmptyNote>
              ) : (
                <EmptyNote title="No gap for that reason" icon={IconSearch} />
              )
            }
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) => choose({ after: [...trail] })}
            what="gaps"
          />
        </Panel>
      )}
    </>
  )
}
