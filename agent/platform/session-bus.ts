// The bus of a desktop session, over its socket: asks the desktop to show notifications, and nothing else. It is a file of
// this machine and no network. No program is started for it.
import { createConnection, type Socket } from 'node:net'
import { decodeMessage, encodeCall, Marshal, wordsIn, type Answer, type MethodCall } from './dbus-message.ts'

export interface DesktopNotice {
  /** One line. */
  readonly title: string
  /** Plain text; what the desktop would take for markup is escaped here. */
  readonly text: string
}

export type Shown =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** `no-notifications`: nothing here shows any (yet); `no-desktop`: nothing ever will. */
      readonly code: 'no-desktop' | 'no-session-bus' | 'bus-refused' | 'bus-broken' | 'no-notifications'
      readonly detail: string
    }

export interface SessionAsked {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly uid: number
  readonly timeoutMs: number
}

/**
 * Shows the notices one after the other.
 * @param shown called after each that the desktop has taken
 */
export async function showOnDesktop(
  notices: readonly DesktopNotice[],
  { env, uid, timeoutMs }: SessionAsked,
  shown: (index: number) => void,
): Promise<Shown> {
  const paths = socketsOf(env)
  if (paths.length === 0)
    return fault('no-session-bus', 'neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set')
  const opened = await connect(paths, timeoutMs)
  if ('ok' in opened) return opened
  const bus = conversation(opened)
  try {
    return await tell(bus, uid, notices, shown)
  } catch (error) {
    if (error instanceof BusEnded) return fault('bus-broken', error.message)
    throw error
  } finally {
    opened.destroy()
  }
}

/** Paths of the sockets at which the session's bus may be; an abstract one begins with a zero. */
export function socketsOf(env: SessionAsked['env']): readonly string[] {
  const address = env['DBUS_SESSION_BUS_ADDRESS'] ?? ''
  const runtime = env['XDG_RUNTIME_DIR'] ?? ''
  if (address === '') return runtime.startsWith('/') ? [`${runtime}/bus`] : []
  return address.split(';').flatMap((one) => {
    const value = /^unix:(?:[^;]*,)?(path|abstract)=([^,;]+)/.exec(one)
    if (value === null) return [] // TCP and what starts a bus are no business of ours
    const text = unescaped(value[2] ?? '')
    return text === null ? [] : [value[1] === 'abstract' ? `\0${text}` : text]
  })
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null // not as the specification writes it
  }
}

const service = 'org.freedesktop.Notifications'
const notAnybody: readonly string[] = [
  'org.freedesktop.DBus.Error.ServiceUnknown',
  'org.freedesktop.DBus.Error.NameHasNoOwner',
]

async function tell(
  bus: Conversation,
  uid: number,
  notices: readonly DesktopNotice[],
  shown: (index: number) => void,
): Promise<Shown> {
  if (!(await bus.introduce(uid))) return fault('bus-refused', 'it does not take this account')
  const refused = (answer: Answer): Shown =>
    fault(notAnybody.includes(answer.error ?? '') ? 'no-notifications' : 'bus-refused', answer.error ?? '')
  const hello = await bus.call({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'Hello',
    signature: '',
    body: Buffer.alloc(0),
  })
  if (hello.error !== null) return refused(hello)
  const can = await bus.call(toDesktop('GetCapabilities', '', Buffer.alloc(0)))
  if (can.error !== null) return refused(can)
  const markup = wordsIn(can).includes('body-markup')
  for (const [index, notice] of notices.entries()) {
    const answer = await bus.call(toDesktop('Notify', 'susssasa{sv}i', notifyBody(notice, markup)))
    if (answer.error !== null) return refused(answer)
    shown(index)
  }
  return { ok: true }
}

function toDesktop(member: string, signature: string, body: Buffer): MethodCall {
  return {
    destination: service,
    path: '/org/freedesktop/Notifications',
    interface: service,
    member,
    signature,
    body,
  }
}

/** Stays until it is closed: whoever is away for a minute should not miss it. Source: Desktop Notifications Specification 1.3. */
export function notifyBody({ title, text }: DesktopNotice, markup: boolean): Buffer {
  return new Marshal()
    .string('Cutoff')
    .uint32(0) // replaces none
    .string('dialog-information')
    .string(title)
    .string(markup ? escaped(text) : text)
    .array(4, () => {}) // no actions
    .array(8, (into) => into.align(8).string('urgency').signature('y').byte(1))
    .int32(0) // does not expire
    .done()
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function fault(code: Extract<Shown, { ok: false }>['code'], detail: string): Extract<Shown, { ok: false }> {
  return { ok: false, code, detail }
}

async function connect(
  paths: readonly string[],
  timeoutMs: number,
): Promise<Socket | Extract<Shown, { ok: false }>> {
  let last = ''
  for (const path of paths) {
    const socket = createConnection({ path })
    const error = await new Promise<Error | null>((resolve) => {
      socket.once('connect', () => resolve(null))
      socket.once('error', resolve)
    })
    if (error === null) return socket.setTimeout(timeoutMs)
    last = 'code' in error ? String(error.code) : error.message
    socket.destroy()
  }
  return fault('no-session-bus', last)
}

/** The other side said nothing more, or nothing that can be understood. */
class BusEnded extends Error {}

interface Conversation {
  /** Says who is calling; false where the bus does not take it. */
  readonly introduce: (uid: number) => Promise<boolean>
  readonly call: (call: MethodCall) => Promise<Answer>
}

function conversation(socket: Socket): Conversation {
  let held: Buffer = Buffer.alloc(0)
  let ended: string | null = null
  let wake = (): void => {}
  const end = (why: string) => {
    ended ??= why
    wake()
  }
  socket.on('data', (part: Buffer) => {
    held = Buffer.concat([held, part])
    wake()
  })
  socket.on('timeout', () => end('no answer in time'))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('the bus hung up'))

  /** Asks until it gives something other than null, with each new piece. */
  async function until<T>(take: () => T | null): Promise<T> {
    for (;;) {
      const taken = take()
      if (taken !== null) return taken
      if (ended !== null) throw new BusEnded(ended)
      if (held.length > maxHeldBytes) throw new BusEnded('too much at once')
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  let serial = 0
  return {
    async introduce(uid) {
      socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\n`)
      const line = await until(() => {
        const at = held.indexOf('\r\n')
        if (at < 0) return null
        const text = held.toString('latin1', 0, at)
        held = held.subarray(at + 2)
        return text
      })
      if (!line.startsWith('OK ')) return false
      socket.write('BEGIN\r\n')
      return true
    },
    async call(call) {
      const own = ++serial
      socket.write(encodeCall(call, own))
      return until(() => {
        for (;;) {
          const decoded = decodeMessage(held)
          if (decoded === null) return null
          if (decoded === 'broken') throw new BusEnded('its answer cannot be understood')
          held = held.subarray(decoded.size)
          if (decoded.message.to === own) return decoded.message
        }
      })
    },
  }
}

const maxHeldBytes = 2 * 1024 * 1024
