// What a system says of its proxies, in the terms of Node's agent, which does the proxying. What Node's agent has no word for is
// named, never guessed. Pure.
import { isDecodable } from '#shared/settings.ts'

/** Where a system keeps it. */
export type ProxyPlace = 'environment-file' | 'network-settings' | 'winhttp' | 'internet-settings'

export interface SystemProxy {
  readonly place: ProxyPlace
  /** Addresses of the proxies for http and https; null: none. They may hold a password. */
  readonly http: string | null
  readonly https: string | null
  /** Hosts that are reached without them, as Node's agent reads `no_proxy`. */
  readonly bypass: readonly string[]
  /** What else is said and is not followed: rules for hosts, proxies of other kinds. It may hold a password. */
  readonly passedOver: readonly string[]
  /** A script, or the network, is to say which proxy it is (PAC, WPAD): not followed. */
  readonly automatic: boolean
  /** Why what the system says is not known, in a sentence; null: it is known. */
  readonly fault: string | null
}

/** The system names no proxy. */
export function noProxyOf(place: ProxyPlace, fault: string | null = null): SystemProxy {
  return { place, http: null, https: null, bypass: [], passedOver: [], automatic: false, fault }
}

/** As systems write it. */
export interface WrittenProxy {
  readonly place: ProxyPlace
  /** Addresses, with or without `http://` before them; null: none. */
  readonly http: string | null
  readonly https: string | null
  /** Hosts: names, addresses, `*.domain`, `10.*`, `10.0.0.0/8`, `169.254/16`, `<local>`. */
  readonly bypass: readonly string[]
  readonly automatic?: boolean
  /** Proxies of other kinds. */
  readonly others?: readonly string[]
}

export function systemProxyOf({ place, http, https, bypass, ...more }: WrittenProxy): SystemProxy {
  const addressOf = (text: string | null) => (text === null ? null : proxyAddress(text))
  const strange = [http, https].flatMap((text) => (text === null || addressOf(text) !== null ? [] : [text]))
  const rules = bypass.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')
  const passedOver = [
    ...strange,
    ...(more.others ?? []),
    ...rules.filter((text) => bypassRule(text) === null),
  ]
  return {
    place,
    http: addressOf(http),
    https: addressOf(https),
    bypass: rules.flatMap((text) => bypassRule(text) ?? []),
    passedOver: [...new Set(passedOver)],
    automatic: more.automatic === true,
    fault: null,
  }
}

/** A proxy's address with its scheme; null for what Node's agent does not take, or would throw at. */
export function proxyAddress(text: string): string | null {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(written)) return null
  const { protocol, username, password, href } = new URL(written)
  return /^https?:$/.test(protocol) && isDecodable(username + password) ? href : null
}

/** Null where Node's agent has no such rule. */
function bypassRule(text: string): string | null {
  if (text === '*') return text
  const range = addressRange(text)
  if (range !== null) return range
  // Names without a dot (`<local>`), parts of names, networks of IPv6.
  return /^(\*?\.)?[^*<>/,\s]+$/.test(text) ? text : null
}

/** `10.0.0.0-10.255.255.255` of `10.0.0.0/8`, `10/8`, `10.*`; null for anything else. */
function addressRange(text: string): string | null {
  const [, network, bits] = /^(\d{1,3}(?:\.\d{1,3}){0,3})\/(\d{1,2})$/.exec(text) ?? []
  const [, beginning] = /^(\d{1,3}(?:\.\d{1,3}){0,2})(?:\.\*){1,3}$/.exec(text) ?? []
  const parts = (network ?? beginning)?.split('.') ?? []
  const first = addressNumber([...parts, '0', '0', '0', '0'].slice(0, 4).join('.'))
  const kept = bits === undefined ? parts.length * 8 : Number(bits)
  if (parts.length === 0 || first === null || kept > 32) return null
  const size = 2 ** (32 - kept)
  const begin = first - (first % size)
  return `${addressText(begin)}-${addressText(begin + size - 1)}`
}

/** An IPv4 address as a number; null for what is none. */
export function addressNumber(text: string): number | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
