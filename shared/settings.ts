// The agent's settings: one schema with what each means, who may say it and how it is called where there is only text.
// Pure; where values come from and which of several counts is the agent's. Documentation and the files of device
// management are made from it.
import { z } from 'zod'

const whole = (unit: string, least: number, most: number) =>
  z
    .int({ error: `a whole number of ${unit} from ${least} to ${most}` })
    .min(least)
    .max(most)

/** Https, or http to this machine alone. */
const ServerAddress = z
  .url({ error: 'an address such as https://cutoff.example.com' })
  .regex(
    /^(https:\/\/[^/@\s]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?)(\/[^?#\s]*)?$/i,
    'an address that begins with https://, without a name, query or fragment in it',
  )

const mostKeys = 8
const Fingerprints = z
  .string()
  .refine(
    (text) =>
      fingerprintsOf(text).length <= mostKeys &&
      fingerprintsOf(text).every((digits) => /^[0-9a-f]{64}$/.test(digits)),
    '64 hexadecimal digits; several with commas between them',
  )

const pinForm = /^sha256\/\/[A-Za-z0-9+/]{43}=$/
const Pins = z
  .string()
  .refine(
    (text) => pinsOf(text).length > 0 && pinsOf(text).every((pin) => pinForm.test(pin)),
    'sha256// and the base64 of a public key’s SHA-256; several with spaces between them',
  )

const ProxyAddress = z
  .url({ protocol: /^https?$/, error: 'an address such as http://proxy.example.com:3128' })
  .refine(isDecodable, 'an address with its name and password percent-encoded')
const Path = z.string().min(1, 'a path')

/** How much the agent writes to standard error. */
export const LogLevel = z.enum(['silent', 'error', 'warn', 'info', 'debug'], {
  error: 'silent, error, warn, info or debug',
})
export type LogLevel = z.infer<typeof LogLevel>

/** Whether a line of this level is written where this much is. */
export function isLogged(line: Exclude<LogLevel, 'silent'>, much: LogLevel): boolean {
  return LogLevel.options.indexOf(line) <= LogLevel.options.indexOf(much)
}

/** Every setting with its default and meaning. Null: not set, or chosen by the system and account (folders). */
export const AgentSettings = z.strictObject({
  server: ServerAddress.nullable()
    .default(null)
    .describe('Address of the server, such as https://cutoff.example.com.'),
  tokenFile: Path.nullable()
    .default(null)
    .describe(
      'File with the enrolment token, readable by the agent alone; used at the first start, and where it has to enrol again.',
    ),
  organisationKey: Fingerprints.nullable()
    .default(null)
    .describe(
      'Fingerprint of the organisation’s policy key; policies signed by another are refused. While one key takes the place of another, both with a comma between them, the former first.',
    ),
  certificatePin: Pins.nullable()
    .default(null)
    .describe(
      'SHA-256 of the public keys that the server’s certificate may have, as sha256//BASE64; others are refused, even if the system trusts them.',
    ),
  logLevel: LogLevel.default('info').describe('How much is logged to standard error.'),
  proxy: ProxyAddress.nullable()
    .default(null)
    .describe(
      'HTTP proxy to the server; without it HTTPS_PROXY and NO_PROXY of the environment count, without these the machine’s own proxy.',
    ),
  noProxy: z
    .string()
    .nullable()
    .default(null)
    .describe('Hosts that are reached without `proxy`, with commas between them.'),
  stateFolder: Path.nullable()
    .default(null)
    .describe(
      'Folder of the agent’s state, for its owner alone: /var/lib/cutoff for root, the account’s own state folder otherwise.',
    ),
  accountsFolder: Path.nullable()
    .default(null)
    .describe(
      'Folder with a copy for each account of what is known and was sent of it: /var/lib/cutoff-accounts, or beside a state folder that was named. On Windows the service makes it there.',
    ),
  scanSeconds: whole('seconds', 60, 86_400).default(3600).describe('Time between two full looks.'),
  processSeconds: whole('seconds', 5, 3600).default(60).describe('Time between two looks at processes.'),
  scanBudgetMs: whole('milliseconds', 100, 600_000)
    .default(30_000)
    .describe('Time that one full look may take.'),
  spoolMegabytes: whole('MB', 16, 4096)
    .default(64)
    .describe(
      'What the agent’s state may take on the disk; when what waits for the server has used up its share, it is compacted.',
    ),
  firstLookAfterHours: whole('hours', 0, 336)
    .default(0)
    .describe(
      'Time between installation and the first look, so that people can be told of it at login before; 0: at once.',
    ),
})
export type AgentSettings = z.infer<typeof AgentSettings>
export type SettingName = keyof AgentSettings

export interface SettingFacts {
  /** Environment variable, for development and containers. */
  readonly variable: string
  /**
   * Comes from the managed side alone: no policy carries it, and where the administrator of the machine says it, the
   * environment does not change it.
   */
  readonly managed: boolean
  readonly holds: 'text' | 'number' | 'path'
  /** False: Windows has no use for it, and who sets it there is told that it is none. */
  readonly onWindows?: false
}

export const settingFacts: { readonly [K in SettingName]: SettingFacts } = {
  server: { variable: 'CUTOFF_SERVER', managed: true, holds: 'text' },
  tokenFile: { variable: 'CUTOFF_TOKEN_FILE', managed: true, holds: 'path' },
  organisationKey: { variable: 'CUTOFF_ORGANISATION_KEY', managed: true, holds: 'text' },
  certificatePin: { variable: 'CUTOFF_CERTIFICATE_PIN', managed: true, holds: 'text' },
  logLevel: { variable: 'CUTOFF_LOG', managed: true, holds: 'text' },
  proxy: { variable: 'CUTOFF_PROXY', managed: false, holds: 'text' },
  noProxy: { variable: 'CUTOFF_NO_PROXY', managed: false, holds: 'text' },
  stateFolder: { variable: 'CUTOFF_STATE', managed: false, holds: 'path' },
  accountsFolder: { variable: 'CUTOFF_ACCOUNTS', managed: false, holds: 'path', onWindows: false },
  scanSeconds: { variable: 'CUTOFF_SCAN_SECONDS', managed: false, holds: 'number' },
  processSeconds: { variable: 'CUTOFF_PROCESS_SECONDS', managed: false, holds: 'number' },
  scanBudgetMs: { variable: 'CUTOFF_SCAN_BUDGET_MS', managed: false, holds: 'number' },
  spoolMegabytes: { variable: 'CUTOFF_SPOOL_MEGABYTES', managed: false, holds: 'number' },
  firstLookAfterHours: { variable: 'CUTOFF_FIRST_LOOK_AFTER_HOURS', managed: false, holds: 'number' },
}

export const settingNames = Object.keys(settingFacts) as readonly SettingName[]
export const settingNamesOnWindows = settingNames.filter((name) => settingFacts[name].onWindows !== false)

/** The fingerprints in a setting's text as bare digits, however people wrote them; each may take the place of those before it. */
export function fingerprintsOf(text: string): readonly string[] {
  return text.split(',').map((one) => one.replace(/[\s:]/g, '').toLowerCase())
}

/** The pins in a setting's text. */
export function pinsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((pin) => pin !== '')
}

/** Of an address with a name and password: Node's agent decodes them, and throws at what is not encoded. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
