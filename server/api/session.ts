// The session: who is signed in. Signing in is by a one-time link, made where the server runs.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SessionInfo } from '#shared/api.ts'
import type { Context } from '../context.ts'
import { parseOr } from '../errors.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { everyRole, openRole } from '../roles.ts'
import { logIn, logOut, sessionOf } from '../session/session.ts'
import type { Session } from '../store/sessions.ts'

const SignIn = z.strictObject({ token: z.string().min(1).max(200) })
const loginLimit = { max: 10, timeWindow: '1 minute' }

export function sessionRoutes(app: FastifyInstance, context: Context, readRules: RulesReader): void {
  app.get('/session', { config: { role: everyRole } }, async (request) => info(sessionOf(request)))

  app.post('/session', { config: { role: openRole, rateLimit: loginLimit } }, async (request, reply) => {
    const { token } = parseOr(SignIn, request.body, 'bad-request')
    return info(await logIn(context, request, reply, token))
  })

  app.delete('/session', { config: { role: everyRole } }, async (request, reply) => {
    await logOut(context, sessionOf(request), reply)
    return reply.code(204).send()
  })

  async function info(session: Session): Promise<SessionInfo> {
    const rules = await readRules(context.store.read)
    return {
      user: session.user,
      role: session.role,
      csrf: session.csrf,
      organisation: rules.versions.at(-1)?.policy.organisation ?? null,
      now: context.now(),
    }
  }
}

/** `/login?token=…` as printed by `npm start`: uses the link up and goes on to the dashboard. */
export function loginRoute(app: FastifyInstance, context: Context): void {
  const Query = z.object({ token: z.string().min(1).max(200) })
  app.get('/login', { config: { role: openRole, rateLimit: loginLimit } }, async (request, reply) => {
    const { token } = parseOr(Query, request.query, 'link-expired')
    await logIn(context, request, reply, token)
    return reply.header('cache-control', 'no-store').redirect('/', 303)
  })
}
