// Records about the agent itself. They become events; nothing is judged by them.
import type { AgentRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { addEvent } from '../../store/events.ts'
import type { Applying } from '../applying.ts'

export async function applyAgent(
  { db, device, now, toServer }: Applying,
  record: z.infer<typeof AgentRecord>,
): Promise<void> {
  const values = { detail: record.detail, told: toServer(record.at) }
  await addEvent(db, { device: device.id, at: now, type: 'agent', code: `agent-${record.event}`, values })
}
