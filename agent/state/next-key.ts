// The key that is to take the place of the device's, on the disk before the server hears of it: whoever of the two is cut off, the
// agent still has the key that counts. And the word of this machine's administrator that there be one.
import type { OwnFolder } from '../platform/own-folder.ts'
import { checkedFile } from './checked-file.ts'
import { Identity } from './keys.ts'

const wish = 'rotate-key'
/**
 * Files of a key on its way; they belong to the state that they lie in and to no other. In the order in which they go: a wish that
 * outlived its key would be fulfilled twice.
 */
export const nextKeyFiles = [wish, 'next-identity.json', 'next-identity-copy.json'] as const

export interface NextKey {
  /** The identity with the new key; null when none is on its way. */
  readonly read: () => Identity | null
  /** False when the disk refused. */
  readonly write: (identity: Identity) => boolean
  /** Whether somebody who may write in the state folder asked for a new key. */
  readonly isWished: () => boolean
  /** It counts, or will never: nothing is on its way any more. */
  readonly done: () => void
}

export function nextKeyIn(folder: OwnFolder): NextKey {
  const file = checkedFile(folder, 'next-identity', Identity)
  return {
    read() {
      const read = file.read()
      return read.is === 'value' ? read.value : null
    },
    write: file.write,
    isWished: () => folder.read(wish).ok,
    done() {
      for (const name of nextKeyFiles) folder.remove(name)
    },
  }
}

/** Asks the agent whose state this is for a new key; false when the disk refused. */
export function wishNextKey(folder: OwnFolder): boolean {
  return folder.write(wish, '').ok
}
