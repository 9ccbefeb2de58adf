// Whether the machine runs on a battery, and whether somebody asked it to spare power, as Linux tells it in /sys. Elsewhere it is
// not known, and nothing is spared.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `low`: little is left, or the person at the machine chose to spare power. */
export type Power = 'mains' | 'battery' | 'low'

/** In per cent. */
const little = 20

/** @param sys `/sys`, or a folder like it */
export function powerOf(sys: string): Power {
  const supplies = namesIn(join(sys, 'class/power_supply')).map((name) => {
    const text = (file: string) => textOf(join(sys, 'class/power_supply', name, file))
    return {
      type: text('type'),
      scope: text('scope'),
      online: text('online'),
      status: text('status'),
      left: text('capacity'),
    }
  })
  // A mouse has a battery, too.
  const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device')
  if (textOf(join(sys, 'firmware/acpi/platform_profile')) === 'low-power') return 'low'
  const plugged = supplies.some(({ type, online }) => type !== 'Battery' && online === '1')
  if (plugged || !batteries.some(({ status }) => status === 'Discharging')) return 'mains'
  return batteries.every(({ left }) => left !== '' && Number(left) <= little) ? 'low' : 'battery'
}

/** How much longer what can wait waits: looks are the laptop's, a use that is watched is told at once all the same. */
export const patience: Readonly<Record<Power, number>> = { mains: 1, battery: 2, low: 4 }

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // no such folder: a server, a container, another system
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return '' // unplugged meanwhile, or the driver has no such thing
  }
}
