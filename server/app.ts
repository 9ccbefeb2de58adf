// The server, built and not listening: hooks, errors, routes. Tests call it by inject().
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import Fastify, { LogController, type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify'
import { auditRoutes, enrolTokenRoutes, lookRoutes, peopleRoutes } from './api/administration.ts'
import { deviceRoutes as deviceResources } from './api/devices.ts'
import { eventRoutes } from './api/events.ts'
import { factRoutes } from './api/facts.ts'
import { findingRoutes } from './api/findings.ts'
import { healthRoutes } from './api/health.ts'
import { overviewRoutes } from './api/overview.ts'
import { policyRoutes } from './api/policies.ts'
import { limitedLogIn, loginRoute, sessionRoutes } from './api/session.ts'
import { toolRoutes } from './api/tools.ts'
import { waiverRoutes } from './api/waivers.ts'
import type { Context } from './context.ts'
import { answerError, answerNotFound } from './errors.ts'
import { hearing } from './hearing.ts'
import { deviceRoutes } from './ingest/routes.ts'
import { rulesReader } from './judging/rulebook.ts'
import { openRole, type RouteRole } from './roles.ts'
import { requireSession } from './session/session.ts'

export interface RouteEntry {
  readonly method: string
  readonly url: string
  readonly role: RouteRole
}

export interface App {
  readonly server: FastifyInstance
  /** Every route with who may use it. */
  readonly routes: readonly RouteEntry[]
}

/** Builds the server over an open store; whoever calls it listens, and closes both. */
export async function buildApp(context: Context): Promise<App> {
  const { config, log } = context
  const app = Fastify({
    loggerInstance: log,
    // Addresses hold login tokens and names of people's devices: the path alone is logged, and only when something fails.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (_: string, hop: number) => hop < config.trustedProxies,
    bodyLimit: 1024 * 1024,
    requestTimeout: 60_000,
    routerOptions: { querystringParser: readQuery },
    // What Fastify refuses before any route: else it would answer in a form of its own, with the address in it.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  const routes: RouteEntry[] = []
  app.addHook('onRoute', (route) => {
    routes.push(...entriesOf(route))
  })
  app.setErrorHandler(answerError)
  app.decorateRequest('session', null)

  await app.register(helmet, { ...contentPolicy(config.publicUrl.startsWith('https:')) })
  await app.register(cookie)
  // Devices are known by their signatures (ingest/routes.ts); everybody else by a session, here.
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const { role } = request.routeOptions.config
    if (Array.isArray(role)) await requireSession(context, request, role)
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
  })

  const readRules = rulesReader()
  const enter = limitedLogIn(context)
  const heardAsOf = await hearing(context)
  healthRoutes(app, context)
  loginRoute(app, context, enter)
  await app.register(
    async (api) => {
      await api.register(deviceRoutes(context, readRules))
      sessionRoutes(api, context, readRules, enter)
      overviewRoutes(api, context, readRules, heardAsOf)
      findingRoutes(api, context, readRules)
      deviceResources(api, context, heardAsOf)
      factRoutes(api, context)
      eventRoutes(api, context)
      policyRoutes(api, context, heardAsOf)
      waiverRoutes(api, context)
      lookRoutes(api, context)
      auditRoutes(api, context)
      toolRoutes(api, context)
      enrolTokenRoutes(api, context)
      peopleRoutes(api, context)
    },
    { prefix: '/api/v1' },
  )
  await dashboard(app, resolve(config.webFolder))
  await app.ready()
  return { server: app, routes }
}

/** The dashboard's files, which @fastify/static serves; all else says by itself who may use it. */
const staticRoute = '/*'

function entriesOf(route: RouteOptions): RouteEntry[] {
  const role = route.config?.role ?? (route.url === staticRoute ? openRole : undefined)
  if (role === undefined) throw new TypeError(`the route ${route.url} says not who may use it`)
  return [route.method].flat().map((method) => ({ method, url: route.url, role }))
}

/** The built dashboard, and its first page for every address that is one of its own. */
async function dashboard(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.setNotFoundHandler(answerNotFound)
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite names what is in assets/ by its content.
      const lasting = path.startsWith(join(folder, 'assets'))
      void reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true
    const isOurs = !['/api/', '/assets/'].some((prefix) => request.url.startsWith(prefix))
    if (!isPage || !isOurs) return answerNotFound(request, reply)
    return reply.sendFile('index.html')
  })
}

/** Nothing but our own files runs, styles or is framed. The dashboard sets variables through the DOM alone (server/web/main.tsx). */
function contentPolicy(secure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'no-referrer' as const },
    crossOriginEmbedderPolicy: false,
  }
}

/** Repeated names become lists; names that would reach into prototypes stay plain keys. */
function readQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>
  for (const [name, value] of new URLSearchParams(text)) {
    const known = query[name]
    query[name] = known === undefined ? value : [...[known].flat(), value]
  }
  return query
}
