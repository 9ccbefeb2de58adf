// Chooses the host for the system that this runs on. The only place that asks which system that is.
import process from 'node:process'
import type { Host } from './host.ts'

/** This machine. `now`: device clock, ms since 1970. */
export async function thisHost(now: () => number = Date.now): Promise<Host> {
  if (process.platform === 'linux') {
    const { linuxHost } = await import('./linux.ts')
    return linuxHost(now)
  }
  const [{ thisDisk }, { ask }] = await Promise.all([import('./disk.ts'), import('./system-programs.ts')])
  const parts = { disk: thisDisk(null), ask, now }
  if (process.platform !== 'win32') {
    const { darwinHost } = await import('./darwin.ts')
    return darwinHost(parts)
  }
  const [{ windowsHost }, { registryBy }] = await Promise.all([
    import('./windows.ts'),
    import('./windows-registry.ts'),
  ])
  return windowsHost({ ...parts, registry: registryBy(ask) })
}
