// For `doctor`: one look at how the server is reached, step by step, with nothing of this device in it. It asks for `/livez`
// and believes nobody more than the transport does; a certificate that is refused is looked at only to say whose it is.
import process from 'node:process'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { certificateFaultOf } from './certificate-fault.ts'
import { certificateOf, type CertificateSeen } from './certificate.ts'
import { pinCheck, trustSystem } from './http.ts'
import { hostOf, proxyFor, type ProxyChoice } from './proxy.ts'

export interface ProbeParts {
  readonly server: URL
  /** As the transport has them, of `proxyVariables`. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly pins: readonly string[]
  /** Device clock. */
  readonly now: () => number
  readonly timeoutMs: number
}

/** The step at which it ended: the proxy's or server's name, the connection to it, the certificate, the answer. */
export type ProbeStep = 'name' | 'connection' | 'certificate' | 'answer'

export interface Probe {
  readonly proxy: ProxyChoice | null
  /** Null when the server answered as a Cutoff server does. */
  readonly failed: { readonly step: ProbeStep; readonly code: string; readonly message: string } | null
  readonly certificate: CertificateSeen | null
  readonly answer: ProbeAnswer | null
}

export interface ProbeAnswer {
  readonly status: number
  /** What Cutoff answers at `/livez`, and nobody else. */
  readonly ofCutoff: boolean
  readonly contentType: string | null
  readonly location: string | null
  /** Server clock minus device clock, to a second; null where the answer has no date. */
  readonly offsetMs: number | null
}

const maxBytes = 64 * 1024

export async function probe(parts: ProbeParts): Promise<Probe> {
  const { server, variables } = parts
  const proxy = proxyFor(server, variables)
  const usualPort = server.protocol === 'https:' ? 443 : 80
  const first = {
    host: proxy?.host ?? hostOf(server),
    port: proxy?.port ?? Number(server.port || usualPort),
  }
  const seen = { proxy, certificate: null, answer: null }
  const named = await resolved(first.host)
  if (named !== null) return { ...seen, failed: { step: 'name', ...named } }
  const connected = await connects(first.host, first.port, parts.timeoutMs)
  if (connected !== null) return { ...seen, failed: { step: 'connection', ...connected } }
  const asked = await ask(parts, true)
  if (asked.is === 'answer') {
    const { is: _, certificate, ...answer } = asked
    const message = 'the answer is not a Cutoff server’s'
    const failed = answer.ofCutoff ? null : ({ step: 'answer', code: 'not-the-server', message } as const)
    return { proxy, certificate, answer, failed }
  }
  const { code, message } = asked
  if (server.protocol !== 'https:' || certificateFaultOf(code) === null)
    return { ...seen, failed: { step: 'answer', code, message } }
  const looked = await ask(parts, false)
  const certificate = looked.is === 'answer' ? looked.certificate : null
  return { ...seen, certificate, failed: { step: 'certificate', code, message } }
}

interface Fault {
  readonly code: string
  readonly message: string
}

async function resolved(host: string): Promise<Fault | null> {
  try {
    await process.getBuiltinModule('node:dns').promises.lookup(host)
    return null
  } catch (error) {
    return faultOf(error)
  }
}

function connects(host: string, port: number, timeoutMs: number): Promise<Fault | null> {
  return new Promise((resolve) => {
    const socket = process.getBuiltinModule('node:net').connect({ host, port, timeout: timeoutMs })
    const end = (fault: Fault | null): void => {
      socket.destroy()
      resolve(fault)
    }
    socket.on('connect', () => end(null))
    socket.on('timeout', () => end({ code: 'timeout', message: 'there was no answer in time' }))
    socket.on('error', (error) => end(faultOf(error)))
  })
}

type Asked =
  | ({ readonly is: 'answer'; readonly certificate: CertificateSeen | null } & ProbeAnswer)
  | ({ readonly is: 'fault' } & Fault)

/** @param strict false: any certificate will do, to see whose it is */
function ask(parts: ProbeParts, strict: boolean): Promise<Asked> {
  const { server, now } = parts
  const url = new URL(`${server.pathname.replace(/\/$/, '')}/livez`, server)
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ is: 'fault', ...faultOf(error) })
    const sentAt = now()
    const answered = (message: IncomingMessage): void => {
      const { socket } = message
      const certificate = 'getPeerCertificate' in socket ? certificateOf(socket as TLSSocket) : null
      let text = ''
      message.setEncoding('utf8')
      message.on('data', (part: string) => {
        if (text.length < maxBytes) text += part
        else message.destroy()
      })
      message.on('error', fail)
      message.on('close', () =>
        resolve({ is: 'answer', certificate, ...answerOf(message, text, (sentAt + now()) / 2) }),
      )
    }
    const sent = open(parts, url, strict, answered)
    sent.on('error', fail)
    sent.end()
  })
}

function open(
  parts: ProbeParts,
  url: URL,
  strict: boolean,
  answered: (m: IncomingMessage) => void,
): ClientRequest {
  const options = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(parts.timeoutMs) }
  if (url.protocol === 'http:') {
    const { request, Agent } = process.getBuiltinModule('node:http')
    return request(url, { ...options, agent: new Agent({ proxyEnv: parts.variables }) }, answered)
  }
  const { request, Agent } = process.getBuiltinModule('node:https')
  trustSystem()
  const trust = !strict
    ? { rejectUnauthorized: false }
    : parts.pins.length === 0
      ? {}
      : { checkServerIdentity: pinCheck(parts.pins) }
  return request(url, { ...options, agent: new Agent({ ...trust, proxyEnv: parts.variables }) }, answered)
}

function answerOf(message: IncomingMessage, text: string, middle: number): ProbeAnswer {
  const { date, location } = message.headers
  // A date is the second's beginning.
  const at = date === undefined ? Number.NaN : Date.parse(date) + 500
  return {
    status: message.statusCode ?? 0,
    ofCutoff: message.statusCode === 200 && isLivez(text),
    contentType: message.headers['content-type'] ?? null,
    location: location ?? null,
    offsetMs: Number.isNaN(at) ? null : at - middle,
  }
}

function isLivez(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'status' in value && value.status === 'live'
  } catch {
    return false
  }
}

function faultOf(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
  const message = error instanceof Error ? error.message : 'failed'
  return { code: /TimeoutError|ABORT_ERR|^23$/.test(code) ? 'timeout' : code, message }
}
