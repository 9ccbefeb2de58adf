// Whether the server lives, and whether it can do its work.
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { RequestProblem } from '../errors.ts'
import { openRole } from '../roles.ts'
import { rulebookRevision } from '../store/rulebook.ts'

export function healthRoutes(app: FastifyInstance, { store, log }: Context): void {
  const config = { role: openRole }
  app.get('/livez', { config }, async () => ({ status: 'live' }))
  app.get('/readyz', { config }, async () => {
    try {
      await rulebookRevision(store.read)
    } catch (error) {
      log.error({ err: error }, 'the database does not answer')
      throw new RequestProblem('unavailable')
    }
    return { status: 'ready' }
  })
}
