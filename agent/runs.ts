// Follows what runs from look to look, to tell a tool that keeps session records and kept none while it ran. Pure.
import { runsOf, type Detected } from '#shared/detect.ts'

/** A tool that has been seen running at each look since. */
export interface Run {
  readonly tool: string
  readonly account: string | null
  /** The first look at which it ran. */
  readonly seenSince: number
  /** The same on the clock that stands still while the machine sleeps: a tool that sleeps with it runs no longer. */
  readonly seenAwakeMs: number
  /** Session records of this run are none older; null when that cannot be told. */
  readonly recordsFrom: number | null
}

/** A look at what runs. */
export interface RunLook {
  /** Device clock. */
  readonly at: number
  /** Stands still while the machine sleeps. */
  readonly awakeMs: number
  /** The look before, by the same setting of the clock; null when there was none. */
  readonly lastAt: number | null
  /** Whether the system tells by the present setting of the clock when processes were started. */
  readonly startsFit: boolean
}

export type Runs = ReadonlyMap<string, Run>

/** Longer than this without a record says something (row 2 of shared/README.md). */
export const recordlessAfterMs = 10 * 60_000

export function runKey(tool: string, account: string | null): string {
  return `${tool}\0${account ?? ''}`
}

/** The runs after one more look. */
export function followRuns(before: Runs, detected: readonly Detected[], look: RunLook): Runs {
  const runs = new Map<string, Run>()
  for (const { tool, account, matches, present } of detected) {
    const started = runsOf(matches, present).flatMap(({ observation: o }) =>
      o.kind === 'process' ? [o.startedAt] : [],
    )
    if (started.length === 0) continue
    const key = runKey(tool, account)
    const times = started.filter((at) => at !== null)
    const { seenSince, seenAwakeMs, recordsFrom } = before.get(key) ?? {
      seenSince: look.at,
      seenAwakeMs: look.awakeMs,
      recordsFrom: look.lastAt,
    }
    runs.set(key, {
      tool,
      account,
      seenSince,
      seenAwakeMs,
      recordsFrom: look.startsFit ? Math.min(seenSince, ...times) : recordsFrom,
    })
  }
  return runs
}

/**
 * Whether a run has lasted long enough without a record.
 * @param recordedAt when a session record of the tool and account was last written; null when never
 */
export function isRecordless(run: Run, recordedAt: number | null, look: RunLook): boolean {
  if (look.awakeMs - run.seenAwakeMs <= recordlessAfterMs) return false
  if (run.recordsFrom === null) return false
  return recordedAt === null || recordedAt < run.recordsFrom
}
