// When something may leave the device: the policy's windows, the device's clock set against the server's, and the uncertainty.
// Pure arithmetic on instants.
import type { MarkKind } from '#shared/detection.ts'
import type { DevicePolicy, Window } from '#shared/protocol.ts'

/** The device's clock as measured against the server's in one start of the machine. */
export interface ClockMeasure {
  readonly boot: string
  /** Server clock minus device clock. */
  readonly offsetMs: number
  readonly errorMs: number
}

/** An instant in the server's clock, and by how much it may be wrong either way. */
export interface ServerTime {
  readonly at: number
  readonly uncertaintyMs: number
}

/** Until the clock was measured in the same start of the machine, a day. */
export const unmeasuredMs = 86_400_000

/** Converts once, with the offset measured in the boot that the time belongs to. */
export function onServer(
  at: number,
  boot: string | null,
  resolutionMs: number,
  measures: readonly ClockMeasure[],
): ServerTime {
  const measured = boot === null ? undefined : measures.findLast((m) => m.boot === boot)
  if (measured === undefined) return { at, uncertaintyMs: Math.max(unmeasuredMs, resolutionMs) }
  return {
    at: Math.round(at + measured.offsetMs),
    uncertaintyMs: Math.ceil(measured.errorMs) + resolutionMs,
  }
}

export function windowsFor(policy: DevicePolicy | null, tool: string): readonly Window[] {
  return policy?.windows[tool] ?? []
}

/**
 * Whether a mark may leave: some window counts its kind (or it is a run without record, which speaks in any) and the
 * instant may lie in it. One that surely lies before a window, or after it, never does.
 */
export function mayLeave(
  windows: readonly Window[],
  mark: { readonly kind: MarkKind; readonly withoutRecord: boolean },
  time: ServerTime,
): boolean {
  const earliest = time.at - time.uncertaintyMs
  const latest = time.at + time.uncertaintyMs
  return windows.some((window) => {
    if (!window.kinds.includes(mark.kind) && !mark.withoutRecord) return false
    return latest >= window.from && (window.until === null || earliest < window.until)
  })
}

/** Whether a window is surely open: `time` is now. */
export function isOpen(windows: readonly Window[], time: ServerTime): boolean {
  const earliest = time.at - time.uncertaintyMs
  const latest = time.at + time.uncertaintyMs
  return windows.some((w) => earliest >= w.from && (w.until === null || latest < w.until))
}

/**
 * On which side of every date that a policy has for a tool an instant lies, as text. One whose uncertainty crosses a date lies on
 * neither side of it. Instants of one side lie between the same dates.
 */
export function sideOf(policy: DevicePolicy | null, tool: string, time: ServerTime): string {
  const windows = windowsFor(policy, tool)
  const rules = (policy?.rules ?? []).filter(({ tools }) => tools.includes(tool))
  const dates = [
    ...windows.flatMap(({ from, until }) => [from, until]),
    ...rules.flatMap(({ from, until, announced }) => [from, until, announced]),
  ]
  const passedAt = (at: number): number => dates.filter((date) => date !== null && date <= at).length
  return `${passedAt(time.at - time.uncertaintyMs)} ${passedAt(time.at + time.uncertaintyMs)}`
}

/** The rule's date: the first instant of the earliest window; null when no rule bans the tool. */
export function cutoffOf(windows: readonly Window[]): number | null {
  return windows.length === 0 ? null : Math.min(...windows.map((w) => w.from))
}
