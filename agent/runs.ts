// Follows what runs from look to look, to tell a tool that keeps session records and kept none while it ran. Pure.
import type { Detected } from '#shared/match.ts'

/** A tool that has been seen running at each look since. */
export interface Run {
  readonly tool: string
  readonly account: string | null
  /** The first look at which it ran. */
  readonly seenSince: number
  /** When the oldest of its processes was started; null when the system did not say. */
  readonly startedAt: number | null
}

export type Runs = ReadonlyMap<string, Run>

/** Longer than this without a record says something (row 2 of shared/README.md). */
export const recordlessAfterMs = 10 * 60_000

export function runKey(tool: string, account: string | null): string {
  return `${tool}\0${account ?? ''}`
}

/** The runs after one more look. A gap of more than a few looks begins a new run. */
export function followRuns(before: Runs, detected: readonly Detected[], now: number): Runs {
  const runs = new Map<string, Run>()
  for (const { tool, account, matches } of detected) {
    const started = matches.flatMap(({ observation: o }) => (o.kind === 'process' ? [o.startedAt] : []))
    if (started.length === 0) continue
    const key = runKey(tool, account)
    const times = started.filter((at) => at !== null)
    runs.set(key, {
      tool,
      account,
      seenSince: before.get(key)?.seenSince ?? now,
      startedAt: times.length === 0 ? null : Math.min(...times),
    })
  }
  return runs
}

/**
 * Whether a run has lasted long enough without a record.
 * @param recordedAt when a session record of the tool and account was last written; null when never
 */
export function isRecordless(run: Run, recordedAt: number | null, now: number): boolean {
  if (now - run.seenSince <= recordlessAfterMs) return false
  const since = run.startedAt === null ? run.seenSince : Math.min(run.startedAt, run.seenSince)
  return recordedAt === null || recordedAt < since
}
