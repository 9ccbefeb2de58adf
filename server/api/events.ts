// Events: the timeline of a device or of the fleet. Whoever reads it reads what people's machines did and when, so that it is
// for those who may look, and every look is audited.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { EventRow } from '#shared/api.ts'
import { ToolId } from '#shared/tool.ts'
import type { Context } from '../context.ts'
import { parseOr } from '../errors.ts'
import { lookingRoles } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit, everything } from '../store/audit.ts'
import { accountByKey } from '../store/lists/device-list.ts'
import { listEvents } from '../store/lists/fact-list.ts'
import { namesFor } from './names.ts'
import { many, Paging, readCursor, toPage } from './paging.ts'

const Query = Paging.extend({
  device: z.string().max(64).optional(),
  account: z.string().max(64).optional(),
  tool: ToolId.optional(),
  type: many(EventRow.shape.type),
})
const Cursor = z.object({ id: z.number() })
const OfDevice = z.object({ device: z.string().max(64) })

export function eventRoutes(app: FastifyInstance, context: Context): void {
  const { store, keys } = context

  app.get('/events', { config: { role: lookingRoles } }, async (request) => {
    return answer(request, parseOr(Query, request.query, 'bad-request'))
  })
  app.get('/devices/:device/events', { config: { role: lookingRoles } }, async (request) => {
    const { device } = parseOr(OfDevice, request.params, 'not-found')
    return answer(request, { ...parseOr(Query, request.query, 'bad-request'), device })
  })

  async function answer(request: FastifyRequest, query: z.infer<typeof Query>) {
    const session = sessionOf(request)
    const subject = query.device ?? everything
    const note = { at: context.now(), by: session.user, action: 'look-timeline', subject, reason: null }
    await store.write((db) => addAudit(db, note))
    const account =
      query.account === undefined || query.device === undefined
        ? undefined
        : await accountByKey(store.read, query.device, query.account)
    const { rows, total } = await listEvents(store.read, {
      device: query.device,
      // A key that is nobody's finds nothing; a name in its place must not find anybody.
      account: query.account === undefined ? undefined : (account?.account ?? '\0'),
      tool: query.tool,
      type: query.type,
      after: readCursor(keys, Cursor, query),
      limit: query.limit + 1,
    })
    const names = await namesFor(context, session)
    const cursor = ({ id }: (typeof rows)[number]) => ({ id })
    return toPage(keys, rows, total, query.limit, cursor, (row): EventRow => ({
      id: String(row.id),
      device: row.device,
      account: names.account(row.device, row.account),
      at: row.at,
      type: EventRow.shape.type.parse(row.type),
      tool: row.tool,
      summary: row.summary,
    }))
  }
}
