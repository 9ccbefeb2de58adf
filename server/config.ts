// The server's settings: one schema of environment variables, each described. Nothing else reads the environment.
import { join } from 'node:path'
import { z } from 'zod'

const Listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'host and port, such as 127.0.0.1:8740')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'a port up to 65535')

export const Environment = z.object({
  CUTOFF_DATA: z.string().min(1).default('.cutoff').describe('folder of keys and, by default, the database'),
  CUTOFF_DATABASE_URL: z
    .string()
    .regex(/^sqlite:.+/, 'sqlite:PATH; other databases are not supported in this version')
    .optional()
    .describe('where the database is; sqlite:PATH, by default cutoff.sqlite in CUTOFF_DATA'),
  CUTOFF_LISTEN: Listen.default('127.0.0.1:8740').describe('address and port on which the server listens'),
  CUTOFF_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'a URL such as https://cutoff.example.com' })
    .refine(isOrigin, 'scheme, host and port only, with no path')
    .optional()
    .describe('address by which agents and browsers reach the server; agents sign its host and port'),
  CUTOFF_WEB: z.string().min(1).default('dist/web').describe('folder of the built dashboard'),
  CUTOFF_CHECK_IN_SECONDS: z.coerce
    .number({ error: 'a number of seconds from 5 to 86400' })
    .int()
    .min(5)
    .max(86_400)
    .default(900)
    .describe('how often agents report'),
  CUTOFF_POLICY_STAGE_MINUTES: z.coerce
    .number({ error: 'a number of minutes from 0 to 1440' })
    .int()
    .min(0)
    .max(1440)
    .default(30)
    .describe(
      'for how long a changed policy is tried on some devices, then on a tenth, before all get it; 0: all get it at once',
    ),
  CUTOFF_TRUST_PROXY: z.coerce
    .number({ error: 'a number of proxies from 0 to 10' })
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('number of reverse proxies in front whose X-Forwarded-For is believed'),
  CUTOFF_LOG: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('how much is logged to standard error'),
})

export interface Config {
  readonly dataFolder: string
  /** Path of the SQLite file, or `:memory:`. */
  readonly databasePath: string
  readonly listen: { readonly host: string; readonly port: number }
  /** Origin, with no slash at its end. */
  readonly publicUrl: string
  /** What agents sign as `@authority`. */
  readonly authority: string
  readonly webFolder: string
  readonly checkInSeconds: number
  /** How long a stage of a release is held; 0: no stages. */
  readonly stageMs: number
  readonly trustedProxies: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly message: string }

/** Reads the settings, or says in one sentence what is wrong with which. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  // An empty variable means unset: service files and containers write them so.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? '')
    return {
      ok: false,
      message: `${name} is "${given[name] ?? ''}": it must be ${issue?.message ?? 'valid'}.`,
    }
  }
  const values = parsed.data
  const at = values.CUTOFF_LISTEN.lastIndexOf(':')
  const host = values.CUTOFF_LISTEN.slice(0, at).replace(/^\[|\]$/g, '')
  const port = Number(values.CUTOFF_LISTEN.slice(at + 1))
  if (values.CUTOFF_PUBLIC_URL === undefined && ['0.0.0.0', '::'].includes(host)) {
    return {
      ok: false,
      message:
        'CUTOFF_PUBLIC_URL is not set: where CUTOFF_LISTEN is every address, say by which one agents come.',
    }
  }
  const publicUrl = new URL(values.CUTOFF_PUBLIC_URL ?? `http://${values.CUTOFF_LISTEN}`)
  return {
    ok: true,
    config: {
      dataFolder: values.CUTOFF_DATA,
      databasePath:
        values.CUTOFF_DATABASE_URL?.slice('sqlite:'.length) ?? join(values.CUTOFF_DATA, 'cutoff.sqlite'),
      listen: { host, port },
      publicUrl: publicUrl.origin,
      authority: publicUrl.host,
      webFolder: values.CUTOFF_WEB,
      checkInSeconds: values.CUTOFF_CHECK_IN_SECONDS,
      stageMs: values.CUTOFF_POLICY_STAGE_MINUTES * 60_000,
      trustedProxies: values.CUTOFF_TRUST_PROXY,
      logLevel: values.CUTOFF_LOG,
    },
  }
}

function isOrigin(text: string): boolean {
  try {
    const url = new URL(text)
    return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  } catch {
    return false
  }
}
