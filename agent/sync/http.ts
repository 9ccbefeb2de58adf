// One HTTP request and its answer, bounded in time and size, over node:http(s). Follows no redirect, keeps no connection.
// Knows nothing of what is sent; failures are values.
import process from 'node:process'
import { createHash, X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { opensslFindsAuthorities } from '../platform/openssl-store.ts'
import { certificateFaultMessages, certificateFaultOf } from './certificate-fault.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  readonly timeoutMs: number
  /** Gives the request up before that. */
  readonly signal?: AbortSignal
  readonly maxBytes: number
}

export type HttpAnswer =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly body: string
    }
  /** `code`: the system's, or `timeout`, `too-large`, or of `CertificateFault`. */
  | { readonly ok: false; readonly code: string; readonly message: string }

export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The transport over the network. Trusts what the operating system trusts, and goes through the proxy that the variables
 * name (`https_proxy`, `no_proxy`), of `proxyRoute`.
 * @param proxy asked before the first request, and again after one that failed: a laptop may be in another network by then
 * @param pins where there are any, a server must also have one of these keys, by `pinOf`; else `certificate-pin`
 */
export function networkTransport(proxy: () => Promise<Environment>, pins: readonly string[] = []): Transport {
  let known: Promise<Environment> | null = null
  return async (request) => {
    known ??= proxy()
    const env = await known
    const isTls = request.url.protocol === 'https:'
    const answer = await exchange(request, isTls ? openTls(env, pins) : openPlain(env))
    if (!answer.ok) known = null
    return answer
  }
}

/** How a certificate's public key is pinned: `sha256//` and the base64 of its SHA-256. @param raw the certificate, DER */
export function pinOf(raw: Buffer): string {
  const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256//${createHash('sha256').update(key).digest('base64')}`
}

type Open = (url: URL, options: RequestOptions, answered: (m: IncomingMessage) => void) => ClientRequest

// Not by `import`, which reads every export: `node:http` then loads the WebSocket that it passes on, and with it all of
// undici. Measured (Node 26, Linux): 13 MB of RSS, 5 MB of it private, 65 ms of CPU.
function openPlain(env: Environment): Open {
  const { request, Agent } = process.getBuiltinModule('node:http')
  return (url, options, answered) =>
    request(url, { ...options, agent: new Agent({ proxyEnv: env }) }, answered)
}

/**
 * With it, which the executable for Linux has, Node brings no authorities of its own, and OpenSSL looks up the one that it needs
 * in the system's store. Measured beside all of them in memory (Node 26, a daemon with 2,000 session files): 3 MB less.
 */
const lookedUpByOpenssl = '--use-openssl-ca'
let systemTrusted = false

/** From now on this process trusts what the operating system trusts. */
export function trustSystem(): void {
  if (systemTrusted) return
  systemTrusted = true
  const isLookedUp = process.execArgv.includes(lookedUpByOpenssl) && opensslFindsAuthorities(process.env)
  if (isLookedUp) return
  const tls = process.getBuiltinModule('node:tls')
  // Companies that inspect TLS put their own authority into the system's store. It names many twice, and most that Node
  // brings: each costs 14 kB.
  const trusted = [...tls.getCACertificates('default'), ...tls.getCACertificates('system')]
  tls.setDefaultCACertificates(
    trusted.length === 0 ? tls.getCACertificates('bundled') : [...new Set(trusted)],
  )
}

function openTls(env: Environment, pins: readonly string[]): Open {
  const { request, Agent } = process.getBuiltinModule('node:https')
  trustSystem()
  const pinned = pins.length === 0 ? {} : { checkServerIdentity: pinCheck(pins) }
  return (url, options, answered) =>
    request(url, { ...options, agent: new Agent({ ...pinned, proxyEnv: env }) }, answered)
}

/** Beside the usual check: a certificate for this name, with a key that is expected. */
export function pinCheck(pins: readonly string[]) {
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    const wrong = process.getBuiltinModule('node:tls').checkServerIdentity(host, certificate)
    if (wrong !== undefined || pins.includes(pinOf(certificate.raw))) return wrong
    const error = new Error(certificateFaultMessages['certificate-pin'])
    return Object.assign(error, { code: 'certificate-pin' })
  }
}

function exchange(request: HttpRequest, open: Open): Promise<HttpAnswer> {
  const { method, url, headers, body, timeoutMs, maxBytes } = request
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
      const fault = certificateFaultOf(code)
      if (fault !== null) {
        const exactly = fault === code ? '' : ` (${code})`
        return resolve({ ok: false, code: fault, message: certificateFaultMessages[fault] + exactly })
      }
      const message = error instanceof Error ? error.message : 'failed'
      resolve({ ok: false, code: /TimeoutError|ABORT_ERR|^23$/.test(code) ? 'timeout' : code, message })
    }
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal])
    const length = body === null ? {} : { 'content-length': String(body.length) }
    const sent = open(url, { method, headers: { ...headers, ...length }, signal }, (message) => {
      const parts: Buffer[] = []
      let size = 0
      message.on('data', (part: Buffer) => {
        size += part.length
        if (size > maxBytes) {
          resolve({ ok: false, code: 'too-large', message: `the answer is larger than ${maxBytes} bytes` })
          message.destroy()
        } else parts.push(part)
      })
      message.on('error', fail)
      message.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        resolve({ ok: true, status: message.statusCode ?? 0, headers: message.headers, body: text })
      })
    })
    sent.on('error', fail)
    sent.end(body ?? undefined)
  })
}
