// The session: who is signed in. Signing in is by a one-time link, made where the server runs.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SessionInfo } from '#shared/api.ts'
import { problems } from '#shared/problem.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import { failureLimit } from '../failure-limit.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { everyRole, openRole } from '../roles.ts'
import { hasSession, logIn, logOut, sessionOf } from '../session/session.ts'
import type { Session } from '../store/sessions.ts'

const SignIn = z.strictObject({ token: z.string().min(1).max(200) })

/** Uses a link up; whoever tries links that are none is slowed down. */
export type LogIn = (request: FastifyRequest, reply: FastifyReply, token: string) => Promise<Session>

export function limitedLogIn(context: Context): LogIn {
  const limit = failureLimit(10, context.now)
  return async (request, reply, token) => {
    limit.check(request.ip)
    try {
      return await logIn(context, request, reply, token)
    } catch (error) {
      limit.failed(request.ip)
      throw error
    }
  }
}

export function sessionRoutes(
  app: FastifyInstance,
  context: Context,
  readRules: RulesReader,
  enter: LogIn,
): void {
  app.get('/session', { config: { role: everyRole } }, async (request) => info(sessionOf(request)))

  app.post('/session', { config: { role: openRole } }, async (request, reply) => {
    const { token } = parseOr(SignIn, request.body, 'bad-request')
    return info(await enter(request, reply, token))
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
export function loginRoute(app: FastifyInstance, context: Context, enter: LogIn): void {
  const Query = z.object({ token: z.string().min(1).max(200) })
  app.get('/login', { config: { role: openRole } }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { token } = parseOr(Query, request.query, 'link-expired')
    try {
      await enter(request, reply, token)
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error
      // A link opened twice by the same browser has done its work.
      if (!(await hasSession(context, request))) return tellBrowser(request, reply, error)
    }
    return reply.redirect('/', 303)
  })
}

/** People follow links: they get a sentence, programs the problem. */
function tellBrowser(request: FastifyRequest, reply: FastifyReply, problem: RequestProblem): FastifyReply {
  if (request.headers.accept?.includes('text/html') !== true) throw problem
  const { status, title } = problems[problem.code]
  return reply.code(status).type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in · Cutoff</title>
<p>${title}. Make another where the server runs: start it with <code>npm start</code>, or run
<code>cutoff-server user link</code>.</p></html>
`)
}
