// What a report says of its device's clock: the offset that was measured, and whether it is far off.
import type { EnvelopeHeader } from '#shared/protocol.ts'
import { clockOf } from '../judging/detections.ts'
import { addEvent } from '../store/events.ts'
import { clocksOf, saveClock } from '../store/facts.ts'
import type { Device } from '../store/devices.ts'
import type { Queries } from '../store/store.ts'
import { mergeClock } from './device-time.ts'

/** A clock this far off is worth an event; nothing is refused for it. */
export const clockSkewMs = 5 * 60_000

/** Keeps a measurement; true when more is known by it. */
export async function learnClock(
  db: Queries,
  device: string,
  measured: NonNullable<EnvelopeHeader['clock']>,
): Promise<boolean> {
  const known = (await clocksOf(db, device)).map(clockOf).find((clock) => clock.boot === measured.boot)
  const merged = mergeClock(known, { ...measured, stepped: false })
  if (merged === known) return false
  await saveClock(db, {
    device,
    boot: merged.boot,
    offset_ms: merged.offsetMs,
    error_ms: merged.errorMs,
    stepped: Number(merged.stepped),
  })
  return true
}

/** Tells when the clock went far off, or came right again. @param created seconds by the device's clock; answers the column */
export async function noteSkew(
  db: Queries,
  device: Pick<Device, 'id' | 'clock_off'>,
  created: number,
  now: number,
): Promise<0 | 1> {
  const clockOff = Math.abs(now - created * 1000) > clockSkewMs ? 1 : 0
  if (clockOff !== device.clock_off) {
    const values = { seconds: Math.round(now / 1000 - created) }
    const code = clockOff === 1 ? 'clock-skew' : 'clock-right'
    await addEvent(db, { device: device.id, at: now, type: 'agent', code, values })
  }
  return clockOff
}
