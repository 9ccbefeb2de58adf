// What of a whole machine could not be seen, where a system tells it through programs of its own.
import type { Gap } from '#shared/observation.ts'

export type MachineGap = (collector: string, reason: Gap['reason'], path: string, detail: string) => Gap

/** @param now the device's clock */
export function machineGaps(now: () => number): MachineGap {
  return (collector, reason, path, detail) => ({ collector, account: null, path, reason, detail, at: now() })
}
