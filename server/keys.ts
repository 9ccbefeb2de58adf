// The keys that the server works with: the organisation's (signs policies, vouches for the server's), the server's own (signs receipts
// and the time), and the secrets that key names and session hashes. Which ones count, the database says: what signs asks it first.
import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf, publicKeyOf } from './crypto.ts'
import { makeFolder } from './folder.ts'
import {
  findKey,
  isUnsettled,
  KeyError,
  keyFile,
  readOrMakeKey,
  settleKey,
  writePrivately,
} from './key-files.ts'
import { addFirstKey, keyKinds, keysInForce, type KeyKind } from './store/server-keys.ts'
import type { Queries, Store } from './store/store.ts'

interface Secrets {
  /** Keys the pseudonyms of devices and accounts and the ids of findings. */
  readonly pseudonym: Uint8Array
  /** Keys the hash of session names, one for the organisation; agents get it at enrolment. */
  readonly session: Uint8Array
}

/** The private keys throw {@link KeyError} where theirs is lost: much can be done without. */
export interface Keys extends Secrets {
  readonly organisation: KeyObject
  readonly server: KeyObject
  /** Since when the server's key counts, by the server's clock; 0: nobody noted. */
  readonly serverSince: number
  /** Takes over keys that another process has put into force. Call in the transaction whose outcome is signed. */
  readonly follow: (db: Queries) => Promise<void>
  /** Throws {@link KeyError} unless the private key of this kind is there. */
  readonly require: (kind: KeyKind) => void
  /** Where the private keys lie. */
  readonly folder: string
}

/** Reads the secrets in a folder, making those that are not there. Throws {@link KeyError}. */
export function loadSecrets(folder: string, random: (bytes: number) => Uint8Array): Secrets {
  return explained(folder, () => {
    makeFolder(folder)
    return {
      pseudonym: secret(join(folder, 'pseudonym.key'), random),
      session: secret(join(folder, 'session.key'), random),
    }
  })
}

/** Opens the keys of a server, making those of a new one. Throws {@link KeyError}. */
export async function openKeys(
  folder: string,
  secrets: Secrets,
  store: Store,
  now: () => number,
): Promise<Keys> {
  const known = await keysInForce(store.read)
  if (known.length < keyKinds.length) await store.write((db) => addFirstKeys(db, folder, now()))
  // A replacement that was cut off after it counted.
  if (known.some(({ kind, key }) => explained(folder, () => isUnsettled(folder, kind, key))))
    await store.write((db) => settleKeys(db, folder))
  const keys = keyRing(folder, secrets)
  await keys.follow(store.read)
  return keys
}

/** Moves the keys that count to their own files. */
export async function settleKeys(db: Queries, folder: string): Promise<void> {
  for (const { kind, key } of await keysInForce(db)) explained(folder, () => settleKey(folder, kind, key))
}

/** In a transaction, so that two programs that start at once make one key. */
async function addFirstKeys(db: Queries, folder: string, now: number): Promise<void> {
  const known = new Set((await keysInForce(db)).map(({ kind }) => kind))
  for (const kind of keyKinds.filter((one) => !known.has(one))) {
    // Since when one counted that is there already, nobody noted.
    const since = existsSync(keyFile(folder, kind)) ? 0 : now
    const key = explained(folder, () => readOrMakeKey(folder, kind))
    await addFirstKey(db, kind, publicKeyOf(key), since)
  }
}

interface Held {
  readonly publicKey: string
  readonly since: number
  readonly key: KeyObject | null
}

function keyRing(folder: string, secrets: Secrets): Keys {
  const held = new Map<KeyKind, Held>()
  const need = (kind: KeyKind): KeyObject => {
    const one = held.get(kind)
    if (one?.key != null) return one.key
    throw new KeyError(
      'key-lost',
      `${keyFile(folder, kind)} does not hold the ${kind} key in force, whose fingerprint is ${fingerprintOf(one?.publicKey ?? '')}: restore the folder ${folder} from a backup. If there is none, cutoff-server keys replace ${kind} puts another key in its place and says what follows.`,
    )
  }
  return {
    ...secrets,
    folder,
    get organisation() {
      return need('organisation')
    },
    get server() {
      return need('receipt')
    },
    get serverSince() {
      return held.get('receipt')?.since ?? 0
    },
    require: (kind) => void need(kind),
    async follow(db) {
      for (const { kind, key: publicKey, since } of await keysInForce(db)) {
        const one = held.get(kind)
        if (one?.publicKey === publicKey && one.key !== null) continue
        held.set(kind, { publicKey, since, key: explained(folder, () => findKey(folder, kind, publicKey)) })
      }
    },
  }
}

function secret(path: string, random: (bytes: number) => Uint8Array): Uint8Array {
  if (!existsSync(path)) writePrivately(path, Buffer.from(random(32)).toString('base64url'))
  const bytes = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (bytes.length !== 32) {
    throw new KeyError('key-broken', `${path} holds no 32-byte secret: restore it from a backup.`)
  }
  return bytes
}

/** What the system refuses, in a sentence. */
export function explained<T>(folder: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC'].includes(code)) throw error
    throw new KeyError(
      'data-unwritable',
      `The folder ${folder} cannot be written (${code}): check its owner and rights, or name another in CUTOFF_DATA.`,
    )
  }
}
