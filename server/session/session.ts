// Sessions of the dashboard: a cookie that scripts cannot read, its hash in the database, and a token that writes carry.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256, sameSecret } from '../crypto.ts'
import type { Context } from '../context.ts'
import { RequestProblem } from '../errors.ts'
import type { RouteRole } from '../roles.ts'
import { addAudit } from '../store/audit.ts'
import {
  addSession,
  removeSession,
  replaceLoginLink,
  sessionById,
  takeLoginLink,
  touchSession,
  type Session,
} from '../store/sessions.ts'

const cookieName = 'cutoff_session'
const hourMs = 3_600_000
export const sessionIdleMs = 8 * hourMs
export const sessionMaxMs = 72 * hourMs
const loginLinkMs = 24 * hourMs
/** How often a session's last use is written down. */
const noteUseMs = 60_000

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for routes that need one. */
    session: Session | null
  }
}

/** Makes a one-time login link for the administrator; links made before stop working. */
export async function makeLoginLink(
  context: Pick<Context, 'store' | 'random' | 'now' | 'config'>,
): Promise<string> {
  const token = Buffer.from(context.random(32)).toString('base64url')
  const now = context.now()
  await context.store.write((db) => replaceLoginLink(db, sha256(token), now, now + loginLinkMs))
  return `${context.config.publicUrl}/login?token=${token}`
}

/** Uses a login link up and starts a session; the browser's old one ends, so that none can be foisted on it. */
export async function logIn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<Session> {
  const cookie = Buffer.from(context.random(32)).toString('base64url')
  const now = context.now()
  const session: Session = {
    id: sha256(cookie),
    user: 'admin',
    role: 'admin',
    csrf: Buffer.from(context.random(32)).toString('base64url'),
    created_at: now,
    used_at: now,
  }
  const old = request.cookies[cookieName]
  const entered = await context.store.write(async (db) => {
    if (!(await takeLoginLink(db, sha256(token), now))) return false
    if (old !== undefined) await removeSession(db, sha256(old))
    await addSession(db, session)
    await addAudit(db, { at: now, by: session.user, action: 'sign-in', subject: null, reason: null })
    return true
  })
  if (!entered) throw new RequestProblem('link-expired')
  reply.setCookie(cookieName, cookie, cookieOptions(context))
  return session
}

export async function logOut(context: Context, session: Session, reply: FastifyReply): Promise<void> {
  const at = context.now()
  await context.store.write(async (db) => {
    await removeSession(db, session.id)
    await addAudit(db, { at, by: session.user, action: 'sign-out', subject: null, reason: null })
  })
  reply.clearCookie(cookieName, cookieOptions(context))
}

/** Whether the request comes from a browser that is signed in. */
export async function hasSession(context: Context, request: FastifyRequest): Promise<boolean> {
  return (await currentSession(context, request)) !== null
}

/** Finds the session of a request and checks that it may use the route; writes must carry the session's own token. */
export async function requireSession(
  context: Context,
  request: FastifyRequest,
  role: RouteRole,
): Promise<void> {
  const session = await currentSession(context, request)
  if (session === null) throw new RequestProblem('not-signed-in')
  if (Array.isArray(role) && !role.includes(session.role)) throw new RequestProblem('forbidden')
  const writes = request.method !== 'GET' && request.method !== 'HEAD'
  const token = request.headers['x-csrf-token']
  if (writes && (typeof token !== 'string' || !sameSecret(token, session.csrf))) {
    throw new RequestProblem('bad-csrf')
  }
  const now = context.now()
  if (now - session.used_at > noteUseMs) {
    await context.store.write((db) => touchSession(db, session.id, now))
  }
  request.session = session
}

async function currentSession({ store, now }: Context, request: FastifyRequest): Promise<Session | null> {
  const cookie = request.cookies[cookieName]
  if (cookie === undefined) return null
  const session = await sessionById(store.read, sha256(cookie))
  if (session === undefined) return null
  const at = now()
  const alive = at - session.used_at <= sessionIdleMs && at - session.created_at <= sessionMaxMs
  return alive ? session : null
}

/** The session of a request behind {@link requireSession}. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new RequestProblem('not-signed-in')
  return request.session
}

function cookieOptions({ config }: Context) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: config.publicUrl.startsWith('https:'),
    maxAge: sessionMaxMs / 1000,
  } as const
}
