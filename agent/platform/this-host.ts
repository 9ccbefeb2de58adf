// Chooses the host for the system that this runs on. The only place that asks which system that is.
import process from 'node:process'
import type { Host } from './host.ts'

/** This machine. `now`: device clock, ms since 1970. */
export async function thisHost(now: () => number = Date.now): Promise<Host> {
  if (process.platform === 'linux') {
    const { linuxHost } = await import('./linux.ts')
    return linuxHost(now)
  }
  const { otherHost } = await import('./other.ts')
  return otherHost(process.platform === 'win32' ? 'windows' : 'darwin', now)
}
