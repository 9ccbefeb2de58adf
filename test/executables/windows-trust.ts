// Puts an authority where a Windows machine has the ones that it trusts, as device management does: into the machine's store of
// roots, which is a key of the registry under Wine too.
import { createHash, X509Certificate } from 'node:crypto'
import type { Wine } from './wine.ts'

const roots = String.raw`HKLM\Software\Microsoft\SystemCertificates\Root\Certificates`
/** Of a stored certificate (wincrypt.h: CERT_SHA1_HASH_PROP_ID, CERT_CERT_PROP_ID). */
const hashProperty = 3
const certificateProperty = 32

/** @param authority PEM */
export function trustOnWindows({ tool }: Wine, authority: string): void {
  const { raw } = new X509Certificate(authority)
  const hash = createHash('sha1').update(raw).digest()
  const blob = Buffer.concat([property(hashProperty, hash), property(certificateProperty, raw)])
  const key = `${roots}\\${hash.toString('hex').toUpperCase()}`
  tool('reg', 'add', key, '/v', 'Blob', '/t', 'REG_BINARY', '/d', blob.toString('hex'), '/f')
}

function property(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(id, 0)
  head.writeUInt32LE(1, 4)
  head.writeUInt32LE(value.length, 8)
  return Buffer.concat([head, value])
}
