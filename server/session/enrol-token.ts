// Enrolment tokens as they are handed out: shown once, kept as a hash.
import { randomName, type Context } from '../context.ts'
import { sha256 } from '../crypto.ts'
import { addAudit } from '../store/audit.ts'
import { addEnrolToken } from '../store/enrol-tokens.ts'

export interface NewEnrolToken {
  readonly by: string
  readonly validMs: number
  /** Null: as many devices as come. */
  readonly maxUses: number | null
}

/** Makes a token; the answer is the only place where it can be read. */
export async function makeEnrolToken(
  { store, random, now }: Pick<Context, 'store' | 'random' | 'now'>,
  { by, validMs, maxUses }: NewEnrolToken,
): Promise<{ readonly id: string; readonly token: string; readonly expiresAt: number }> {
  const id = randomName(random)
  const token = Buffer.from(random(32)).toString('base64url')
  const at = now()
  const expiresAt = at + validMs
  await store.write(async (db) => {
    await addEnrolToken(db, {
      id,
      hash: sha256(token),
      created_at: at,
      created_by: by,
      expires_at: expiresAt,
      max_uses: maxUses,
    })
    await addAudit(db, { at, by, action: 'make-enrol-token', subject: id, reason: null })
  })
  return { id, token, expiresAt }
}
