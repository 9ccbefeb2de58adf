// Through which proxy the server is reached, and who said so. Pure; the proxying itself is Node's own agent's.

type Environment = Readonly<Record<string, string | undefined>>

export interface ProxySettings {
  readonly proxy: string | null
  readonly noProxy: string | null
}

const ownMachine = 'localhost,127.0.0.1,[::1]'

/**
 * The variables for Node's agent. A proxy of the settings stands for all that the environment says of proxies; this
 * machine is reached without it.
 */
export function proxyVariables(settings: ProxySettings, env: Environment): Environment {
  if (settings.proxy === null) return env
  const bypassed = settings.noProxy === null ? ownMachine : `${ownMachine},${settings.noProxy}`
  return { http_proxy: settings.proxy, https_proxy: settings.proxy, no_proxy: bypassed }
}

export interface ProxyChoice {
  readonly host: string
  readonly port: number
  /** Without a password. */
  readonly address: string
  /** The variable that names it; what set it is known where the variables come from. */
  readonly variable: string
}

/** The proxy for an address, by the rules of Node's agent but for ranges of addresses in `NO_PROXY`; null: none. */
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
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
    address: proxy.origin,
    variable,
  }
}

function bypasses(entry: string, { hostname, port, protocol }: URL): boolean {
  if (entry === '*') return true
  const usual = protocol === 'https:' ? '443' : '80'
  if (entry === hostname || entry === `${hostname}:${port === '' ? usual : port}`) return true
  if (entry.startsWith('*.')) return hostname.endsWith(entry.slice(1))
  return entry.startsWith('.') && (hostname === entry.slice(1) || hostname.endsWith(entry))
}
