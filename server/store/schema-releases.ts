// The tables of signed policies on their way to the devices, as types; see schema.ts for what holds of all of them.
import type { Generated } from 'kysely'
import type { HaltReason } from '#shared/rollout.ts'

/** Two rows at most: the last one that went to all, and the newest. */
export interface ReleaseTable {
  id: Generated<number>
  /** Of shared/device-policy.ts. */
  name: string
  version: number
  text: string
  signature: string
  /** Public half of the key that signed it. */
  key: string
  expires_at: number
  made_at: number
  /** `complete`: gone to all, and watched long enough. */
  state: 'staged' | 'halted' | 'complete'
  /** JSON: sizes of the stages before all. */
  stages: string
  stage: number
  stage_at: number
  /** Which part of all devices is drawn, 0 to 1. */
  reach: number
  halted_at: number | null
  halted_why: HaltReason | null
  /** Trouble before then counts no more: an administrator said so. */
  resumed_at: number
}

/** A device that has fetched the newest release, until that is complete: no series of times is kept of anybody. */
export interface ReleaseDeviceTable {
  release: string
  device: string
  fetched_at: number
  /** When it first reported that it acts on it. */
  heard_at: number | null
  refused_at: number | null
  failed_at: number | null
}
