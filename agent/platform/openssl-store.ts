// Where OpenSSL looks for the authorities that a Linux trusts. Looks at names alone; OpenSSL itself reads what it needs.
import { existsSync, readdirSync } from 'node:fs'

/** Of the OpenSSL in Node. The variables that name others are OpenSSL's own. */
const usualFile = '/etc/ssl/cert.pem'
const usualFolder = '/etc/ssl/certs'

/**
 * Whether OpenSSL finds this machine's authorities by itself: all in one file, or each by the hash of its name, as
 * `openssl rehash` leaves them. Red Hat's folder, for one, holds a file of all of them under another name.
 */
export function opensslFindsAuthorities(env: Readonly<Record<string, string | undefined>>): boolean {
  if (existsSync(env['SSL_CERT_FILE'] ?? usualFile)) return true
  const folders = (env['SSL_CERT_DIR'] ?? usualFolder).split(':')
  return folders.some((folder) => namesIn(folder).some((name) => /^[0-9a-f]{8}\.\d+$/.test(name)))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
