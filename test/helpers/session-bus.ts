// A desktop session for tests: the real message bus, and on it a service of the test's own that takes notifications. It reads
// and writes the wire by itself, so that the agent's own idea of it is not what it is tried against.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

export interface Notification {
  readonly app: string
  readonly title: string
  readonly text: string
}

export interface DesktopSession {
  readonly address: string
  /** What has been shown so far. */
  readonly shown: Notification[]
  /** Begins to show notifications. */
  readonly takeNotifications: (capabilities: readonly string[]) => Promise<void>
  readonly close: () => void
}

/** Why there can be none here; undefined where there can. */
export function whyNoSession(): string | undefined {
  return spawnSync('dbus-daemon', ['--version']).status === 0 ? undefined : 'no dbus-daemon'
}

const configuration = (
  path: string,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

export async function startDesktopSession(): Promise<DesktopSession> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-bus-'))
  const path = join(folder, 'bus')
  writeFileSync(join(folder, 'bus.conf'), configuration(path))
  const bus = spawn(
    'dbus-daemon',
    ['--nofork', '--print-address', `--config-file=${join(folder, 'bus.conf')}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const address = await new Promise<string>((resolve, reject) => {
    bus.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()))
    bus.once('exit', () => reject(new Error('the bus did not start')))
  })
  const shown: Notification[] = []
  const sockets: Socket[] = []
  return {
    address,
    shown,
    async takeNotifications(capabilities) {
      sockets.push(await serve(path, capabilities, shown))
    },
    close() {
      for (const socket of sockets) socket.destroy()
      bus.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function serve(path: string, capabilities: readonly string[], shown: Notification[]): Promise<Socket> {
  const socket = createConnection({ path })
  const hex = Buffer.from(String(userInfo().uid)).toString('hex')
  socket.write(`\0AUTH EXTERNAL ${hex}\r\nBEGIN\r\n`)
  const driver = { path: '/org/freedesktop/DBus', member: 'Hello', to: 'org.freedesktop.DBus' }
  socket.write(
    message(1, 1, {
      1: ['o', driver.path],
      2: ['s', driver.to],
      3: ['s', driver.member],
      6: ['s', driver.to],
    }),
  )
  const name = padded(string('org.freedesktop.Notifications'), 4)
  socket.write(
    message(
      1,
      2,
      {
        1: ['o', driver.path],
        2: ['s', driver.to],
        3: ['s', 'RequestName'],
        6: ['s', driver.to],
        8: ['g', 'su'],
      },
      Buffer.concat([name, number(0)]),
    ),
  )
  let held = Buffer.alloc(0)
  let begun = false
  let serial = 2
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('data', (part: Buffer) => {
      held = Buffer.concat([held, part])
      if (!begun) {
        const end = held.indexOf('\r\n')
        if (end < 0) return
        begun = true
        held = held.subarray(end + 2)
      }
      for (;;) {
        const got = read(held)
        if (got === null) return
        held = held.subarray(got.size)
        if (got.type === 2 && got.answers === 2) resolve(socket)
        if (got.type !== 1) continue
        const isNotice = got.member === 'Notify'
        if (isNotice) shown.push(noticeOf(got.body))
        const list = capabilities.reduce(
          (all, one) => Buffer.concat([padded(all, 4), string(one)]),
          Buffer.alloc(0),
        )
        socket.write(
          message(
            2,
            ++serial,
            { 5: ['u', got.serial], 6: ['s', got.sender], 8: ['g', isNotice ? 'u' : 'as'] },
            isNotice ? number(shown.length) : Buffer.concat([number(list.length), list]),
          ),
        )
      }
    })
  })
}

function noticeOf(body: Buffer): Notification {
  let at = 0
  const skip = (to: number) => void (at = Math.ceil(at / to) * to)
  const text = () => {
    skip(4)
    const length = body.readUInt32LE(at)
    const found = body.toString('utf8', at + 4, at + 4 + length)
    at += 5 + length
    return found
  }
  const app = text()
  skip(4)
  at += 4
  text() // icon
  return { app, title: text(), text: text() }
}

interface Received {
  readonly type: number
  readonly serial: number
  readonly answers: number | null
  readonly member: string
  readonly sender: string
  readonly body: Buffer
  readonly size: number
}

function read(bytes: Buffer): Received | null {
  if (bytes.length < 16) return null
  const end = 16 + bytes.readUInt32LE(12)
  const start = Math.ceil(end / 8) * 8
  const size = start + bytes.readUInt32LE(4)
  if (bytes.length < size) return null
  const found: Record<number, string | number> = {}
  for (let at = 16; at < end;) {
    at = Math.ceil(at / 8) * 8
    const field = bytes[at] ?? 0
    const type = String.fromCharCode(bytes[at + 2] ?? 0)
    if (type === 'g') {
      const length = bytes[at + 4] ?? 0
      found[field] = bytes.toString('utf8', at + 5, at + 5 + length)
      at += 6 + length
    } else {
      const value = bytes.readUInt32LE(at + 4)
      found[field] = type === 'u' ? value : bytes.toString('utf8', at + 8, at + 8 + value)
      at += type === 'u' ? 8 : 9 + value
    }
  }
  return {
    type: bytes[1] ?? 0,
    serial: bytes.readUInt32LE(8),
    answers: typeof found[5] === 'number' ? found[5] : null,
    member: String(found[3] ?? ''),
    sender: String(found[7] ?? ''),
    body: bytes.subarray(start, size),
    size,
  }
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([number(bytes.length), bytes, Buffer.alloc(1)])
}

function padded(bytes: Buffer, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)])
}

type Fields = Readonly<
  Record<number, readonly ['o' | 's', string] | readonly ['g', string] | readonly ['u', number]>
>

function message(type: number, serial: number, fields: Fields, body: Buffer = Buffer.alloc(0)): Buffer {
  let list = Buffer.alloc(0)
  for (const [field, [kind, value]] of Object.entries(fields)) {
    const head = Buffer.from([Number(field), 1, kind.charCodeAt(0), 0])
    const data =
      kind === 'u'
        ? number(value)
        : kind === 'g'
          ? Buffer.concat([Buffer.from([value.length]), Buffer.from(value), Buffer.alloc(1)])
          : string(value)
    list = Buffer.concat([padded(list, 8), head, data])
  }
  const head = [
    Buffer.from(['l'.charCodeAt(0), type, 0, 1]),
    number(body.length),
    number(serial),
    number(list.length),
  ]
  return Buffer.concat([padded(Buffer.concat([...head, list]), 8), body])
}
