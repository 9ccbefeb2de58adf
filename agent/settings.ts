// The agent's settings: one schema, read from the environment. Where the state lies, which server, how often to look.
// Reads no file and no clock; what a setting means is with the code that uses it.
import { z } from 'zod'

const Seconds = z.coerce.number().int()

/** Every setting with its environment variable, default and meaning; documentation is made from it. */
export const Settings = z.object({
  CUTOFF_STATE: z.string().min(1).describe('folder of the agent’s state, readable by its owner only'),
  CUTOFF_ACCOUNTS: z
    .string()
    .min(1)
    .describe('folder with a copy for each account of what is known and was sent of it'),
  CUTOFF_SERVER: z.url().optional().describe('address of the server, such as https://cutoff.example.com'),
  CUTOFF_TOKEN_FILE: z
    .string()
    .optional()
    .describe('file with the enrolment token, used once at the first start'),
  CUTOFF_ORGANISATION_KEY: z
    .string()
    .optional()
    .describe('fingerprint of the organisation’s policy key, from the same managed source as the token'),
  CUTOFF_SCAN_SECONDS: Seconds.min(60).max(86_400).default(3600).describe('time between two full looks'),
  CUTOFF_PROCESS_SECONDS: Seconds.min(5)
    .max(3600)
    .default(60)
    .describe('time between two looks at processes'),
  CUTOFF_SCAN_BUDGET_MS: Seconds.min(100)
    .max(600_000)
    .default(30_000)
    .describe('time that one full look may take'),
})
export type Settings = z.infer<typeof Settings>

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] }

type Environment = Readonly<Record<string, string | undefined>>

/** Who runs the agent, as far as the default place of its state depends on it. */
export interface Runner {
  readonly root: boolean
  readonly home: string
  readonly windows: boolean
}

/** The state folder when nobody named one: the machine's for root, the account's own otherwise. */
export function defaultStateFolder(env: Environment, runner: Runner): string {
  if (runner.windows) {
    const base = runner.root ? env['ProgramData'] : env['LOCALAPPDATA']
    return `${base ?? runner.home}\\Cutoff`
  }
  if (runner.root) return '/var/lib/cutoff'
  return `${env['XDG_STATE_HOME'] ?? `${runner.home}/.local/state`}/cutoff`
}

/** Where an agent that runs as root leaves the accounts’ copies, and where they look for them. */
const machineCopies = '/var/lib/cutoff-accounts'

/** Reads the settings from the environment; empty variables count as not set. */
export function readSettings(env: Environment, runner: Runner): SettingsRead {
  const given = Object.fromEntries(
    Object.keys(Settings.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
  const chosen = given['CUTOFF_STATE']
  const parsed = Settings.safeParse({
    CUTOFF_STATE: defaultStateFolder(env, runner),
    // Beside a state that somebody placed, so that a trial leaves nothing elsewhere.
    CUTOFF_ACCOUNTS: chosen === undefined ? machineCopies : `${chosen}-accounts`,
    ...given,
  })
  if (parsed.success) return { ok: true, settings: parsed.data }
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return { ok: false, problems }
}
