// Records about the agent itself. They become events; nothing is judged by them. It starts and stops with the machine, and that
// with whoever works at it: only the day is kept.
import type { AgentRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { addEvent } from '../../store/events.ts'
import type { Applying } from '../applying.ts'
import { dayMs, dayOf } from '../device-time.ts'

export async function applyAgent(
  { db, device, now, toServer }: Applying,
  record: z.infer<typeof AgentRecord>,
): Promise<void> {
  const at = dayOf(now)
  // Told as a day, so that its middle is converted: its first moment would often become the day before.
  const on = dayOf(toServer(dayOf(record.at) + dayMs / 2))
  const values = { detail: record.detail, on: on === at ? null : new Date(on).toISOString().slice(0, 10) }
  await addEvent(db, { device: device.id, at, type: 'agent', code: `agent-${record.event}`, values })
}
