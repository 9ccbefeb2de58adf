// Instants as people read them: in the viewer's zone, which is named, with the exact UTC and the uncertainty at hand.
// Pure: zone, locale and now are arguments.

export interface Clock {
  /** IANA name of the viewer's zone. */
  readonly zone: string
  readonly locale: string
}

const instantParts: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
}

/** `10 Jul 2026, 14:03` in the viewer's zone. */
export function instantText(at: number, clock: Clock, seconds = false): string {
  const parts = seconds ? { ...instantParts, second: '2-digit' as const } : instantParts
  return new Intl.DateTimeFormat(clock.locale, { ...parts, timeZone: clock.zone }).format(at)
}

/** `10 Jul 2026` in the viewer's zone. */
export function dayText(at: number, clock: Clock): string {
  return new Intl.DateTimeFormat(clock.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: clock.zone,
  }).format(at)
}

/** `2026-07-10 06:03:05.120 UTC`: exact, the same for everybody. */
export function utcText(at: number): string {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)} UTC`
}

/** `Asia/Shanghai (GMT+8)`: the zone in which times are shown, at a given instant. */
export function zoneText(at: number, clock: Clock): string {
  const parts = new Intl.DateTimeFormat(clock.locale, {
    timeZone: clock.zone,
    timeZoneName: 'shortOffset',
  }).formatToParts(at)
  const offset = parts.find((part) => part.type === 'timeZoneName')?.value
  return offset === undefined || offset === clock.zone ? clock.zone : `${clock.zone} (${offset})`
}

const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `5 minutes ago`, `in 3 days`, `just now`. */
export function agoText(at: number, now: number, locale: string): string {
  const delta = at - now
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  for (const [unit, ms] of units)
    if (Math.abs(delta) >= ms) return format.format(Math.trunc(delta / ms), unit)
  return 'just now'
}

/** `± 5 minutes`; empty when the time is exact to the millisecond. */
export function uncertaintyText(uncertaintyMs: number): string {
  if (uncertaintyMs <= 0) return ''
  return `± ${durationText(uncertaintyMs)}`
}

/** A duration in its largest fitting unit, rounded up so that it never understates: `250 ms`, `3 seconds`, `1 day`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`
  const steps = [
    ['second', 1000, 120],
    ['minute', 60_000, 120],
    ['hour', 3_600_000, 48],
    ['day', 86_400_000, Infinity],
  ] as const
  for (const [unit, size, most] of steps) {
    const count = Math.ceil(ms / size)
    if (count < most) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return `${Math.ceil(ms / 86_400_000)} days`
}

/** The zone's offset from UTC at an instant, in milliseconds. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0)
  const asUtc = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return asUtc - Math.floor(at / 1000) * 1000
}

/** The instant of a `datetime-local` value in a zone; null when it is not one. In a gap of the clock, the later side. */
export function readLocalInput(value: string, zone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/u.test(value)) return null
  const wall = Date.parse(`${value}Z`)
  if (Number.isNaN(wall)) return null
  const first = wall - offsetMs(wall, zone)
  return wall - offsetMs(first, zone)
}

/** The value of a `datetime-local` input for an instant in a zone. */
export function localInput(at: number, zone: string): string {
  return new Date(at + offsetMs(at, zone)).toISOString().slice(0, 16)
}
