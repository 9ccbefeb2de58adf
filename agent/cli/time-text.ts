// Instants as a person at this machine reads them.

/** `2026-07-12 10:03`, in the machine's time zone. @param at milliseconds since 1970 */
export function timeText(at: number): string {
  const local = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`
  return `${day} ${two(local.getHours())}:${two(local.getMinutes())}`
}
