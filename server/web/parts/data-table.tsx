// The one table: headless rows from TanStack Table, order and pages decided by the server, cards on narrow screens.
// Rows are opened by the link in them; a click elsewhere on the row and the arrow keys lead to the same link.
import { Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import {
  createColumnHelper,
  metaHelper,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
  type SortingState,
} from '@tanstack/react-table'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { readSort, writeSort } from '../view/sort.ts'
import classes from './data-table.module.css'

export interface ColumnMeta {
  /** What the column is called; also stands before each cell on a narrow screen. */
  readonly label: string
  readonly align?: 'end'
  /** The cell that names the row; it leads the card on a narrow screen. */
  readonly lead?: boolean
}

const features = tableFeatures({ rowSortingFeature, columnMeta: metaHelper<ColumnMeta>() })

/** Columns of a table of `Row`; define them at module scope. */
export function columnsOf<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>()
}
export type Columns<Row extends RowData> = readonly ColumnDef<typeof features, Row>[]

interface DataTableProps<Row extends RowData> {
  /** Says what the table lists, to those who do not see it. */
  readonly caption: string
  readonly columns: Columns<Row>
  /** Absent while loading. */
  readonly rows: readonly Row[] | undefined
  readonly rowId: (row: Row) => string
  /** `since` or `-since`; absent when the order cannot be changed. */
  readonly sort?: string | undefined
  readonly onSort?: ((sort: string | undefined) => void) | undefined
  readonly empty: ReactNode
  /** Rows are old while a new page is on its way. */
  readonly stale?: boolean
  readonly activeRow?: string | undefined
}

const noRows: never[] = []

export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowId, sort, onSort, empty, stale = false, activeRow } = props
  const sorting: SortingState = readSort(sort)
  const table = useTable({
    features,
    columns: columns as ColumnDef<typeof features, Row>[],
    data: rows === undefined ? noRows : (rows as Row[]),
    getRowId: rowId,
    manualSorting: true,
    enableSorting: onSort !== undefined,
    state: { sorting },
    onSortingChange: (change) => onSort?.(writeSort(typeof change === 'function' ? change(sorting) : change)),
  })
  if (rows !== undefined && rows.length === 0) return <>{empty}</>
  return (
    <div className={classes.scroll}>
      <table
        className={classes.table}
        role="table"
        aria-busy={rows === undefined || stale}
        data-stale={stale || undefined}
      >
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row">
              {group.headers.map((header) => {
                const { label, align } = header.column.columnDef.meta ?? { label: '' }
                const sorted = header.column.getIsSorted()
                return (
                  <th
                    key={header.id}
                    scope="col"
                    role="columnheader"
                    data-align={align}
                    aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        className={classes.sort}
                        onClick={header.column.getToggleSortingHandler()}
                      >
                        {label}
                        <SortIcon sorted={sorted} />
                      </button>
                    ) : (
                      label
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup" onKeyDown={moveBetweenRows}>
          {rows === undefined
            ? Array.from({ length: 8 }, (_, index) => <SkeletonRow key={index} cells={columns.length} />)
            : table.getRowModel().rows.map((row) => (
                <tr
                  key={row.id}
                  role="row"
                  onClick={openRow}
                  data-active={row.id === activeRow || undefined}
                  className={classes.row}
                >
                  {row.getAllCells().map((cell) => {
                    const meta = cell.column.columnDef.meta
                    return (
                      <td
                        key={cell.id}
                        role="cell"
                        data-label={meta?.label}
                        data-align={meta?.align}
                        data-lead={meta?.lead}
                      >
                        <table.FlexRender cell={cell} />
                      </td>
                    )
                  })}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  )
}

function SortIcon({ sorted }: { readonly sorted: false | 'asc' | 'desc' }) {
  if (sorted === 'asc') return <IconArrowUp size={14} aria-hidden />
  if (sorted === 'desc') return <IconArrowDown size={14} aria-hidden />
  return <IconArrowsSort size={14} aria-hidden className={classes.unsorted} />
}

function SkeletonRow({ cells }: { readonly cells: number }) {
  return (
    <tr role="row" aria-hidden>
      {Array.from({ length: cells }, (_, index) => (
        <td key={index} role="cell">
          <Skeleton height={12} width={`${[70, 45, 60, 35, 55, 40][index % 6] ?? 50}%`} radius="sm" />
        </td>
      ))}
    </tr>
  )
}

function rowLinks(body: Element): readonly HTMLElement[] {
  return Array.from(body.querySelectorAll<HTMLElement>('[data-row-link]'))
}

function openRow(event: MouseEvent<HTMLTableRowElement>): void {
  const target = event.target as Element // a click event's target is an element
  if (target.closest('a, button, input, label, [role="dialog"]') !== null) return
  // Selecting text in a row is not opening it.
  if ((window.getSelection()?.toString() ?? '') !== '') return
  const link = event.currentTarget.querySelector<HTMLElement>('[data-row-link]')
  link?.focus()
  link?.click()
}

function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const target = event.target as Element // a key event's target is an element
  if (!target.hasAttribute('data-row-link')) return
  const links = rowLinks(event.currentTarget)
  const here = links.indexOf(target as HTMLElement)
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  links[Math.max(0, Math.min(links.length - 1, to))]?.focus()
}
