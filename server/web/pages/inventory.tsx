// Who has X: what is installed across the fleet.
import { Select, Switch } from '@mantine/core'
import { IconListSearch, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { InventoryRow } from '#shared/api.ts'
import { inventory } from '../data/resources.ts'
import bar from '../parts/filter-bar.module.css'
import { InventoryTable } from '../parts/inventory-table.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { useWords } from '../parts/words.ts'
import { pageSize, tidy, type InventorySelection } from '../view/selection.ts'

const route = getRouteApi('/inside/inventory')
const kinds = InventoryRow.shape.item

export function InventoryPage() {
  const words = useWords()
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { q, item, gone = false, after = [] } = selection
  const query = useQuery({
    ...inventory({ q, item, gone: gone ? true : undefined, cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const choose = (change: Partial<InventorySelection>) =>
    void navigate({ to: '/inventory', search: tidy({ ...selection, after: undefined, ...change }) })
  return (
    <>
      <PageHead
        title="Inventory"
        about="Who has it: commands, packages, apps, extensions and settings files across the fleet, by name and version. A tool that is banned tomorrow is already here today."
      />
      <div className={bar.bar} role="search" aria-label="Search the inventory">
        <div className={bar.fields}>
          <SearchField
            label="Name of a package, command, app or extension"
            value={q ?? ''}
            onSearch={(text) => choose({ q: text })}
          />
          <Select
            aria-label="Kind"
            placeholder="Every kind"
            data={kinds.options.map((value) => ({ value, label: words.observation[value].label }))}
            value={item ?? null}
            onChange={(value) => choose({ item: value === null ? undefined : kinds.parse(value) })}
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the kind' }}
          />
          <Switch
            label="Also what is gone"
            checked={gone}
            onChange={(event) => choose({ gone: event.currentTarget.checked })}
          />
        </div>
      </div>
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <InventoryTable
            fleet
            rows={query.data?.items}
            stale={query.isPlaceholderData}
            empty={
              q === undefined ? (
                <EmptyNote title="No inventory yet" icon={IconListSearch}>
                  <p>
                    Devices report it with their first scan, unless the policy says `collect.inventory:
                    catalogue-only`.
                  </p>
                </EmptyNote>
              ) : (
                <EmptyNote title="No device reports that" icon={IconSearch}>
                  <p>It may still be where no agent could look. The gaps say where that is.</p>
                </EmptyNote>
              )
            }
          />
          <Pager
            page={query.data}
            after={after}
            onMove={(trail) => choose({ after: [...trail] })}
            what="items"
          />
        </Panel>
      )}
    </>
  )
}
