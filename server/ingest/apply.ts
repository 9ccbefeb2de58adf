// Applies the records of one report, in their order, to what is known of its device, and says what has to be judged again.
// One function a kind of record; a kind that is added to the protocol is asked for here by the compiler.
import type { WireRecord } from '#shared/protocol.ts'
import type { Applying } from './applying.ts'
import { applyAccount, applyHost } from './records/device.ts'
import { applyCoverage, applyGap, applyScan } from './records/looks.ts'
import { applyAgent } from './records/agent.ts'
import { applyDetection, applyInventory, applyMark } from './records/tools.ts'

export async function applyRecord(applying: Applying, record: WireRecord): Promise<void> {
  switch (record.type) {
    case 'host':
      return applyHost(applying, record)
    case 'account':
      return applyAccount(applying, record)
    case 'detection':
      return applyDetection(applying, record)
    case 'mark':
      return applyMark(applying, record)
    case 'inventory':
      return applyInventory(applying, record)
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
