// What the npm registry says of one name of the catalogue: asked of npm, one name at a time.
import { z } from 'zod'
import type { Account } from '../helpers/lab/accounts.ts'
import { tryNpm } from '../helpers/lab/npm.ts'
import { isNotInRegistry } from './outcomes.ts'
import type { Offer } from './verified-file.ts'

const View = z.object({
  version: z.string(),
  deprecated: z.string().optional(),
  time: z.record(z.string(), z.string()).optional(),
})

/** Null when it has no such package. Throws when it was not reached: then nothing can be said of any name. */
export async function askRegistry(account: Account, name: string): Promise<Offer | null> {
  const asked = await tryNpm(account, ['view', name, 'version', 'deprecated', 'time', '--json'], 60_000)
  if (isNotInRegistry(asked)) return null
  if (asked.exitCode !== 0 || asked.stdout.trim() === '')
    throw new Error(`npm could not ask the registry for ${name}:\n${asked.stderr.slice(-1000)}`)
  const view = View.parse(JSON.parse(asked.stdout))
  return {
    version: view.version,
    deprecated: view.deprecated?.slice(0, 200) ?? null,
    published: view.time?.[view.version]?.slice(0, 10) ?? null,
  }
}
