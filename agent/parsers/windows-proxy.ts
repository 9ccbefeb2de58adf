// The proxies that Windows' registry names for the whole machine: WinHTTP's, as `netsh winhttp set proxy` writes them, and
// WinINet's. Pure.
import type { RegistryKey } from './registry-export.ts'
import { textIn } from './registry-export.ts'
import { noProxyOf, systemProxyOf, type ProxyPlace, type SystemProxy } from './system-proxy.ts'

const flag = { proxy: 2, script: 4, detection: 8 } as const

/**
 * Of the value `WinHttpSettings`: version, counter and flags, then two texts, each after its length. All numbers are of four
 * bytes, the low one first; no document of Microsoft's has it, Wine's winhttp (session.c) reads it so.
 */
export function parseWinHttpSettings(bytes: Uint8Array): SystemProxy {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = view.length < 12 ? 0 : view.readUInt32LE(8)
  const automatic = (flags & (flag.script | flag.detection)) !== 0
  const servers = (flags & flag.proxy) === 0 ? '' : textAt(view, 12)
  const bypass = servers === '' || servers === null ? '' : textAt(view, 16 + servers.length)
  if (view.length < 12 || servers === null || bypass === null)
    return noProxyOf('winhttp', 'WinHttpSettings is not as Windows writes it: set it again (netsh winhttp).')
  return proxyOf('winhttp', servers, bypass, automatic)
}

function textAt(view: Buffer, place: number): string | null {
  const end = place + 4 > view.length ? null : place + 4 + view.readUInt32LE(place)
  return end === null || end > view.length ? null : view.toString('latin1', place + 4, end)
}

/** Of the machine's `Internet Settings`, which count where the policy `ProxySettingsPerUser` is 0. */
export function parseInternetSettings(key: RegistryKey): SystemProxy {
  const enabled = key.get('proxyenable')
  const isOn = enabled?.type === 'number' && enabled.number !== 0
  const servers = (isOn ? textIn(key, 'ProxyServer') : null) ?? ''
  const automatic = (textIn(key, 'AutoConfigURL') ?? '') !== ''
  return proxyOf('internet-settings', servers, textIn(key, 'ProxyOverride') ?? '', automatic)
}

/** Of `host:port` for all, or of `http=host:port;https=host:port`, which may stand beside it. */
function proxyOf(place: ProxyPlace, servers: string, bypass: string, automatic: boolean): SystemProxy {
  const entries = words(servers).map((entry) => {
    const [, kind = '', address = ''] = /^(?:([a-z]+)=)?(.*)$/is.exec(entry) ?? []
    return { entry, kind: kind.toLowerCase(), address }
  })
  const named = (kind: string): string | null =>
    (entries.find((entry) => entry.kind === kind) ?? entries.find((entry) => entry.kind === ''))?.address ??
    null
  return systemProxyOf({
    place,
    http: named('http'),
    https: named('https'),
    bypass: servers === '' ? [] : words(bypass),
    automatic,
    others: entries.flatMap(({ kind, entry }) => (['', 'http', 'https'].includes(kind) ? [] : [entry])),
  })
}

function words(text: string): readonly string[] {
  return text.split(/[;\s\0]+/).filter((word) => word !== '')
}
