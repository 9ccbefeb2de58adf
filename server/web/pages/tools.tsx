// Every tool of the catalogue: what Cutoff can recognise, found in the fleet or not.
import { Select } from '@mantine/core'
import { IconArchive, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ToolRow } from '#shared/api.ts'
import { Category } from '#shared/tool.ts'
import { countryText } from '#shared/words/signal-words.ts'
import { tools } from '../data/resources.ts'
import { Badge } from '../parts/badge.tsx'
import { columnsOf, DataTable } from '../parts/data-table.tsx'
import bar from '../parts/filter-bar.module.css'
import table from '../parts/finding-table.module.css'
import { Inert } from '../parts/inert-text.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { useWords, wordsLanguage } from '../parts/words.ts'
import { tidy, type ToolSelection } from '../view/selection.ts'
import { chosenTools, countriesOf, noCountry } from '../view/tool-choice.ts'

const route = getRouteApi('/inside/tools')
const column = columnsOf<ToolRow>()

const columns = column.columns([
  column.accessor('name', {
    meta: { label: 'Tool', lead: true },
    cell: ({ row }) => <Name tool={row.original} />,
  }),
  column.accessor('category', { meta: { label: 'Kind' }, cell: ({ row }) => <Kind tool={row.original} /> }),
  column.accessor('vendor', {
    meta: { label: 'Vendor' },
    cell: ({ row }) => <Inert text={row.original.vendor} max={40} />,
  }),
  column.accessor('vendorCountry', {
    id: 'country',
    meta: { label: 'Country' },
    cell: ({ row }) => <Country tool={row.original} />,
  }),
  column.accessor('about', {
    enableSorting: false,
    meta: { label: 'About' },
    cell: ({ row }) => (
      <span className="small">
        <Inert text={row.original.about} max={120} />
      </span>
    ),
  }),
])

interface CellProps {
  readonly tool: ToolRow
}

function Name({ tool }: CellProps) {
  return (
    <>
      <Link
        to="/tools/$toolId"
        params={{ toolId: tool.id }}
        search={{}}
        data-row-link={tool.id}
        className={table.link}
      >
        <Inert text={tool.name} max={48} />
      </Link>
      {tool.ended === undefined ? null : (
        <>
          {' '}
          <Badge plain tone="neutral" icon={IconArchive} label={`ended ${tool.ended}`} />
        </>
      )}
    </>
  )
}

function Kind({ tool }: CellProps) {
  return <span className="nowrap">{useWords().category[tool.category]}</span>
}

function Country({ tool }: CellProps) {
  const text = countryText(useWords(), tool.vendorCountry, wordsLanguage)
  return tool.vendorCountry === null ? <span className="dim">{text}</span> : <>{text}</>
}

export function ToolsPage() {
  const words = useWords()
  const selection = route.useSearch()
  const navigate = useNavigate()
  const query = useQuery(tools())
  const all = query.data?.items
  const choose = (change: Partial<ToolSelection>) =>
    void navigate({ to: '/tools', search: tidy({ ...selection, ...change }) })
  const shown = all === undefined ? undefined : chosenTools(all, selection)
  return (
    <>
      <PageHead
        title="Tools"
        about="The catalogue: what can be recognised, by which signs, and what counts as use. That a tool is in it says nothing of whether it is allowed; that is the policy’s matter."
      />
      <div className={bar.bar} role="search" aria-label="Filter tools">
        <div className={bar.fields}>
          <SearchField
            label="Name of a tool or vendor"
            value={selection.q ?? ''}
            onSearch={(text) => choose({ q: text })}
          />
          <Select
            aria-label="Kind"
            placeholder="Every kind"
            data={Category.options.map((value) => ({ value, label: words.category[value] }))}
            value={selection.category ?? null}
            onChange={(value) => choose({ category: value === null ? undefined : Category.parse(value) })}
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the kind' }}
          />
          <Select
            aria-label="Vendor’s country"
            placeholder="Every country"
            data={countriesOf(all ?? []).map((country) => ({
              value: country ?? noCountry,
              label: countryText(words, country, wordsLanguage),
            }))}
            value={selection.country ?? null}
            onChange={(value) => choose({ country: value ?? undefined })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the country' }}
            nothingFoundMessage="No tool of such a vendor"
          />
        </div>
      </div>
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && all === undefined ? null : (
        <Panel flush>
          <DataTable
            caption="Tools"
            columns={columns}
            rows={shown}
            rowId={(tool) => tool.id}
            sort={selection.sort}
            onSort={(sort) => choose({ sort })}
            empty={
              <EmptyNote title="No tool fits this filter" icon={IconSearch}>
                <p>
                  What is in no catalogue is not recognised as a tool; the{' '}
                  <Link to="/inventory">inventory</Link> still lists what is installed, by name.
                </p>
              </EmptyNote>
            }
          />
          {shown === undefined || all === undefined || shown.length === 0 ? null : (
            <p className={`dim small number ${table.count}`} aria-live="polite">
              {shown.length === all.length ? `${all.length} tools` : `${shown.length} of ${all.length} tools`}
            </p>
          )}
        </Panel>
      )}
    </>
  )
}
