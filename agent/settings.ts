// The agent's settings put together: default < file < managed < environment < option. Says where each value came from and
// what is wrong with others. Reads no file and no clock; what a setting means is with the code that uses it.
import { nearestOf } from '#shared/policy.ts'
import {
  AgentSettings,
  settingFacts,
  settingNames,
  settingNamesOnWindows,
  type SettingName,
} from '#shared/settings.ts'

/** The settings as they are in force: the folders are chosen. */
export type Settings = Omit<AgentSettings, 'stateFolder' | 'accountsFolder'> & {
  readonly stateFolder: string
  /** Null: accounts have no copies, as on Windows without the service. */
  readonly accountsFolder: string | null
}

/** Values from one place, as text. */
export interface SettingLayer {
  readonly layer: 'file' | 'managed' | 'environment' | 'option'
  /** A path, a registry key; for the environment and options each value has its own name. */
  readonly source: string
  readonly values: Readonly<Record<string, string>>
}

export interface SettingOrigin {
  readonly layer: SettingLayer['layer'] | 'default'
  /** For people: a path, `CUTOFF_STATE`, `--state`; null for a default. */
  readonly source: string | null
}

export interface SettingProblem {
  readonly code: 'setting-invalid' | 'setting-unknown' | 'setting-overruled'
  readonly setting: string
  readonly source: string
  /** A sentence with what is done instead. */
  readonly message: string
}

export interface SettingsRead {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>
  readonly problems: readonly SettingProblem[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Who runs the agent, as far as the default place of its state depends on it. */
export interface Runner {
  readonly root: boolean
  readonly home: string
  readonly windows: boolean
  /** Windows: the machine's folder for programs' data. */
  readonly machineData?: string
}

/**
 * What of the environment counts. Windows gives an administrator's programs the variables of the same person's account, which
 * any program of theirs can set: there such a run believes none of the agent's.
 */
export function believedEnvironment(
  env: Environment,
  runner: Runner,
): { readonly env: Environment; readonly passedOver: readonly string[] } {
  if (!runner.windows || !runner.root) return { env, passedOver: [] }
  const names = ['CUTOFF_SETTINGS', ...settingNames.map((name) => settingFacts[name].variable)]
  return {
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name.toUpperCase()))),
    passedOver: names.filter((name) => (env[name] ?? '') !== ''),
  }
}

/** The state folder when nobody named one: the machine's for root, the account's own otherwise. */
export function defaultStateFolder(env: Environment, runner: Runner): string {
  if (runner.windows) {
    const base = runner.root ? runner.machineData : env['LOCALAPPDATA']
    return `${base ?? runner.home}\\Cutoff`
  }
  if (runner.root) return '/var/lib/cutoff'
  return `${env['XDG_STATE_HOME'] ?? `${runner.home}/.local/state`}/cutoff`
}

/** Where an agent that runs as root leaves the accounts’ copies, and where they look for them. */
const machineCopies = '/var/lib/cutoff-accounts'

/** A pin that nothing fits: who pinned and mistyped wants no connection rather than any. */
export const fitsNothing = 'sha256//none'

export interface SettingsAsked {
  readonly env: Environment
  readonly runner: Runner
  /** In rising order. */
  readonly administrator?: readonly SettingLayer[]
  /** Of `--state`. */
  readonly stateFolder?: string | null
}

/** Puts the layers together. A wrong value counts for nothing: the default is used, and the value is named with its source. */
export function readSettings(asked: SettingsAsked): SettingsRead {
  const { env, runner, administrator = [], stateFolder = null } = asked
  const layers: readonly SettingLayer[] = [
    ...administrator,
    environmentLayer(env),
    { layer: 'option', source: '--state', values: stateFolder === null ? {} : { stateFolder } },
  ]
  const problems: SettingProblem[] = administrator.flatMap((layer) =>
    unknownNames(layer, settingNamesOf(runner)),
  )
  const chosen = settingNames.map((name) => [name, choose(name, layers, problems)] as const)
  // Each value has passed the schema of its own name.
  const values = Object.fromEntries(chosen.map(([name, { value }]) => [name, value])) as AgentSettings
  const origins = Object.fromEntries(
    chosen.map(([name, { origin }]) => [name, origin]),
  ) as SettingsRead['origins']
  const { stateFolder: named, accountsFolder } = values
  return {
    settings: {
      ...values,
      stateFolder: named ?? defaultStateFolder(env, runner),
      accountsFolder: folderOfCopies(named, accountsFolder, runner),
    },
    origins,
    problems,
  }
}

