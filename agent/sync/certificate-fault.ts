// Why a server's certificate is not believed: OpenSSL's and Node's many codes as the few things that somebody can do
// something about. Pure.

export type CertificateFault =
  | 'certificate-untrusted'
  | 'certificate-time'
  | 'certificate-name'
  | 'certificate-pin'

/** What failed and what to do, for `status`. */
export const certificateFaultMessages: Readonly<Record<CertificateFault, string>> = {
  'certificate-untrusted':
    'the server’s certificate is of an authority that this machine does not trust: put it into the system’s store if it is the organisation’s own or its proxy’s; cutoff-agent doctor names it',
  'certificate-time':
    'the server’s certificate is not valid at this machine’s time: set the clock if it is wrong, else renew the certificate; nothing is lost meanwhile',
  'certificate-name':
    'the server’s certificate is for another name: check the address of the server in the settings',
  'certificate-pin':
    'the server’s key is none of those that are pinned: another server, or a proxy that reads the connection',
}

const faults: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: 'certificate-time',
  CERT_NOT_YET_VALID: 'certificate-time',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  HOSTNAME_MISMATCH: 'certificate-name',
  'certificate-pin': 'certificate-pin',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  CERT_REJECTED: 'certificate-untrusted',
  CERT_REVOKED: 'certificate-untrusted',
  INVALID_CA: 'certificate-untrusted',
  INVALID_PURPOSE: 'certificate-untrusted',
  CERT_CHAIN_TOO_LONG: 'certificate-untrusted',
}

/** Null for a code that says nothing of a certificate. */
export function certificateFaultOf(code: string): CertificateFault | null {
  return Object.hasOwn(faults, code) ? (faults[code] ?? null) : null
}
