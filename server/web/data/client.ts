// The one place that talks to the server: JSON over /api/v1, checked against the schemas of shared/api.ts.
// A failure is always a `ServerProblem`, whatever went wrong, so that pages have one thing to show.
import type { z } from 'zod'
import { Problem } from '#shared/problem.ts'

/** What went wrong with one request, in the server's words where it had any. */
export class ServerProblem extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.name = 'ServerProblem'
    this.problem = problem
  }
}

let csrf: string | null = null

/** Remembers the token that goes with every write; null once signed out. */
export function rememberCsrf(token: string | null): void {
  csrf = token
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>

/** Reads a resource under /api/v1. */
export function read<T extends z.ZodType>(
  schema: T,
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<z.infer<T>> {
  return request(schema, path + queryText(query), { method: 'GET', ...(signal ? { signal } : {}) })
}

/** A request's body: JSON, or text of another type that is sent as it is. */
export type Body = { readonly json: unknown } | { readonly yaml: string }

/** Changes a resource under /api/v1. */
export function write<T extends z.ZodType>(
  schema: T,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: Body,
): Promise<z.infer<T>> {
  const headers: Record<string, string> = {}
  if (csrf !== null) headers['x-csrf-token'] = csrf
  if (body === undefined) return request(schema, path, { method, headers })
  const isJson = 'json' in body
  headers['content-type'] = isJson ? 'application/json' : 'application/yaml'
  return request(schema, path, { method, headers, body: isJson ? JSON.stringify(body.json) : body.yaml })
}

/** `?status=a&status=b`; what is empty is left out. */
export function queryText(query: Query): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    if (Array.isArray(value)) for (const one of value as readonly string[]) params.append(key, one)
    else params.append(key, String(value as string | number | boolean))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

async function request<T extends z.ZodType>(schema: T, path: string, init: RequestInit): Promise<z.infer<T>> {
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ServerProblem(
      made('unreachable', 0, 'The server cannot be reached', 'Check that it is running and try again.'),
    )
  }
  const text = await response.text()
  const body = parsed(text)
  if (!response.ok) {
    const problem = Problem.safeParse(body)
    throw new ServerProblem(
      problem.success
        ? problem.data
        : made(
            'internal',
            response.status,
            'The server answered with an error',
            `HTTP ${response.status} for ${path}`,
          ),
    )
  }
  const checked = schema.safeParse(body)
  if (checked.success) return checked.data
  const first = checked.error.issues[0]
  const where = first === undefined ? '' : ` (${first.path.join('.')}: ${first.message})`
  throw new ServerProblem(
    made(
      'unexpected-answer',
      response.status,
      'The server’s answer is not of the form this page knows',
      `${path}${where}. Load the page again: the server may have been updated.`,
    ),
  )
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function made(code: string, status: number, title: string, detail: string): Problem {
  return { type: `urn:cutoff:problem:${code}`, code, title, status, detail }
}
