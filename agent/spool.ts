// Keeps what waits to be sent within its share of the disk: when something is given up, and how much. What is given up at each level
// is compaction.ts's to say; nothing is given up while there is room.
import type { DevicePolicy } from '#shared/protocol.ts'
import { compactionLevels, planCompaction, type CompactionContext } from './compaction.ts'
import { onServer, sideOf } from './report/windows.ts'
import type { State } from './state.ts'
import { sha256 } from './state/keys.ts'

export interface SpoolParts {
  readonly state: State
  /** Of the database with its log, on the disk. */
  readonly capBytes: number
  readonly policy: () => DevicePolicy | null
  readonly now: () => number
  readonly log: (line: string) => void
}

export interface Spool {
  /** Makes room if there is none, and gives back what is not needed any more. Cheap while there is nothing to do. */
  readonly keep: () => void
  /** Forgets what was told and sent long ago. Goes through all marks. */
  readonly prune: () => void
}

/**
 * How the cap is shared out. Records that wait: a quarter, since a compaction writes a little more than as much again into the log.
 * Marks, of about 900 bytes: a quarter too. What was sent: a sixteenth. The rest is for what was told, and to spare.
 */
export function sharesOf(capBytes: number) {
  return { recordBytes: capBytes / 4, marks: Math.floor(capBytes / 4 / 1024), sentBytes: capBytes / 16 }
}

/** Compacted to this part of the share, so that it does not have to be done again at once. */
const target = 3 / 4
/** What could not be made small enough is tried again when it has grown by this part of the share. */
const growth = 1 / 8
/** Given back at a time; twice as much has to be free, since a little would be used again soon. */
const givenBack = 2 * 2 ** 20
const dayMs = 86_400_000

export function createSpool({ state, capBytes, policy, now, log }: SpoolParts): Spool {
  const shares = sharesOf(capBytes)
  const share = shares.recordBytes
  let triedAt = 0

  function compact(): void {
    const { outbox } = state
    const before = outbox.bytes()
    if (before <= share) triedAt = 0
    if (before <= Math.max(share, triedAt)) return
    const rules = policy()
    const measures = state.read('clocks') ?? []
    const context: CompactionContext = {
      sideOf: ({ tool, at, boot, resolutionMs }) =>
        sideOf(rules, tool, onServer(at, boot, resolutionMs, measures)),
      digest: (text) => sha256(text).slice(0, 22),
    }
    const dayOf = (at: number): number => Math.floor(at / dayMs) * dayMs
    const days = { since: dayOf(state.read('sync')?.lastAt ?? now()), until: dayOf(now()) }
    for (const level of compactionLevels) {
      const plan = planCompaction(outbox.behind(), level, context)
      if (plan.bytes > share * target && level !== compactionLevels.at(-1)) continue
      state.emptyLog()
      state.transact(() => outbox.compact(plan, days))
      if (plan.drop.size > 0)
        log(
          `spool full: ${plan.drop.size} records given up (${level}), ${before} bytes are now ${plan.bytes}`,
        )
      state.emptyLog()
      break
    }
    triedAt = outbox.bytes() + share * growth
  }

  return {
    keep() {
      compact()
      // While records wait, what is free will be needed.
      if (state.outbox.bytes() < share * growth && state.freeBytes() > 2 * givenBack) state.shorten(givenBack)
    },
    prune() {
      state.marks.prune(shares.marks)
      state.outbox.pruneSent(shares.sentBytes)
    },
  }
}
