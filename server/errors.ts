// How requests fail: a problem of shared/problem.ts, thrown where it is noticed and told as RFC 9457. Anything else is a
// bug: the client hears `internal`, the log has the rest.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { problems, type Problem, type ProblemCode } from '#shared/problem.ts'

export interface ProblemExtra {
  readonly errors?: NonNullable<Problem['errors']>
  readonly retryAfterSeconds?: number
}

/** An expected failure of a request. `detail` never holds a secret or a person's name. */
export class RequestProblem extends Error {
  readonly code: ProblemCode
  readonly extra: ProblemExtra
  constructor(code: ProblemCode, detail?: string, extra: ProblemExtra = {}) {
    super(detail ?? '')
    this.name = 'RequestProblem'
    this.code = code
    this.extra = extra
  }
}

/** The body of a problem. */
export function problemOf(code: ProblemCode, detail = '', errors?: Problem['errors']): Problem {
  return {
    type: `urn:cutoff:problem:${code}`,
    code,
    title: problems[code].title,
    status: problems[code].status,
    ...(detail === '' ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  }
}

/** Reads a value with a schema, or fails the request naming each field. */
export function parseOr<S extends z.ZodType>(schema: S, value: unknown, code: ProblemCode): z.infer<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
    code: issue.code,
    path: issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message: issue.message,
  }))
  throw new RequestProblem(code, undefined, { errors })
}

/** Answers a failed request; the only place where errors of requests end. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const told = asProblem(error)
  if (told === null) {
    request.log.error({ err: error }, 'request failed')
    return send(reply, problemOf('internal'))
  }
  if (told.extra.retryAfterSeconds !== undefined) reply.header('retry-after', told.extra.retryAfterSeconds)
  request.log.info({ code: told.code, detail: told.message }, 'request refused')
  return send(reply, problemOf(told.code, told.message, told.extra.errors))
}

export function answerNotFound(_: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(reply, problemOf('not-found'))
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** What Fastify itself refuses, in our codes. */
function asProblem(error: FastifyError): RequestProblem | null {
  if (error instanceof RequestProblem) return error
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestProblem('too-large')
    // Longer than any name that a route takes.
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new RequestProblem('not-found')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestProblem('unsupported-encoding')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_TYPE':
    case 'FST_ERR_BAD_URL':
      return new RequestProblem('bad-request')
    default:
      return error.statusCode === undefined || error.statusCode >= 500
        ? null
        : new RequestProblem('bad-request')
  }
}
