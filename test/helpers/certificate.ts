// Throwaway authorities and certificates for tests, made by hand: DER of X.509 version 3 with P-256 keys.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface Issued {
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

export interface Authority extends Issued {
  readonly issue: (wanted: Wanted) => Issued
}

export interface Wanted {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), body])
}
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const text = (value: string): Buffer => der(0x0c, Buffer.from(value))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))

function nameOf(common: string): Buffer {
  const part = (type: string, value: string) => der(0x31, sequence(oid(type), text(value)))
  return sequence(part('55040a', 'Throwaway Ltd'), part('550403', common))
}

function timeOf(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return der(0x18, Buffer.from(`${digits}Z`))
}

interface Parts extends Wanted {
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

function certificateOf(parts: Parts): string {
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    ecdsaWithSha256,
    nameOf(parts.issuer),
    sequence(timeOf(parts.from), timeOf(parts.until)),
    nameOf(parts.name),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...parts.extensions)),
  )
  const signature = sign('sha256', body, parts.signer)
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value))
const pem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }))

/** An authority that nobody knows, and what it issues for a name, 127.0.0.1 and localhost. */
export function throwawayAuthority(name: string, now: number): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const year = 31_536_000_000
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))
  return {
    certificate: certificateOf({
      name,
      issuer: name,
      from: now - year,
      until: now + year,
      publicKey: own.publicKey,
      signer: own.privateKey,
      extensions: [isAuthority],
    }),
    key: pem(own.privateKey),
    issue(wanted) {
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const hosts = [...new Set([wanted.name, 'localhost'])].map((host) => der(0x82, Buffer.from(host)))
      const names = sequence(...hosts, der(0x87, Buffer.from([127, 0, 0, 1])))
      const certificate = certificateOf({
        ...wanted,
        issuer: name,
        publicKey: keys.publicKey,
        signer: own.privateKey,
        extensions: [extension('551d11', names)],
      })
      return { certificate, key: pem(keys.privateKey) }
    },
  }
}
