// What the parts of the server share, made once by main.ts (or a test) and passed on.
import type { FastifyBaseLogger } from 'fastify'
import type { ToolFacts } from '#shared/rules.ts'
import type { ToolRow } from '#shared/api.ts'
import type { Config } from './config.ts'
import type { Keys } from './keys.ts'
import type { Store } from './store/store.ts'

/** The catalogue as far as the server needs it. */
export interface Catalogue {
  readonly version: string
  readonly tools: readonly (ToolFacts & ToolRow)[]
}

export interface Context {
  readonly store: Store
  readonly config: Config
  readonly keys: Keys
  readonly catalogue: Catalogue
  /** Server clock, milliseconds since 1970. */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly log: FastifyBaseLogger
}

/** A random name of 128 bits, base64url. */
export function randomName(random: Context['random']): string {
  return Buffer.from(random(16)).toString('base64url')
}
