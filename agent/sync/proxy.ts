// Through which proxy the server is reached, and who said so. Pure; the proxying itself is Node's own agent's.
import { addressNumber, proxyAddress, type SystemProxy } from '../parsers/system-proxy.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface ProxySettings {
  readonly proxy: string | null
  readonly noProxy: string | null
}

/** How requests go. */
export interface ProxyRoute {
  /** `http_proxy`, `https_proxy` and `no_proxy`, for Node's agent. */
  readonly variables: Environment
  readonly from: 'setting' | 'environment' | 'system'
  /** What is said of proxies and is not followed: names of variables, what the system says. It may hold a password. */
  readonly passedOver: readonly string[]
  /** The system's answer, where it was asked. */
  readonly system: SystemProxy | null
}

const ownMachine = ['localhost', '127.0.0.1', '::1']

/**
 * A proxy of the settings, else what the environment says, else the system: settings or an environment that name a proxy, or
 * hosts without one, leave the system aside as a whole. This machine is reached without a proxy but by the environment's rules.
 * @param system asked only where its answer counts
 */
export async function proxyRoute(
  { proxy, noProxy }: ProxySettings,
  env: Environment,
  system: () => Promise<SystemProxy>,
): Promise<ProxyRoute> {
  if (proxy !== null) {
    const variables = variablesOf(proxy, proxy, noProxy === null ? [] : [noProxy])
    return { variables, from: 'setting', passedOver: [], system: null }
  }
  const given = names.filter((name) => (env[name] ?? '') !== '')
  if (noProxy !== null || given.length > 0) {
    const taken = given.filter((name) => !isRefused(env[name] ?? ''))
    const variables = Object.fromEntries(taken.map((name) => [name, env[name]]))
    const passedOver = given.filter((name) => !taken.includes(name))
    return { variables, from: 'environment', passedOver, system: null }
  }
  const asked = await system()
  const variables = variablesOf(asked.http, asked.https, asked.bypass)
  return { variables, from: 'system', passedOver: asked.passedOver, system: asked }
}

function variablesOf(http: string | null, https: string | null, bypass: readonly string[]): Environment {
  return {
    ...(http === null ? {} : { http_proxy: http }),
    ...(https === null ? {} : { https_proxy: https }),
    no_proxy: [...ownMachine, ...bypass].join(','),
  }
}

const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']

/** Node's agent throws at such an address, and tells its password. */
function isRefused(text: string): boolean {
  return /^https?:\/\//.test(text) && proxyAddress(text) === null
}

export interface ProxyChoice {
  readonly host: string
  readonly port: number
  /** Without a password. */
  readonly address: string
  /** The variable that names it; what set it is known where the variables come from. */
  readonly variable: string
}

/** The proxy for an address, by the rules of Node's agent; null: none. */
export function proxyFor(url: URL, variables: Environment): ProxyChoice | null {
  const kind = url.protocol.replace(':', '_proxy')
  const variable = [kind, kind.toUpperCase()].find((name) => (variables[name] ?? '') !== '')
  const text = variable === undefined ? undefined : variables[variable]
  if (variable === undefined || text === undefined || !URL.canParse(text)) return null
  const proxy = new URL(text)
  if (!/^https?:$/.test(proxy.protocol)) return null
  const list = variables['no_proxy'] || variables['NO_PROXY'] || ''
  if (list.split(',').some((entry) => bypasses(entry.trim().toLowerCase(), url))) return null
  return {
    host: hostOf(proxy),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
    address: proxy.origin,
    variable,
  }
}

/** As sockets and Node's agent have it: an address of IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function bypasses(entry: string, url: URL): boolean {
  const { port, protocol } = url
  const hostname = hostOf(url)
  if (entry === '*') return true
  const usual = protocol === 'https:' ? '443' : '80'
  if (entry === hostname || entry === `${hostname}:${port === '' ? usual : port}`) return true
  if (entry.startsWith('*.')) return hostname.endsWith(entry.slice(1))
  if (entry.startsWith('.')) return hostname === entry.slice(1) || hostname.endsWith(entry)
  return isWithin(entry, hostname)
}

/** @param range `10.0.0.0-10.0.0.255` */
function isWithin(range: string, hostname: string): boolean {
  const [first, last, more] = range.split('-').map((address) => addressNumber(address.trim()))
  const asked = addressNumber(hostname)
  if (first == null || last == null || asked === null || more !== undefined) return false
  return first <= asked && asked <= last
}
