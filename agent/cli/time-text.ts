// Instants as a person at this machine reads them.

/** `2026-07-12 10:03 +08:00`: the machine's time zone, and which it is. @param at milliseconds since 1970 */
export function timeText(at: number): string {
  const local = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`
  const ahead = -local.getTimezoneOffset()
  const size = Math.abs(ahead)
  const zone = ahead === 0 ? 'UTC' : `${ahead < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return `${day} ${two(local.getHours())}:${two(local.getMinutes())} ${zone}`
}
