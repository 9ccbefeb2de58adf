// The server's verdict on a device as it is told to it, and how a list is read of which a newer server may say more.
import { z } from 'zod'
import { FindingStatus, Lifecycle, ReasonCode } from './finding.ts'
import { ToolId } from './tool.ts'

/** A list without what this version cannot read of it: a word that a newer server has must not cost the receipt beside it. */
export function readable<T extends z.ZodType>(item: T) {
  return z
    .array(item.nullable().catch(null))
    .transform((list) => list.filter((one): one is NonNullable<typeof one> => one !== null))
}

/** The server's verdicts on this device, for `status` and `explain`. */
export const DeviceVerdict = z.object({
  tool: ToolId,
  account: z.string().min(1).max(256).nullable(),
  status: FindingStatus,
  row: z.int().nullable(),
  reasons: readable(ReasonCode),
  rule: z.string().nullable(),
  /** Whether people have dealt with it: what was dismissed is held against nobody. */
  lifecycle: Lifecycle.optional().catch(undefined),
})
export type DeviceVerdict = z.infer<typeof DeviceVerdict>
