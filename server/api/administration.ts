// Looks, audit, enrolment tokens and people.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { NewLook, type AuditRow } from '#shared/api.ts'
import { AccountOwner, GroupMember } from '#shared/people.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import { makeEnrolToken } from '../session/enrol-token.ts'
import { adminRole, lookingRoles } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit, auditPage } from '../store/audit.ts'
import { deviceById } from '../store/devices.ts'
import { enrolTokens, revokeEnrolToken } from '../store/enrol-tokens.ts'
import { addJob } from '../store/jobs.ts'
import { accountByKey } from '../store/lists/device-list.ts'
import { raiseRevision, savePeople } from '../store/rulebook.ts'
import { openLook } from '../store/sessions.ts'
import { Paging, readCursor, toPage } from './paging.ts'

const lookMs = 15 * 60_000
const dayMs = 86_400_000
const Id = z.object({ id: z.string().max(64) })
const AuditCursor = z.object({ id: z.number() })
const NewToken = z.strictObject({
  validDays: z.int().min(1).max(365).default(30),
  maxUses: z.int().min(1).nullable().default(null),
})
const NewPeople = z.strictObject({
  owners: z.array(AccountOwner).max(1_000_000),
  members: z.array(GroupMember).max(1_000_000),
  groups: z.array(z.string().min(1).max(256)).max(10_000),
})

export function lookRoutes(app: FastifyInstance, { store, now }: Context): void {
  app.post('/looks', { config: { role: lookingRoles } }, async (request, reply) => {
    const look = parseOr(NewLook, request.body, 'bad-request')
    const session = sessionOf(request)
    const at = now()
    const opened = await store.write(async (db) => {
      if ((await deviceById(db, look.device)) === undefined) return false
      const account = look.account === null ? null : await accountByKey(db, look.device, look.account)
      if (account === undefined) return false
      await openLook(db, {
        session: session.id,
        device: look.device,
        account: account?.account ?? '',
        until: at + lookMs,
        reason: look.reason,
      })
      const subject = look.account === null ? look.device : `${look.device}/${look.account}`
      await addAudit(db, { at, by: session.user, action: 'look-name', subject, reason: look.reason })
      return true
    })
    if (!opened) throw new RequestProblem('not-found')
    return reply.code(201).send({ until: at + lookMs })
  })
}

export function auditRoutes(app: FastifyInstance, { store, keys }: Context): void {
  app.get('/audit', { config: { role: lookingRoles } }, async (request) => {
    const query = parseOr(Paging, request.query, 'bad-request')
    const { rows, total } = await auditPage(
      store.read,
      readCursor(keys, AuditCursor, query)?.id ?? null,
      query.limit + 1,
    )
    return toPage(
      keys,
      rows,
      total,
      query.limit,
      ({ id }) => ({ id }),
      (row): AuditRow => row,
    )
  })
}

export function enrolTokenRoutes(app: FastifyInstance, context: Context): void {
  const { store, now } = context

  app.get('/enrol-tokens', { config: { role: adminRole } }, async () => {
    const items = (await enrolTokens(store.read)).map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      createdBy: row.created_by,
      expiresAt: row.expires_at,
      maxUses: row.max_uses,
      uses: row.uses,
      revokedAt: row.revoked_at,
    }))
    return { items, total: items.length, next: null }
  })

  app.post('/enrol-tokens', { config: { role: adminRole } }, async (request, reply) => {
    const { validDays, maxUses } = parseOr(NewToken, request.body ?? {}, 'bad-request')
    const { user } = sessionOf(request)
    const made = await makeEnrolToken(context, { by: user, validMs: validDays * dayMs, maxUses })
    return reply.code(201).header('cache-control', 'no-store').send(made)
  })

  app.delete('/enrol-tokens/:id', { config: { role: adminRole } }, async (request, reply) => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const { user } = sessionOf(request)
    const at = now()
    const revoked = await store.write(async (db) => {
      if (!(await revokeEnrolToken(db, id, at))) return false
      await addAudit(db, { at, by: user, action: 'revoke-enrol-token', subject: id, reason: null })
      return true
    })
    if (!revoked) throw new RequestProblem('not-found')
    return reply.code(204).send()
  })
}

export function peopleRoutes(app: FastifyInstance, { store, now }: Context): void {
  app.put('/people', { config: { role: adminRole }, bodyLimit: 64 * 1024 * 1024 }, async (request, reply) => {
    const people = parseOr(NewPeople, request.body, 'bad-request')
    const { user } = sessionOf(request)
    const at = now()
    await store.write(async (db) => {
      await savePeople(db, people)
      await raiseRevision(db)
      await addJob(db, 'rejudge', at)
      const subject = `${people.owners.length} owners, ${people.members.length} members, ${people.groups.length} groups`
      await addAudit(db, { at, by: user, action: 'import-people', subject, reason: null })
    })
    return reply.code(204).send()
  })
}
