// The transport over real sockets: bounds, failures, proxies.
import { createServer, type Server, type ServerResponse, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { networkTransport, pinOf, trustSystem, type HttpRequest } from '../../../../agent/sync/http.ts'
import { throwawayAuthority } from '../../../helpers/certificate.ts'

let server: Server | null = null
afterEach(async () => {
  await new Promise((closed) => (server === null ? closed(null) : server.close(closed)))
  server = null
})

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  server = createServer(handle)
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening))
  return (server.address() as AddressInfo).port
}

const request = (port: number, change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url: new URL(`http://127.0.0.1:${port}/x?y=1`),
  headers: { 'x-a': 'b' },
  body: Buffer.from('hello'),
  timeoutMs: 2000,
  maxBytes: 100,
  ...change,
})

const unproxied = () => Promise.resolve({})
const transport = networkTransport(unproxied)

test('a request arrives as it was made, and its answer comes back', async () => {
  const port = await serve((message, response) => {
    let body = ''
    message.on('data', (part) => (body += String(part)))
    message.on('end', () => {
      response.setHeader('etag', '"1"')
      response.end(
        `${message.method} ${message.url} ${String(message.headers['x-a'])} ${message.headers['content-length'] ?? ''} ${body}`,
      )
    })
  })
  const answer = await transport(request(port))
  expect(answer).toMatchObject({
    ok: true,
    status: 200,
    body: 'POST /x?y=1 b 5 hello',
    headers: { etag: '"1"' },
  })
})

describe('an answer', () => {
  test('that is too large is cut off', async () => {
    const port = await serve((_, response) => void response.end('x'.repeat(1000)))
    expect(await transport(request(port))).toMatchObject({ ok: false, code: 'too-large' })
  })

  test('that does not come in time is given up', async () => {
    const port = await serve(() => {})
    expect(await transport(request(port, { timeoutMs: 100 }))).toMatchObject({ ok: false, code: 'timeout' })
    server?.closeAllConnections()
  })

  test('that comes by drops is given up in the same time', async () => {
    const port = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect(await transport(request(port, { timeoutMs: 200 }))).toMatchObject({ ok: false, code: 'timeout' })
  })

  test('that breaks off is a failure', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '50' })
      response.write('x')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await transport(request(port))).toMatchObject({ ok: false })
  })

  test('that leads elsewhere is not followed', async () => {
    let asked = 0
    const port = await serve((_, response) => {
      asked++
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await transport(request(port))).toMatchObject({ ok: true, status: 302 })
    expect(asked).toBe(1)
  })

  test('from nobody is a failure with the system’s code', async () => {
    expect(await transport(request(1))).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
  })
})

test('a proxy named in the environment is used, except where it says not to', async () => {
  const urls: string[] = []
  const port = await serve((message, response) => {
    urls.push(message.url ?? '')
    response.end('via proxy')
  })
  const env = { http_proxy: `http://127.0.0.1:${port}`, no_proxy: 'direct.invalid' }
  const through = networkTransport(() => Promise.resolve(env))
  const to = (host: string) => request(port, { url: new URL(`http://${host}/x`) })
  expect(await through(to('cutoff.invalid'))).toMatchObject({ ok: true, body: 'via proxy' })
  expect(urls).toEqual(['http://cutoff.invalid/x'])
  expect(await through(to('direct.invalid'))).toMatchObject({ ok: false })
})

describe('a server over TLS', () => {
  const day = 86_400_000
  const authority = throwawayAuthority('Throwaway Root', Date.now())
  const issued = authority.issue({ name: 'localhost', from: Date.now() - day, until: Date.now() + day })
  const pin = pinOf(new X509Certificate(issued.certificate).raw)
  const other = `sha256//${'A'.repeat(43)}=`

  async function secure(): Promise<URL> {
    const tls = createTlsServer({ cert: issued.certificate, key: issued.key }, (_, response) => {
      response.end('hello')
    })
    server = tls as unknown as Server
    await new Promise<void>((listening) => tls.listen(0, '127.0.0.1', listening))
    return new URL(`https://127.0.0.1:${(tls.address() as AddressInfo).port}/`)
  }

  test('of an authority that this machine does not trust gets nothing', async () => {
    const answer = await transport(request(1, { url: await secure() }))
    expect(answer).toMatchObject({ ok: false, code: 'certificate-untrusted' })
  })

  test('with a pinned key does not make an unknown authority believed', async () => {
    const answer = await networkTransport(unproxied, [pin])(request(1, { url: await secure() }))
    expect(answer).toMatchObject({ ok: false, code: 'certificate-untrusted' })
  })

  describe('of an authority that this machine trusts', () => {
    beforeAll(() => {
      trustSystem()
      setDefaultCACertificates([...getCACertificates('default'), authority.certificate])
    })

    test.each([
      ['no pin', [], { ok: true, body: 'hello' }],
      ['its key pinned', [pin], { ok: true, body: 'hello' }],
      ['one of several', [other, pin], { ok: true, body: 'hello' }],
      ['another key pinned', [other], { ok: false, code: 'certificate-pin' }],
      ['a pin that nothing fits', ['sha256//none'], { ok: false, code: 'certificate-pin' }],
    ])('with %s', async (_, pins, expected) => {
      const answer = await networkTransport(unproxied, pins)(request(1, { url: await secure() }))
      expect(answer).toMatchObject(expected)
    })
  })
})
