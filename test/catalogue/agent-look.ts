// What the agent itself says of one account: its own `scan --json`, run apart. Judges nothing.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Account } from '../helpers/lab/accounts.ts'

const ScanDocument = z.object({
  detections: z.array(z.object({ tool: z.string(), account: z.string().nullable(), state: z.string() })),
})

/** Each tool detected for the account, with its state. */
export type Told = ReadonlyMap<string, string>

/** `program` is the agent's; it looks at the whole machine, of which only the account's part is kept. */
export async function agentLook(program: string, account: Account): Promise<Told> {
  const state = join(account.home, '..', `${account.name}-no-state`)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'scan', '--json', '--state', state],
    { maxBuffer: 256 * 1024 * 1024, timeout: 300_000 },
  )
  const { detections } = ScanDocument.parse(JSON.parse(stdout))
  return new Map(detections.filter((one) => one.account === account.name).map((one) => [one.tool, one.state]))
}

/** What is wrong with what was told after a step; none when the tool and nothing else was told, in one of the states. */
export function wrongOf(
  told: Told,
  tool: string,
  states: readonly string[],
  step: string,
): readonly string[] {
  const state = told.get(tool)
  const others = [...told]
    .filter(([id]) => id !== tool)
    .map(([id, of]) => `${id} is told too, as ${of} (${step})`)
  if (state === undefined) return [`not detected (${step})`, ...others]
  return states.includes(state) ? others : [`told as ${state} (${step})`, ...others]
}
