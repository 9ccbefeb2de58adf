// Applies the records of one report, in their order, to what is known of its device, and says what has to be judged again.
// One function a kind of record; a kind that is added to the protocol is asked for here by the compiler.
import type { WireRecord } from '#shared/protocol.ts'
import type { Applying } from './applying.ts'
import { applyAccount, applyHost } from './records/device.ts'
import { applyCoverage, applyGap, applyScan } from './records/looks.ts'
import { applyAgent } from './records/agent.ts'
import { applyDetection, applyInventory, applyMark } from './records/tools.ts'
import { applyUnlisted } from './records/unlisted.ts'
import { tellShared, type SharedSessions } from './shared-sessions.ts'

/** Applies a report's records. Inventory goes last and together: nothing else depends on it. */
export async function applyRecords(applying: Applying, records: readonly WireRecord[]): Promise<void> {
  const shared: SharedSessions = new Map()
  for (const record of records) await applyRecord(applying, shared, record)
  await tellShared(applying, shared)
  await applyInventory(
    applying,
    records.filter((record) => record.type === 'inventory'),
  )
}

async function applyRecord(applying: Applying, shared: SharedSessions, record: WireRecord): Promise<void> {
  switch (record.type) {
    case 'host':
      return applyHost(applying, record)
    case 'account':
      return applyAccount(applying, record)
    case 'detection':
      return applyDetection(applying, record)
    case 'mark':
      return applyMark(applying, shared, record)
    case 'inventory':
      return // with all of its kind, above
    case 'unlisted':
      return applyUnlisted(applying, record)
    case 'gap':
      return applyGap(applying, record)
    case 'coverage':
      return applyCoverage(applying, record)
    case 'scan':
      return applyScan(applying, record)
    case 'agent':
      return applyAgent(applying, record)
  }
}
