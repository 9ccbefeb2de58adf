// Makes a context out of settings: opens the database, reads the keys and the catalogue. What main.ts and tests start from.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { loadSecrets, openKeys } from './keys.ts'
import { Store } from './store/store.ts'

export interface Surroundings {
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly log: FastifyBaseLogger
}

/** What a real process has around it. */
export function processSurroundings(log: FastifyBaseLogger): Surroundings {
  return { now: () => Date.now(), random: (bytes) => randomBytes(bytes), log }
}

/** Opens everything that lasts; close the context's store when done. Throws DatabaseError or KeyError. */
export async function openContext(config: Config, { now, random, log }: Surroundings): Promise<Context> {
  const folder = join(config.dataFolder, 'keys')
  const secrets = loadSecrets(folder, random)
  const store = Store.open(config.databasePath)
  const keys = await openKeys(folder, secrets, store, now)
  return { store, config, keys, catalogue: { version: catalogueVersion, tools }, now, random, log }
}
