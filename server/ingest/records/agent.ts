// Records about the agent itself. They become events; nothing is judged by them. It starts and stops with the machine, and that
// with whoever works at it: only the day is kept.
import type { AgentRecord, WireRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { addEvent } from '../../store/events.ts'
import type { Applying } from '../applying.ts'
import { dayMs, dayOf } from '../device-time.ts'

export async function applyAgent(
  { db, device, now, toServer }: Applying,
  record: z.infer<typeof AgentRecord>,
): Promise<void> {
  const at = dayOf(now)
  const on = dayTold(record, toServer)
  const values = { detail: record.detail, on: on === at ? null : new Date(on).toISOString().slice(0, 10) }
  await addEvent(db, { device: device.id, at, type: 'agent', code: `agent-${record.event}`, values })
}

/** The last day, by the server's clock, on which a report says that the agent was stopped in order; null when it says nothing. */
export function stoppedOn(records: readonly WireRecord[], toServer: Applying['toServer']): number | null {
  const days = records.flatMap((record) =>
    record.type === 'agent' && record.event === 'stopping' ? [dayTold(record, toServer)] : [],
  )
  return days.length === 0 ? null : Math.max(...days)
}

/** Told as a day, so that its middle is converted: its first moment would often become the day before. */
function dayTold({ at }: { readonly at: number }, toServer: Applying['toServer']): number {
  return dayOf(toServer(dayOf(at) + dayMs / 2))
}
