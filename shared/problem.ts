// Problems as the server tells them (RFC 9457): stable types, titles for people, HTTP status. Both ends read this list.
import { z } from 'zod'

export const problems = {
  'bad-request': { status: 400, title: 'The request could not be read' },
  'bad-signature': { status: 401, title: 'The signature does not fit the request' },
  'bad-envelope': { status: 422, title: 'The signed report is not whole' },
  'bad-record': { status: 422, title: 'A record in the report is not of the published form' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'link-expired': { status: 401, title: 'This sign-in link has been used or has expired' },
  'bad-token': { status: 401, title: 'The enrolment token is unknown, used up, expired or revoked' },
  'unknown-device': { status: 401, title: 'No such device is enrolled here' },
  revoked: { status: 403, title: 'This device has been revoked' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'bad-csrf': { status: 403, title: 'The request did not come from the dashboard' },
  'reason-needed': { status: 403, title: 'Say why you look at a person’s data first' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'clock-skew': { status: 400, title: 'The device’s clock is far from the server’s' },
  replayed: { status: 409, title: 'This request was received before' },
  'state-diverged': { status: 409, title: 'The report does not follow on what this device sent before' },
  'clone-suspected': { status: 409, title: 'Two devices use the same identity' },
  conflict: { status: 409, title: 'It was changed meanwhile' },
  'too-large': { status: 413, title: 'The report is larger than allowed' },
  'unsupported-encoding': { status: 415, title: 'The body is not in a form this server reads' },
  'policy-invalid': { status: 422, title: 'The policy has mistakes' },
  'policy-version': { status: 409, title: 'The policy’s version must rise' },
  'too-many-requests': { status: 429, title: 'Too many requests: wait and try again' },
  internal: { status: 500, title: 'The server failed; its log says why' },
  unavailable: { status: 503, title: 'The server cannot do this now: try again later' },
} as const satisfies Record<string, { status: number; title: string }>
export type ProblemCode = keyof typeof problems

export const Problem = z.object({
  type: z.string().describe('`urn:cutoff:problem:` and the code'),
  code: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({ code: z.string(), path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
    )
    .optional(),
})
export type Problem = z.infer<typeof Problem>
