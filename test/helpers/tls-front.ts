// A server behind real TLS, on a port of its own.
import { request as requestPlain, type RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Issued } from './certificate.ts'
import type { TestServer } from './test-server.ts'

export interface TlsFront {
  /** `https://localhost:` and its port. */
  readonly address: string
  /** From now on it shows another certificate. */
  readonly show: (issued: Issued) => void
  readonly close: () => Promise<void>
}

/** @param answered what is behind it: `injected`, `passedOn` */
export async function openTlsFront(issued: Issued, answered: RequestListener): Promise<TlsFront> {
  const front: Server = createServer({ cert: issued.certificate, key: issued.key }, answered)
  await new Promise<void>((ready) => front.listen(0, '127.0.0.1', ready))
  return {
    address: `https://localhost:${(front.address() as AddressInfo).port}`,
    show: ({ certificate, key }) => front.setSecureContext({ cert: certificate, key }),
    async close() {
      front.closeAllConnections()
      await new Promise((closed) => front.close(closed))
    },
  }
}

/** @param server asked for at each request, so that it can be started with the front's address */
export function injected(server: () => TestServer): RequestListener {
  return (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method, url = '/', headers } = request
      const payload = parts.length === 0 ? {} : { payload: Buffer.concat(parts) }
      void server()
        .server.inject({ method: method === 'POST' ? 'POST' : 'GET', url, headers, ...payload })
        .then((answer) => response.writeHead(answer.statusCode, answer.headers).end(answer.rawPayload))
    })
  }
}

/** @param url of a server that runs as a process of its own; asked for at each request, as above */
export function passedOn(url: () => string): RequestListener {
  return (request, response) => {
    const { method, headers } = request
    const onward = requestPlain(new URL(request.url ?? '/', url()), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }
}
