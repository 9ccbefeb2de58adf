// A bad network: stands between agent and server and cuts, loses, repeats or answers itself, as a test tells it to.
// Knows bytes of HTTP/1.1 with one request per connection, which is how the agent speaks.
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * `pass` · `refuse`: the connection breaks at once · `cut-request`: half of it reaches the server · `cut-reply`: the server has
 * answered, the agent never hears it · `repeat`: passes, and the same bytes come again at once and after the next request ·
 * `answer`: somebody else answers in the server's place.
 */
export type Fate =
  | 'pass'
  | 'refuse'
  | 'cut-request'
  | 'cut-reply'
  | 'repeat'
  | { readonly answer: string; readonly of: string }

export interface CuttingProxy {
  readonly url: string
  /** Decides on each request; replaced by tests. */
  fate: () => Fate
  /** How often each fate befell a check-in, and how often one was answered with 200. */
  readonly counts: { received: number; repeated: number; readonly fates: Map<string, number> }
  /** Nobody listens any more. */
  readonly down: () => Promise<void>
  readonly up: () => Promise<void>
  /** Repetitions that are under way are over. */
  readonly settled: () => Promise<unknown>
}

/** @param target address of the server, known once it runs */
export async function openCuttingProxy(target: () => URL): Promise<CuttingProxy> {
  const open = new Set<Socket>()
  const underWay = new Set<Promise<unknown>>()
  /** Requests that come again after the next one. */
  const late: Buffer[] = []
  let port = 0

  const server = createServer((client) => {
    open.add(client)
    client.once('close', () => open.delete(client)).on('error', () => client.destroy())
    let received: Buffer = Buffer.alloc(0)
    client.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      const length = lengthOf(received)
      if (length === null || received.length < length) return
      client.removeAllListeners('data')
      client.resume()
      const handled = handle(client, received).catch(() => client.destroy())
      underWay.add(handled)
      void handled.finally(() => underWay.delete(handled))
    })
  })

  async function handle(client: Socket, request: Buffer): Promise<void> {
    const isCheckIn = request.subarray(0, 200).includes('/check-in ')
    const fate = proxy.fate()
    const name = typeof fate === 'string' ? fate : fate.of
    if (isCheckIn) proxy.counts.fates.set(name, (proxy.counts.fates.get(name) ?? 0) + 1)
    if (fate === 'refuse') return void client.destroy()
    if (typeof fate === 'object') return void client.end(fate.answer)
    if (fate === 'cut-request') {
      const upstream = connect()
      upstream.write(request.subarray(0, Math.floor(request.length / 2)), () => upstream.destroy())
      return void client.destroy()
    }
    const earlier = isCheckIn ? late.splice(0) : []
    const reply = await ask(request)
    if (isCheckIn && reply.subarray(0, 12).toString() === 'HTTP/1.1 200') proxy.counts.received++
    for (const again of earlier) await askAgain(again)
    if (fate === 'cut-reply') return void client.destroy()
    client.end(reply)
    if (fate !== 'repeat' || !isCheckIn) return
    late.push(request)
    await askAgain(request)
  }

  async function askAgain(request: Buffer): Promise<void> {
    proxy.counts.repeated++
    await ask(request)
  }

  const connect = (): Socket => {
    const { hostname, port: to } = target()
    const upstream = createConnection(Number(to), hostname)
    return upstream.on('error', () => upstream.destroy())
  }
  const ask = (request: Buffer): Promise<Buffer> => {
    const upstream = connect()
    upstream.write(request)
    return buffer(upstream)
  }

  const proxy: CuttingProxy = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    fate: () => 'pass',
    counts: { received: 0, repeated: 0, fates: new Map() },
    up: () =>
      new Promise((resolve) => {
        server.listen(port, '127.0.0.1', () => {
          port = (server.address() as AddressInfo).port // listens on TCP
          resolve()
        })
      }),
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
    settled: () => Promise.allSettled(underWay),
  }
  await proxy.up()
  return proxy
}

/** Length of the whole request; null until its head is there. */
function lengthOf(received: Buffer): number | null {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return null
  const head = received.subarray(0, end).toString('latin1')
  return end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
}
