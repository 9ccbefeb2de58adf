// A company's proxy that reads connections: it answers CONNECT, shows the client a certificate of its own authority for
// the server's name, and passes on what it has read over a connection of its own.
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { throwawayAuthority } from './certificate.ts'

export interface InspectingProxy {
  readonly url: string
  /** PEM of the authority that an organisation would put into the system's store. */
  readonly authority: string
  /** Names and ports that were asked for. */
  readonly targets: readonly string[]
  /** What was read in plain text of what clients sent. */
  readonly read: () => string
  readonly close: () => Promise<void>
}

/** @param reads false: a proxy that only passes on */
export async function openInspectingProxy(reads: boolean, now = Date.now()): Promise<InspectingProxy> {
  const authority = throwawayAuthority('Inspecting Root', now)
  const issued = authority.issue({ name: 'localhost', from: now - 86_400_000, until: now + 86_400_000 })
  const targets: string[] = []
  const plain: Buffer[] = []
  const open = new Set<Socket>()
  const kept = <S extends Socket>(socket: S): S => {
    open.add(socket)
    return socket.on('close', () => open.delete(socket))
  }

  // It ends the client's TLS: each connection that is to be read is led through it.
  let target = { host: '', port: 0 }
  const inside = createTlsServer({ cert: issued.certificate, key: issued.key })
  inside.on('secureConnection', (client) => {
    const server = kept(connectTls({ ...target, servername: 'localhost', rejectUnauthorized: false }))
    client.on('data', (part: Buffer) => plain.push(part))
    join(kept(client), server)
  })
  inside.on('tlsClientError', (_, socket) => socket.destroy())
  await new Promise<void>((ready) => inside.listen(0, '127.0.0.1', ready))

  const proxy = createServer((_, response) => void response.writeHead(405).end())
  proxy.on('connect', (request, client) => {
    targets.push(request.url ?? '')
    const [host = '', port = ''] = (request.url ?? '').split(':')
    target = { host, port: Number(port) }
    const to = reads ? (inside.address() as AddressInfo).port : Number(port)
    const onward = kept(connect(to, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n')))
    join(kept(client as Socket), onward)
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))

  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    authority: authority.certificate,
    targets,
    read: () => Buffer.concat(plain).toString('latin1'),
    async close() {
      for (const socket of open) socket.destroy()
      await Promise.all([proxy, inside].map((server) => new Promise((closed) => server.close(closed))))
    },
  }
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one)
  one.on('error', () => other.destroy())
  other.on('error', () => one.destroy())
}
