// The device's clock as the agent follows it, kept in the state from run to run. What follows from its being set is the
// recorder's to write down.
import {
  bootAt,
  followClock,
  type Boot,
  type ClockReading,
  type ClockState,
  type PastSegment,
} from './clock-segments.ts'
import type { Host } from './platform/host.ts'
import type { State } from './state.ts'

export interface DeviceClock {
  /** The present start of the machine and setting of its clock. */
  readonly read: () => Boot
  /** How often it was seen to be set since this process began. */
  readonly timesSet: () => number
  /** Writes down how it stands, these segments as dealt with; call inside a transaction. */
  readonly save: (dealtWith?: readonly Dealt[]) => void
  /** What `save` wrote is on the disk. */
  readonly saved: (dealtWith: readonly Dealt[]) => void
}

/** What has been done about a segment that is over. */
export type Dealt = Pick<PastSegment, 'id' | 'noted' | 'doubted'>

/** Longer between two readings of one clock, and this process was held up: the reading between them says little. */
const heldUpMs = 500

export function followedClock(state: State, host: Host): DeviceClock {
  const { boot } = host.facts()
  const isTold = (id: string): boolean => state.read('toldClock') === id
  const follow = (before: ClockState | null) => followClock(before, readingOf(host, boot), isTold)
  let clock = follow(state.read('clock'))
  let timesSet = 0

  const withDealt = (dealtWith: readonly Dealt[]): ClockState => {
    const dealt = new Map(dealtWith.map((segment) => [segment.id, segment]))
    return { ...clock, past: clock.past.map((segment) => ({ ...segment, ...dealt.get(segment.id) })) }
  }

  return {
    read() {
      const { number } = clock
      clock = follow(clock)
      timesSet += clock.number - number
      return bootAt(clock)
    },
    timesSet: () => timesSet,
    save: (dealtWith = []) => state.write('clock', withDealt(dealtWith)),
    saved(dealtWith) {
      clock = withDealt(dealtWith)
    },
  }
}

export function readingOf(host: Host, boot: string): ClockReading {
  for (let tries = 1; ; tries++) {
    const before = host.sinceBootMs()
    const at = host.now()
    const after = host.sinceBootMs()
    if (after - before < heldUpMs || tries === 3) return { boot, at, sinceBootMs: (before + after) / 2 }
  }
}