/** Beside a state that somebody placed, so that a trial leaves nothing elsewhere; on Windows, where the service makes it, only there. */
function folderOfCopies(
  state: string | null,
  given: string | null,
  { windows }: Pick<Runner, 'windows'>,
): string | null {
  if (given !== null && !windows) return given
  if (state !== null) return `${state}-accounts`
  return windows ? null : machineCopies
}

/** The settings that the system has a use for. */
export function settingNamesOf({ windows }: Pick<Runner, 'windows'>): readonly SettingName[] {
  return windows ? settingNamesOnWindows : settingNames
}

/** Empty variables count as not set: service files and containers write them so. */
function environmentLayer(env: Environment): SettingLayer {
  const given = settingNames.flatMap((name) => {
    const text = env[settingFacts[name].variable]
    return text === undefined || text === '' ? [] : [[name, text] as const]
  })
  return { layer: 'environment', source: 'the environment', values: Object.fromEntries(given) }
}

function unknownNames({ source, values }: SettingLayer, names: readonly string[]): SettingProblem[] {
  return Object.keys(values).flatMap((name): SettingProblem[] => {
    if (names.includes(name)) return []
    const near = nearestOf(name, names)
    const hint = near === null ? '' : `; did you mean \`${near}\`?`
    const message = `\`${name}\` in ${source} is no setting${hint} It is passed over.`
    return [
      {
        code: 'setting-unknown',
        setting: name,
        source,
        message: near === null ? message.replace('setting It', 'setting. It') : message,
      },
    ]
  })
}

interface Chosen {
  readonly value: unknown
  readonly origin: SettingOrigin
}

function choose(name: SettingName, layers: readonly SettingLayer[], problems: SettingProblem[]): Chosen {
  const saying = layers.filter(({ values }) => Object.hasOwn(values, name))
  const administrator = saying.findLast(({ layer }) => layer === 'file' || layer === 'managed')
  const last = saying.at(-1)
  const schema = AgentSettings.shape[name]
  const fallback: Chosen = { value: schema.parse(undefined), origin: { layer: 'default', source: null } }
  if (last === undefined) return fallback
  const ruling = settingFacts[name].managed && administrator !== undefined ? administrator : last
  const source = sourceOf(ruling, name)
  const text = ruling.values[name] ?? ''
  if (last !== ruling && last.values[name] !== text) {
    const passed = sourceOf(last, name)
    const message = `${passed} is passed over: ${source} says \`${name}\`, which nothing but the managed side changes.`
    problems.push({ code: 'setting-overruled', setting: name, source: passed, message })
  }
  const wrong = wrongPath(name, ruling, text)
  const parsed = schema.safeParse(valueOf(name, text))
  if (wrong === null && parsed.success) return { value: parsed.data, origin: { layer: ruling.layer, source } }
  const expected = wrong ?? parsed.error?.issues[0]?.message ?? 'another value'
  problems.push({
    code: 'setting-invalid',
    setting: name,
    source,
    message: `\`${name}\` is "${shown(text)}" in ${source}: it must be ${expected}. ${insteadOf(name, fallback.value)}`,
  })
  return name === 'certificatePin' ? { ...fallback, value: fitsNothing } : fallback
}

function sourceOf({ layer, source }: SettingLayer, name: SettingName): string {
  return layer === 'environment' ? settingFacts[name].variable : source
}

function valueOf(name: SettingName, text: string): unknown {
  return settingFacts[name].holds === 'number' && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

/** A file says the same whoever starts the agent, and wherever. */
function wrongPath(name: SettingName, { layer }: SettingLayer, text: string): string | null {
  if (settingFacts[name].holds !== 'path' || (layer !== 'file' && layer !== 'managed')) return null
  return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(text) ? null : 'a path from the root on'
}

function insteadOf(name: SettingName, value: unknown): string {
  if (name === 'certificatePin') return 'No server is believed until it is right.'
  return typeof value === 'string' || typeof value === 'number'
    ? `The default, ${value}, is used.`
    : 'It counts as not set.'
}

/** For people, on one line. An address may hold a password. */
export function shown(text: string): string {
  const bare = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/[\p{C}\u2028\u2029]/gu, '�')
  return bare.length > 200 ? `${bare.slice(0, 200)}…` : bare
}
