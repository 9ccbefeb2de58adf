// What several commands begin with: settings, state, the client. Opens things; decides nothing.
import { randomBytes } from 'node:crypto'
import { pinsOf } from '#shared/settings.ts'
import type { Language } from '#shared/words/language.ts'
import { administratorSettings } from '../platform/managed-settings.ts'
import type { HostFacts } from '../platform/host.ts'
import type { FileFault } from '../platform/own-folder.ts'
import { believedEnvironment, readSettings, type Settings, type SettingsRead } from '../settings.ts'
import { openState, type OpenedState } from '../state.ts'
import type { StateFault } from '../state/fault.ts'
import type { DeviceKey } from '../state/keys.ts'
import { createClient, type Client } from '../sync/client.ts'
import { networkTransport, type Transport } from '../sync/http.ts'
import { proxyRoute } from '../sync/proxy.ts'
import { agentBuild } from '../version.ts'
import { fail, type Io } from './command.ts'
import { failureWords, stateWords } from './words/failure-words.ts'

/** What is wrong with the settings or the places that they come from; what is right counts all the same. */
export interface SettingFault {
  readonly code: string
  readonly message: string
}

export type SettingsKnown = Omit<SettingsRead, 'problems'> & { readonly faults: readonly SettingFault[] }

/** The settings with where each came from. @param folder of `--state` */
export async function knownSettings(io: Io, folder: string | null): Promise<SettingsKnown> {
  const { env, passedOver } = believedEnvironment(io.env, io)
  const instead = env['CUTOFF_SETTINGS'] ?? ''
  const { given, faults, ...places } = await administratorSettings(instead === '' ? null : instead)
  const read = readSettings({ env, runner: { ...io, ...places }, administrator: given, stateFolder: folder })
  const unbelieved = passedOver.map((name) => ({
    code: 'setting-overruled',
    message: `${name} is passed over: a run with an administrator's rights takes no settings from the environment on Windows.`,
  }))
  return {
    settings: read.settings,
    origins: read.origins,
    faults: [...unbelieved, ...faults, ...read.problems],
  }
}

/** The same for a command that does something else: it goes on with what is right, and tells the rest first. */
export async function settingsFor(io: Io, folder: string | null): Promise<SettingsKnown> {
  const known = await knownSettings(io, folder)
  for (const { code, message } of known.faults) {
    // An account that may not read what the daemon reads has done nothing wrong.
    if (io.root || code !== 'source-unreadable') io.err(`cutoff-agent: ${message} [${code}]\n`)
  }
  return known
}

/** Opens the state to read it alone. */
export function readStateAt(folder: string, io: Io): OpenedState {
  return openState({ folder, now: io.now(), random: randomBytes, readOnly: true, program: agentBuild })
}

/** Opens the state to go on with it, on this machine. */
export function openStateAt(folder: string, io: Io, { machine }: Pick<HostFacts, 'machine'>): OpenedState {
  return openState({ folder, now: io.now(), random: randomBytes, machine, program: agentBuild })
}

/** Tells why the state in a folder cannot be opened; answers the exit status. */
export function failState(io: Io, { code, message }: StateFault, folder: string): number {
  return fail(io, code, stateFaultText({ code, message }, folder, io.language))
}

/** Why a state cannot be opened, in a language. */
export function stateFaultText(
  { code, message }: Pick<StateFault, 'code' | 'message'>,
  folder: string,
  language: Language,
): string {
  return language === 'en' ? message : stateWords[language][code](folder)
}

/** For all requests of a command: it remembers which proxy the system named. */
export function transportOf(settings: Settings, io: Io): Transport {
  const variables = async () => (await proxyRoute(settings, io.env, io.systemProxy)).variables
  return networkTransport(variables, pinsOf(settings.certificatePin ?? ''))
}

export function clientOf(key: DeviceKey, server: URL, transport: Transport, io: Io): Client {
  return createClient({
    server,
    key,
    transport,
    now: io.now,
    monotonicMs: () => performance.now(),
    random: randomBytes,
  })
}

/** What is wrong with the file of an enrolment token, and what to do. */
export function tokenFault(
  { path, code }: FileFault,
  language: Language,
): { readonly code: string; readonly message: string } {
  const say = failureWords[language].token
  if (code === 'OPEN' || code === 'FOREIGN') return { code: 'token-exposed', message: say[code](path) }
  return { code: 'token-unreadable', message: say.unreadable(path, code) }
}

/** A server's address as it is asked for, or what is wrong with it: http is allowed to this machine alone. */
export function readServer(text: string, language: Language): URL | string {
  const say = failureWords[language].address
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return say.none(text)
  }
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url
  return say.unsafe(`${url.protocol}//${url.host}`)
}
