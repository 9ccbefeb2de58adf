// Which tools of the catalogue a list shows, and in which order. The catalogue is small: it comes whole and is filtered here. Pure.
import type { ToolRow } from '#shared/api.ts'
import type { ToolSelection } from './selection.ts'
import { readSort } from './sort.ts'

/** In an address, for tools whose vendor's country is not known. */
export const noCountry = 'none'

export function chosenTools(tools: readonly ToolRow[], selection: ToolSelection): readonly ToolRow[] {
  const text = selection.q?.trim().toLowerCase() ?? ''
  const { category, country } = selection
  return sorted(
    tools
      .filter((tool) => category === undefined || tool.category === category)
      .filter((tool) => country === undefined || (tool.vendorCountry ?? noCountry) === country)
      .filter(
        (tool) =>
          text === '' || [tool.id, tool.name, tool.vendor].some((one) => one.toLowerCase().includes(text)),
      ),
    selection.sort,
  )
}

/** ISO 3166-1’s own word for an unknown one, which sorts last. */
const lastCountry = 'ZZ'

const keys = {
  name: (tool: ToolRow) => tool.name,
  vendor: (tool: ToolRow) => tool.vendor,
  category: (tool: ToolRow) => tool.category,
  country: (tool: ToolRow) => tool.vendorCountry ?? lastCountry,
} as const

/** By name where nothing else is asked for or known. */
function sorted(tools: readonly ToolRow[], sort: string | undefined): readonly ToolRow[] {
  const { id, desc } = readSort(sort)[0] ?? { id: 'name', desc: false }
  const keyOf = Object.hasOwn(keys, id) ? keys[id as keyof typeof keys] : keys.name
  const sign = desc ? -1 : 1
  return tools.toSorted(
    (a, b) => sign * compare(keyOf(a), keyOf(b)) || compare(a.name, b.name) || compare(a.id, b.id),
  )
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { sensitivity: 'base' })
}

/** The countries that there are tools of, those not known last. */
export function countriesOf(tools: readonly ToolRow[]): readonly (string | null)[] {
  const known = [...new Set(tools.map((tool) => tool.vendorCountry))]
  return known.toSorted((a, b) => compare(a ?? lastCountry, b ?? lastCountry))
}
