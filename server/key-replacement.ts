// Putting another key in the place of one that the server signs with: prepared, put into force in one transaction with all that follows
// from it, audited. The private halves are made before and moved to their places after; a cut between costs nothing.
import type { Context } from './context.ts'
import { fingerprintOf, publicKeyOf } from './crypto.ts'
import { findKey, makeNextKey } from './key-files.ts'
import { explained, settleKeys } from './keys.ts'
import { refreshWithin } from './policy/activate.ts'
import { addAudit } from './store/audit.ts'
import { forgetMachines } from './store/devices.ts'
import {
  keysInForce,
  preparedKey,
  prepareKeyRow,
  putPreparedInForce,
  type KeyKind,
} from './store/server-keys.ts'
import type { Queries } from './store/store.ts'

/** Makes the key that is to follow, or finds the one made before; nothing is signed with it yet. @returns its public half */
export function prepareKey(context: Context, kind: KeyKind, by: string): Promise<string> {
  return context.store.write(
    async (db) => (await usablePrepared(db, context, kind)) ?? makePrepared(db, context, kind, by),
  )
}

export interface Replacement {
  readonly by: string
  /** Why the key before does no more. */
  readonly reason: string
  /** Whether the key that was prepared is to follow, or another, made now, which nobody outside has seen. */
  readonly next: 'prepared' | 'made now'
}

/** Puts another key into force. @returns its public half; null where none is prepared, and nothing has changed */
export async function replaceKey(
  context: Context,
  kind: KeyKind,
  { by, reason, next }: Replacement,
): Promise<string | null> {
  const { folder } = context.keys
  // It vouches for the server's: without it no agent would follow.
  if (kind === 'receipt') context.keys.require('organisation')
  const key = await context.store.write(async (db) => {
    const wanted =
      next === 'prepared'
        ? await usablePrepared(db, context, kind)
        : await makePrepared(db, context, kind, by)
    if (wanted === null) return null
    const before = (await keysInForce(db)).find((one) => one.kind === kind)
    // Keys follow each other in time, whatever the clock does.
    const at = Math.max(context.now(), (before?.since ?? 0) + 1)
    await putPreparedInForce(db, kind, at, reason)
    const subject = `${kind} key ${fingerprintOf(wanted)}`
    await addAudit(db, { at, by, action: 'replace-key', subject, reason })
    if (kind === 'organisation') {
      // They are known again by hashes that the key is a part of.
      await forgetMachines(db)
      await refreshWithin(db, context)
    }
    return wanted
  })
  if (key === null) return null
  await context.store.write((db) => settleKeys(db, folder))
  await context.keys.follow(context.store.read)
  return key
}

async function usablePrepared(
  db: Queries,
  { keys: { folder } }: Context,
  kind: KeyKind,
): Promise<string | null> {
  const row = await preparedKey(db, kind)
  return row === undefined || explained(folder, () => findKey(folder, kind, row.key)) === null
    ? null
    : row.key
}

async function makePrepared(
  db: Queries,
  { keys: { folder }, now }: Context,
  kind: KeyKind,
  by: string,
): Promise<string> {
  // Another program may have put one into force just now, which must not be set aside with those that never counted.
  await settleKeys(db, folder)
  const key = publicKeyOf(explained(folder, () => makeNextKey(folder, kind)))
  await prepareKeyRow(db, kind, key)
  const subject = `${kind} key ${fingerprintOf(key)}`
  await addAudit(db, { at: now(), by, action: 'prepare-key', subject, reason: null })
  return key
}
