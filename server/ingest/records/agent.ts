// Records about the agent itself. They become events; nothing is judged by them. It starts and stops with the machine, and that
// with whoever works at it: only the day is kept.
import { Leaving } from '#shared/agent-event.ts'
import type { AgentRecord, WireRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { addEvent } from '../../store/events.ts'
import type { LeftColumns } from '../../habit.ts'
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

/** Why the agent ended, where that is the last that a report tells of it; nothing, once anything comes after. */
export function leftBy(records: readonly WireRecord[], toServer: Applying['toServer']): LeftColumns {
  const last = records.findLast((record) => record.type === 'agent')
  const why = Leaving.safeParse(last?.event)
  return last !== undefined && why.success
    ? { left_why: why.data, left_on: dayTold(last, toServer) }
    : { left_why: null, left_on: null }
}

/** Told as a day, so that its middle is converted: its first moment would often become the day before. */
function dayTold({ at }: { readonly at: number }, toServer: Applying['toServer']): number {
  return dayOf(toServer(dayOf(at) + dayMs / 2))
}
