// What a list shows, as it stands in the address: filters, order, and the trail of pages. Anything unknown in an address is dropped.
import { z } from 'zod'
import { ContactState } from '#shared/contact.ts'
import { FindingStatus, Lifecycle } from '#shared/finding.ts'
import { GapReason } from '#shared/observation.ts'
import { Category } from '#shared/tool.ts'

export const pageSize = 50

/** One value or several; unknown ones are dropped, and so is an empty list. */
function listOf<T extends z.ZodType>(item: T) {
  return z
    .unknown()
    .transform((value): z.infer<T>[] | undefined => {
      const values = Array.isArray(value) ? (value as unknown[]) : [value]
      const known = values.flatMap((one) => {
        const checked = item.safeParse(one)
        return checked.success ? [checked.data] : []
      })
      return known.length === 0 ? undefined : known
    })
    .optional()
}

const text = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined)
const order = z.string().optional().catch(undefined)
/** Cursors of the pages gone through; the last one is of the page on show. */
const trail = listOf(z.string())

export const FindingSelection = z.object({
  status: listOf(FindingStatus),
  tool: text,
  lifecycle: listOf(Lifecycle),
  q: text,
  device: text,
  /** Only what is in no catalogue, or only what is. */
  unlisted: z.boolean().optional().catch(undefined),
  sort: order,
  after: trail,
})
export type FindingSelection = z.infer<typeof FindingSelection>

export const ListSelection = z.object({ q: text, sort: order, after: trail })
export type ListSelection = z.infer<typeof ListSelection>

export const DevicesSelection = ListSelection.extend({ contact: listOf(ContactState) })
export type DevicesSelection = z.infer<typeof DevicesSelection>

export const InventorySelection = ListSelection.extend({
  item: z.enum(['command', 'package', 'app', 'extension', 'config']).optional().catch(undefined),
  gone: z.boolean().optional().catch(undefined),
})
export type InventorySelection = z.infer<typeof InventorySelection>

export const DeviceSelection = z.object({
  tab: z.enum(['detections', 'inventory', 'coverage', 'timeline']).optional().catch(undefined),
  q: text,
  after: trail,
})
export type DeviceSelection = z.infer<typeof DeviceSelection>

export const GapSelection = ListSelection.extend({
  reason: listOf(GapReason),
  past: z.boolean().optional().catch(undefined),
})
export type GapSelection = z.infer<typeof GapSelection>

export const ToolSelection = z.object({
  q: text,
  category: Category.optional().catch(undefined),
  country: text,
  sort: order,
})
export type ToolSelection = z.infer<typeof ToolSelection>

/** Of the devices that have the tool. */
export const ToolPageSelection = z.object({ after: trail })
export type ToolPageSelection = z.infer<typeof ToolPageSelection>

/** Leaves out what says nothing, so that addresses stay short. */
export function tidy<T extends Record<string, unknown>>(selection: T): Partial<T> {
  const kept = Object.entries(selection).filter(
    ([, value]) =>
      value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(kept) as Partial<T>
}
