// Clocks of the machine that nobody sets. With the device clock they tell a machine that slept from a clock that was set.
import os from 'node:os'

export interface Clocks {
  /** Milliseconds since the machine was started, the time that it slept included (Linux: CLOCK_BOOTTIME, from /proc/uptime). */
  readonly sinceBootMs: () => number
  /** Milliseconds since some moment. Stands still while the machine sleeps (Linux: CLOCK_MONOTONIC; elsewhere it may go on). */
  readonly awakeMs: () => number
}

export const machineClocks: Clocks = {
  sinceBootMs: () => os.uptime() * 1000,
  awakeMs: () => performance.now(),
}
