// What several commands begin with: settings, state, the client. Opens things; decides nothing.
import { randomBytes } from 'node:crypto'
import { readSettings, type Settings } from '../settings.ts'
import { openState, type OpenedState, type State } from '../state.ts'
import { createClient, type Client } from '../sync/client.ts'
import { networkTransport } from '../sync/http.ts'
import { fail, type Io } from './command.ts'

/** The settings, or the exit status after saying what is wrong with them. */
export function settingsOr(io: Io, folder: string | null): Settings | number {
  const env = folder === null ? io.env : { ...io.env, CUTOFF_STATE: folder }
  const read = readSettings(env, io)
  return read.ok
    ? read.settings
    : fail(io, 'settings-invalid', `The settings are wrong: ${read.problems.join('; ')}.`)
}

export function openStateAt(folder: string, io: Io, readOnly: boolean): OpenedState {
  return openState({ folder, now: io.now(), random: randomBytes, readOnly })
}

export function clientOf(state: State, server: URL, io: Io): Client {
  return createClient({
    server,
    key: state.key,
    transport: networkTransport(io.env),
    now: io.now,
    monotonicMs: () => performance.now(),
    random: randomBytes,
  })
}

/** A server's address as it is asked for: http is allowed to this machine alone. */
export function readServer(text: string): URL | string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return `"${text}" is no address: give one such as https://cutoff.example.com`
  }
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url
  return `${url.protocol}//${url.host} is not safe: give an address that begins with https://`
}
