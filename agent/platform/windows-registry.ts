// The registry, through `reg export` into a file of the agent's own: what `reg query` prints is in the code page of a console,
// and loses the letters that it lacks.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistryKey } from '../parsers/registry-export.ts'
import { parseRegistryExport } from '../parsers/registry-export.ts'
import type { Ask } from './system-programs.ts'

/** A key and all below it, by their whole names; null where there is no such key, or it is closed. */
export type ReadRegistry = (key: string) => Promise<ReadonlyMap<string, RegistryKey> | null>

export function registryBy(ask: Ask): ReadRegistry {
  return async (key) => {
    const folder = mkdtempSync(join(tmpdir(), 'cutoff-'))
    try {
      const file = join(folder, 'export.reg')
      const told = await ask('reg', ['export', key, file, '/y'])
      // Where a key is missing nothing is written, whatever `reg` says of it.
      return told === null || !existsSync(file) ? null : parseRegistryExport(readFileSync(file))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
