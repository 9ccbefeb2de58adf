// Who looked, on the server, at what it holds of a device's people: told to the device, so that these can see it.
import { z } from 'zod'
import { ToolId } from './tool.ts'

/** Who it was where nobody had signed in: a command on the server’s machine. */
export const commandLine = 'command line'

/** What was looked at. Lists of all devices at once are no look at one: they show no name and no timeline. */
export const LookKind = z.enum(['account-name', 'device-name', 'timeline', 'finding'])
export type LookKind = z.infer<typeof LookKind>

export const DeviceLook = z.object({
  /** Server clock; of several looks within an hour the first. */
  at: z.int(),
  /** Account on the server, or `commandLine`. */
  by: z.string().min(1).max(256),
  what: LookKind,
  /** Null: the device as a whole. */
  account: z.string().min(1).max(256).nullable(),
  /** Of a finding. */
  tool: ToolId.nullable(),
})
export type DeviceLook = z.infer<typeof DeviceLook>

/** The same look, told again. */
export function lookKey({ at, by, what, account, tool }: DeviceLook): string {
  return JSON.stringify([at, by, what, account, tool])
}
