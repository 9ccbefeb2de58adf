// A server's certificate as `doctor` tells of it: whose, until when, and who on this machine vouches for it.
import { X509Certificate } from 'node:crypto'
import process from 'node:process'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { pinOf } from './http.ts'

export interface CertificateSeen {
  readonly subject: string
  readonly issuer: string
  /** Of the end of the chain as far as it is known here. */
  readonly authority: string
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly pin: string
  /**
   * `public`: an authority that everybody's programs know · `machine`: one that only this machine trusts, such as an
   * organisation's own or that of a proxy that reads connections · `nobody`
   */
  readonly vouchedBy: 'public' | 'machine' | 'nobody'
}

export function certificateOf(socket: TLSSocket): CertificateSeen | null {
  const leaf = socket.getPeerCertificate(true)
  // An empty object where there is none.
  if (!('raw' in leaf)) return null
  const root = rootOf(leaf)
  return {
    subject: nameOf(leaf.subject),
    issuer: nameOf(leaf.issuer),
    authority: nameOf(root.issuer),
    from: Date.parse(leaf.valid_from),
    until: Date.parse(leaf.valid_to),
    pin: pinOf(leaf.raw),
    vouchedBy: vouchedBy(root),
  }
}

const longest = 20

function rootOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate {
  let at = leaf
  for (let depth = 0; depth < longest; depth++) {
    const next: DetailedPeerCertificate | undefined = at.issuerCertificate
    if (next === undefined || next.fingerprint256 === at.fingerprint256) break
    at = next
  }
  return at
}

function vouchedBy(root: DetailedPeerCertificate): CertificateSeen['vouchedBy'] {
  const { getCACertificates } = process.getBuiltinModule('node:tls')
  const last = new X509Certificate(root.raw)
  if (vouches(getCACertificates('bundled'), last)) return 'public'
  return vouches([...getCACertificates('system'), ...getCACertificates('extra')], last) ? 'machine' : 'nobody'
}

function vouches(authorities: readonly string[], last: X509Certificate): boolean {
  return authorities.some((pem) => {
    const authority = new X509Certificate(pem)
    if (authority.fingerprint256 === last.fingerprint256) return true
    return last.checkIssued(authority) && last.verify(authority.publicKey)
  })
}

/** The organisation and common name, which is what people know an authority by. */
function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const parts = [name?.O, name?.CN].flat().filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? '(no name)' : parts.join(', ')
}
