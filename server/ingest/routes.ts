// The routes for devices: enrol, check-in, policy. A request is authenticated by its headers before its body is read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { limits } from '#shared/protocol.ts'
import type { Context } from '../context.ts'
import { failureLimit } from '../failure-limit.ts'
import { RequestProblem } from '../errors.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { deviceRole, openRole } from '../roles.ts'
import { spendNonce } from '../store/devices.ts'
import { noteHandedOut, releaseFor } from '../policy/release.ts'
import {
  authenticate,
  isSignature,
  readSignature,
  signedPartsOf,
  type Authenticated,
} from './authenticate.ts'
import { readBody } from './body.ts'
import { checkIn } from './check-in.ts'
import { enrol } from './enrol.ts'
import { noteFormerKey } from './key-rotation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the hooks below, for device routes only. */
    sender: Authenticated | null
    /** Of a request to enrol: the key it is signed with, and its nonce. */
    applicant: { readonly key: string; readonly nonce: string } | null
  }
}

/** More would only make all of them wait: each takes less than a millisecond. */
const maxUnderWay = 1000

/** Registers the routes in a scope of their own, where bodies stay bytes. */
export function deviceRoutes(context: Context, readRules: RulesReader) {
  const { config, store } = context
  const enrolLimit = failureLimit(20, context.now)
  let underWay = 0

  async function requireDevice(request: FastifyRequest): Promise<void> {
    const sender = await authenticate(store.read, request, config.authority)
    if (!('formerKeyOf' in sender)) {
      request.sender = sender
      return
    }
    // A report alone tells of a second state: a policy is asked for by commands too, beside a daemon that has the new key.
    if (request.method === 'POST')
      await store.write((db) => noteFormerKey(db, sender.formerKeyOf, context.now()))
    throw new RequestProblem('clone-suspected', 'this device has another key since')
  }

  // A fleet that comes back at once is told to spread out, before any work is done for it.
  async function requireRoom(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (underWay >= maxUnderWay) {
      const retryAfterSeconds = 15 + (context.random(1)[0] ?? 0)
      throw new RequestProblem('unavailable', 'too many reports at once', { retryAfterSeconds })
    }
    underWay++
    let counted = true
    const done = (): void => {
      if (counted) underWay--
      counted = false
    }
    // Whichever comes first: a connection that breaks has no response to finish.
    reply.raw.once('finish', done).once('close', done)
  }

  // Proves that the sender has the key that it wants to enrol, which is all there is to know of it yet.
  async function requireOwnKey(request: FastifyRequest): Promise<void> {
    enrolLimit.check(request.ip)
    const parts = signedPartsOf(request, config.authority)
    const read = readSignature(request, parts)
    if (!isSignature(parts, read, read.parameters.keyId)) throw new RequestProblem('bad-signature')
    request.applicant = { key: read.parameters.keyId, nonce: read.parameters.nonce }
  }

  return async function register(app: FastifyInstance): Promise<void> {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: limits.compressedBytes },
      (_, body, done) => done(null, body),
    )
    app.decorateRequest('sender', null)
    app.decorateRequest('applicant', null)

    app.post(
      '/enrol',
      {
        config: { role: openRole },
        onRequest: requireOwnKey,
        onError: async (request, _, error) => {
          if (!(error instanceof RequestProblem) || error.code !== 'too-many-requests')
            enrolLimit.failed(request.ip)
        },
      },
      async (request, reply) => {
        if (request.applicant === null) throw new RequestProblem('bad-signature')
        const { key, nonce } = request.applicant
        return noStore(reply).send(await enrol(context, key, nonce, bodyOf(request)))
      },
    )

    app.post(
      '/check-in',
      { config: { role: deviceRole }, onRequest: [requireRoom, requireDevice] },
      async (request, reply) => {
        return noStore(reply).send(await checkIn(context, readRules, senderOf(request), bodyOf(request)))
      },
    )

    app.get('/policy', { config: { role: deviceRole }, onRequest: requireDevice }, async (request, reply) => {
      const { device, parameters } = senderOf(request)
      const now = context.now()
      const policy = await store.write(async (db) => {
        if (!(await spendNonce(db, device.id, 'policy', parameters.nonce, now))) return 'replayed'
        const release = await releaseFor(db, context, (await readRules(db)).releases, device)
        const isNews = release !== null && request.headers['if-none-match'] !== etagOf(release)
        if (isNews) await noteHandedOut(db, release, device.id, now)
        return { release, isNews }
      })
      if (policy === 'replayed') throw new RequestProblem('replayed')
      const { release, isNews } = policy
      if (release === null) throw new RequestProblem('not-found', 'no policy is in force for this device yet')
      reply.header('etag', etagOf(release)).header('cache-control', 'private, no-cache')
      if (!isNews) return reply.code(304).send()
      return reply.send({ text: release.text, signature: release.signature, key: release.key })
    })
  }
}

function etagOf({ name }: { readonly name: string }): string {
  return `"${name}"`
}

function senderOf(request: FastifyRequest): Authenticated {
  if (request.sender === null) throw new RequestProblem('bad-signature')
  return request.sender
}

function bodyOf(request: FastifyRequest): unknown {
  const { body, headers } = request
  if (!(body instanceof Uint8Array)) throw new RequestProblem('bad-request', 'the request has no body')
  const digest = headers['content-digest']
  return readBody({
    bytes: body,
    digest: typeof digest === 'string' ? digest : undefined,
    encoding: headers['content-encoding'],
  })
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store')
}
