// The files of the server's private keys, each for its owner alone. `organisation.pem` and `server.pem` hold what counts, `….next.pem`
// what is to follow, `former/` what counted once: nothing is ever written over. Which key counts, the database says.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fingerprintOf, publicKeyOf } from './crypto.ts'
import { makeFolder } from './folder.ts'
import type { KeyKind } from './store/server-keys.ts'

/** A key that cannot be used, in one sentence that says what to do. */
export class KeyError extends Error {
  readonly code: 'key-broken' | 'key-lost' | 'data-unwritable'
  constructor(code: KeyError['code'], message: string) {
    super(message)
    this.name = 'KeyError'
    this.code = code
  }
}

// The receipt key's file has the name that it had before there was a word for it.
const names: Readonly<Record<KeyKind, string>> = { organisation: 'organisation', receipt: 'server' }

/** The file of the key that counts. */
export function keyFile(folder: string, kind: KeyKind): string {
  return join(folder, `${names[kind]}.pem`)
}

function nextKeyFile(folder: string, kind: KeyKind): string {
  return join(folder, `${names[kind]}.next.pem`)
}

/** The first key of a kind: what lies there, or made. Throws {@link KeyError} for a file that holds none. */
export function readOrMakeKey(folder: string, kind: KeyKind): KeyObject {
  const path = keyFile(folder, kind)
  if (!existsSync(path)) return makeKey(path)
  const key = heldKey(path)
  if (key !== null) return key
  throw new KeyError('key-broken', `${path} holds no Ed25519 private key: restore it from a backup.`)
}

/** Makes a key that is to follow; one that was to before is set aside. */
export function makeNextKey(folder: string, kind: KeyKind): KeyObject {
  const path = nextKeyFile(folder, kind)
  setAside(folder, kind, path)
  return makeKey(path)
}

/** The private half of a public key, from where it lies; null where it is lost or damaged. Another process may be moving it just now. */
export function findKey(folder: string, kind: KeyKind, publicKey: string): KeyObject | null {
  const path = keyFile(folder, kind)
  for (const candidate of [path, nextKeyFile(folder, kind), path]) {
    const key = heldKey(candidate)
    if (key !== null && publicKeyOf(key) === publicKey) return key
  }
  return null
}

/** Whether the key that counts still lies where the one to follow does. */
export function isUnsettled(folder: string, kind: KeyKind, publicKey: string): boolean {
  const key = heldKey(nextKeyFile(folder, kind))
  return key !== null && publicKeyOf(key) === publicKey
}

/**
 * Moves the key that counts to its own file, and what lay there before to the former ones. May be cut off anywhere, and done again.
 * Call in a transaction: of two that did it at once, one would set aside what the other has just put there.
 */
export function settleKey(folder: string, kind: KeyKind, publicKey: string): void {
  if (!isUnsettled(folder, kind, publicKey)) return
  const path = keyFile(folder, kind)
  setAside(folder, kind, path)
  move(nextKeyFile(folder, kind), path)
}

/** Whole or not at all: a server killed here must not leave half a key. */
export function writePrivately(path: string, text: string): void {
  const temporary = `${path}.new`
  writeFileSync(temporary, text, { mode: 0o600, flush: true })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
  syncFolder(dirname(path))
}

function makeKey(path: string): KeyObject {
  const { privateKey: made } = generateKeyPairSync('ed25519')
  writePrivately(path, made.export({ type: 'pkcs8', format: 'pem' }).toString())
  return made
}

/** Null for a file that is not there or holds no such key. Throws what the system says of one that cannot be read. */
function heldKey(path: string): KeyObject | null {
  if (!existsSync(path)) return null
  try {
    const key = createPrivateKey(readFileSync(path))
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch (error) {
    // Moved since it was looked for. What the parser says, the caller does in better words; what the system says is thrown.
    const isOfSystem = error instanceof Error && 'syscall' in error
    if (isOfSystem && !hasCode(error, 'ENOENT')) throw error
    return null
  }
}

function setAside(folder: string, kind: KeyKind, path: string): void {
  if (!existsSync(path)) return
  const held = heldKey(path)
  const label = held === null ? 'damaged' : fingerprintOf(publicKeyOf(held)).replaceAll(' ', '').slice(0, 16)
  makeFolder(join(folder, 'former'))
  const wanted = join(folder, 'former', `${names[kind]}-${label}`)
  let free = `${wanted}.pem`
  for (let n = 2; existsSync(free); n++) free = `${wanted}-${n}.pem`
  move(path, free)
}

function move(from: string, to: string): void {
  renameSync(from, to)
  syncFolder(dirname(to))
}

/** So that a name lasts as long as the database that relies on it. Windows does this for no folder, and needs it for none. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } catch (error) {
    if (!hasCode(error, 'EPERM')) throw error
  } finally {
    closeSync(folder)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
