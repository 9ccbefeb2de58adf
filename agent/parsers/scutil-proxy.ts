// What `scutil --proxy` prints: the proxies of the network that macOS is in now, as a dictionary by the names of
// SystemConfiguration (SCSchemaDefinitions.h). Pure.
import { noProxyOf, systemProxyOf, type SystemProxy } from './system-proxy.ts'

/** Deeper ones (`__SCOPED__`) are those of single interfaces. */
export function parseScutilProxy(text: string): SystemProxy {
  const values = new Map<string, string>()
  const exceptions: string[] = []
  const open: string[] = []
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(?:(\S+) : )?(.*)$/.exec(line.trim()) ?? []
    if (value.endsWith('{')) open.push(name)
    else if (value === '}') open.pop()
    else if (open.length === 1) values.set(name, value)
    else if (open.length === 2 && open[1] === 'ExceptionsList') exceptions.push(value)
  }
  const isOn = (name: string): boolean => values.get(name) === '1'
  const named = (kind: 'HTTP' | 'HTTPS' | 'SOCKS'): string | null => {
    const host = values.get(`${kind}Proxy`) ?? ''
    if (!isOn(`${kind}Enable`) || host === '') return null
    const port = values.get(`${kind}Port`) ?? ''
    return `${host.includes(':') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}`
  }
  const [http, https, socks] = [named('HTTP'), named('HTTPS'), named('SOCKS')]
  const automatic = isOn('ProxyAutoConfigEnable') || isOn('ProxyAutoDiscoveryEnable')
  if (http === null && https === null && socks === null && !automatic) return noProxyOf('network-settings')
  return systemProxyOf({
    place: 'network-settings',
    http,
    https,
    bypass: isOn('ExcludeSimpleHostnames') ? [...exceptions, '<local>'] : exceptions,
    automatic,
    others: socks === null ? [] : [`socks://${socks}`],
  })
}
