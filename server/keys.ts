// The keys that the server keeps beside its database, each in a file of its own that only it can read: the organisation's
// (signs policies), the server's (signs receipts and the time), and the secrets that key names and session hashes.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicKeyOf, sha256 } from './crypto.ts'
import { makeFolder } from './folder.ts'

export interface Keys {
  readonly organisation: KeyObject
  readonly server: KeyObject
  /** Keys the pseudonyms of devices and accounts and the ids of findings. */
  readonly pseudonym: Uint8Array
  /** Keys the hash of session names, one for the organisation; agents get it at enrolment. */
  readonly session: Uint8Array
}

/** A key file that cannot be used, in one sentence that says what to do. */
export class KeyError extends Error {
  readonly code: 'key-broken' | 'data-unwritable'
  constructor(code: KeyError['code'], message: string) {
    super(message)
    this.name = 'KeyError'
    this.code = code
  }
}

/** Reads the keys in a folder, making those that are not there. Throws {@link KeyError}. */
export function loadKeys(folder: string, random: (bytes: number) => Uint8Array): Keys {
  try {
    makeFolder(folder)
    return {
      organisation: privateKey(join(folder, 'organisation.pem')),
      server: privateKey(join(folder, 'server.pem')),
      pseudonym: secret(join(folder, 'pseudonym.key'), random),
      session: secret(join(folder, 'session.key'), random),
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC'].includes(code)) throw error
    throw new KeyError(
      'data-unwritable',
      `The folder ${folder} cannot be written (${code}): check its owner and rights, or name another in CUTOFF_DATA.`,
    )
  }
}

/** What people compare: SHA-256 of the raw public key, in groups of four hexadecimal digits. */
export function fingerprintOf(key: KeyObject): string {
  const digest = Buffer.from(sha256(publicKeyOf(key)), 'base64url').toString('hex')
  return digest.match(/.{4}/g)?.join(' ') ?? digest
}

function privateKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey: made } = generateKeyPairSync('ed25519')
    writePrivately(path, made.export({ type: 'pkcs8', format: 'pem' }).toString())
    return made
  }
  try {
    const key = createPrivateKey(readFileSync(path))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (error) {
    // Only what the parser says is explained below; a file that cannot be read is the caller's.
    if (error instanceof Error && 'syscall' in error) throw error
  }
  throw new KeyError('key-broken', `${path} holds no Ed25519 private key: restore it from a backup.`)
}

function secret(path: string, random: (bytes: number) => Uint8Array): Uint8Array {
  if (!existsSync(path)) writePrivately(path, Buffer.from(random(32)).toString('base64url'))
  const bytes = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (bytes.length !== 32) {
    throw new KeyError('key-broken', `${path} holds no 32-byte secret: restore it from a backup.`)
  }
  return bytes
}

/** Whole or not at all: a server killed here must not leave half a key. */
function writePrivately(path: string, text: string): void {
  const temporary = `${path}.new`
  writeFileSync(temporary, text, { mode: 0o600, flush: true })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
}
