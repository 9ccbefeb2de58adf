// Waivers: with owner, reason and expiry. Revoking one keeps it on record. What was typed into one is shown to those who may
// look, and audited: people are named there.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { NewWaiver, type WaiverRow } from '#shared/api.ts'
import type { Waiver, WaiverSubject } from '#shared/people.ts'
import { randomName, type Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import type { Keys } from '../keys.ts'
import { nameLabel } from '../pseudonym.ts'
import { adminRole, everyRole, mayLook } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit, everything } from '../store/audit.ts'
import { addJob } from '../store/jobs.ts'
import { accountByKey } from '../store/lists/device-list.ts'
import { addWaiver, raiseRevision, revokeWaiver, waiverRow, waiverRows } from '../store/rulebook.ts'
import type { Queries } from '../store/store.ts'
import type { Names } from './names.ts'
import { namesFor } from './names.ts'

const Id = z.object({ id: z.string().max(64) })

export function waiverRoutes(app: FastifyInstance, context: Context): void {
  const { store, now, random } = context

  app.get('/waivers', { config: { role: everyRole } }, async (request) => {
    const session = sessionOf(request)
    const rows = await waiverRows(store.read)
    if (mayLook(session) && rows.length > 0) {
      const note = {
        at: now(),
        by: session.user,
        action: 'look-waivers',
        subject: everything,
        reason: null,
      }
      await store.write((db) => addAudit(db, note))
    }
    const names = await namesFor(context, session)
    const items = rows.map((row): WaiverRow => {
      // Written by this server from a checked value.
      const waiver = withoutAccountName(JSON.parse(row.waiver) as Waiver, names)
      return {
        ...(mayLook(session) ? waiver : withoutTypedNames(waiver, context.keys)),
        createdAt: row.created_at,
        createdBy: row.created_by,
        revokedAt: row.revoked_at,
      }
    })
    return { items, total: items.length, next: null }
  })

  app.post('/waivers', { config: { role: adminRole } }, async (request, reply) => {
    const asked = parseOr(NewWaiver, request.body, 'bad-request')
    if (asked.until <= asked.from) throw new RequestProblem('bad-request', 'the waiver ends before it begins')
    const { user } = sessionOf(request)
    const id = randomName(random)
    const at = now()
    const known = await store.write(async (db) => {
      const subject = await keptSubject(db, asked.subject)
      if (subject === null) return false
      const waiver: Waiver = { id, ...asked, subject }
      await addWaiver(db, {
        id,
        waiver: JSON.stringify(waiver),
        created_at: at,
        created_by: user,
        revoked_at: null,
        revoked_by: null,
      })
      await raiseRevision(db)
      await addJob(db, 'rejudge', at)
      await addAudit(db, { at, by: user, action: 'add-waiver', subject: id, reason: asked.reason })
      return true
    })
    if (!known) {
      const message =
        'no account of this device has this key: give the one that findings and /api/v1/accounts have'
      const errors = [{ code: 'unknown-account', path: ['subject', 'account'], message }]
      throw new RequestProblem('bad-request', undefined, { errors })
    }
    return reply.code(201).send({ id })
  })

  app.delete('/waivers/:id', { config: { role: adminRole } }, async (request, reply) => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const { user } = sessionOf(request)
    const at = now()
    const outcome = await store.write(async (db) => {
      const row = await waiverRow(db, id)
      if (row === undefined) return 'not-found'
      if (row.revoked_at !== null) return 'conflict'
      await revokeWaiver(db, id, at, user)
      await raiseRevision(db)
      await addJob(db, 'rejudge', at)
      await addAudit(db, { at, by: user, action: 'revoke-waiver', subject: id, reason: null })
      return null
    })
    if (outcome !== null) throw new RequestProblem(outcome)
    return reply.code(204).send()
  })
}

/**
 * A subject as it is kept and judged by: an account by its name, which only its key finds. Taking names would tell which
 * pseudonym is whose. Null when nobody has the key.
 */
async function keptSubject(db: Queries, subject: WaiverSubject): Promise<WaiverSubject | null> {
  if (subject.kind !== 'account') return subject
  const account = await accountByKey(db, subject.device, subject.account)
  return account === undefined ? null : { ...subject, account: account.account }
}

/** An account's name is shown as everywhere: its pseudonym, until somebody has a look open. */
function withoutAccountName(waiver: Waiver, names: Names): Waiver {
  const { subject } = waiver
  if (subject.kind !== 'account') return waiver
  const shown = names.account(subject.device, subject.account)
  return { ...waiver, subject: { ...subject, account: shown?.name ?? shown?.label ?? subject.account } }
}

/** Whatever somebody typed may name people: for roles that may not look there are pseudonyms in its place, or nothing. */
function withoutTypedNames(waiver: Waiver, keys: Keys) {
  const { subject } = waiver
  const hidden = { ...waiver, owner: null, reason: null }
  switch (subject.kind) {
    case 'person':
      return { ...hidden, subject: { ...subject, person: nameLabel(keys, 'person', subject.person) } }
    case 'group':
      return { ...hidden, subject: { ...subject, group: nameLabel(keys, 'group', subject.group) } }
    case 'device':
    case 'account':
      return hidden
  }
}
