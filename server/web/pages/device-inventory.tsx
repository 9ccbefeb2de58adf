// What is installed on one device, searchable.
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { inventory } from '../data/resources.ts'
import bar from '../parts/filter-bar.module.css'
import { InventoryTable } from '../parts/inventory-table.tsx'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { pageSize, tidy, type DeviceSelection } from '../view/selection.ts'

const route = getRouteApi('/inside/devices/$deviceId')

export function DeviceInventory({ device }: { readonly device: string }) {
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { q, after = [] } = selection
  const query = useQuery({
    ...inventory({ device, q, cursor: after.at(-1), limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const choose = (change: Partial<DeviceSelection>) =>
    void navigate({
      to: '/devices/$deviceId',
      params: { deviceId: device },
      search: tidy({ ...selection, after: undefined, ...change }),
      resetScroll: false,
    })
  return (
    <>
      <div className={bar.bar} role="search" aria-label="Search the inventory">
        <div className={bar.fields}>
          <SearchField label="Search by name" value={q ?? ''} onSearch={(text) => choose({ q: text })} />
        </div>
      </div>
      {query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.error !== null && query.data === undefined ? null : (
        <Panel flush>
          <InventoryTable
            rows={query.data?.items}
            stale={query.isPlaceholderData}
            empty={
              q === undefined ? (
                <EmptyNote title="No inventory from this device">
                  <p>
                    It comes with the first scan, unless the policy says `collect.inventory: catalogue-only`.
                  </p>
                </EmptyNote>
              ) : (
                <EmptyNote title="Nothing of that name on this device" icon={IconSearch} />
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
