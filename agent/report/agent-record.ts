// What happened to the agent itself, as it is told: on which day, never when on it. The agent starts and stops with the machine,
// and the machine with whoever works at it. Pure.
import type { WireRecord } from '#shared/protocol.ts'

export type AgentRecord = Extract<WireRecord, { type: 'agent' }>

const dayMs = 86_400_000

/** @param now device clock; told as the beginning of its day (UTC) */
export function agentRecord(event: AgentRecord['event'], detail: string | null, now: number): AgentRecord {
  return {
    type: 'agent',
    event,
    detail: detail === null ? null : detail.slice(0, 300),
    at: Math.floor(now / dayMs) * dayMs,
  }
}
