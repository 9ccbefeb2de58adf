// From the bytes of a report to a value, within bounds: digest, size, decompression, nesting, form. Throws RequestProblem.
import { gunzipSync } from 'node:zlib'
import type { z } from 'zod'
import { contentDigest } from '#shared/http-signature.ts'
import { limits } from '#shared/protocol.ts'
import { sha256Base64 } from '../crypto.ts'
import { parseOr, RequestProblem } from '../errors.ts'

export interface SentBody {
  readonly bytes: Uint8Array
  readonly digest: string | undefined
  readonly encoding: string | undefined
}

/** The JSON value of a signed body; `digest` is the header that the signature covers. */
export function readBody({ bytes, digest, encoding }: SentBody): unknown {
  if (bytes.length > limits.compressedBytes) throw new RequestProblem('too-large')
  if (digest !== contentDigest(sha256Base64(bytes))) {
    throw new RequestProblem('bad-signature', 'content-digest does not fit the body')
  }
  return parseBounded(expand(bytes, encoding))
}

function expand(bytes: Uint8Array, encoding: string | undefined): string {
  if (encoding !== 'gzip') {
    throw new RequestProblem('unsupported-encoding', 'the body must be JSON with content-encoding gzip')
  }
  try {
    const expanded = gunzipSync(bytes, { maxOutputLength: limits.expandedBytes })
    return new TextDecoder('utf-8', { fatal: true }).decode(expanded)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new RequestProblem('too-large', 'the body expands beyond the limit')
    throw new RequestProblem('bad-request', 'the body is not gzip of UTF-8')
  }
}

/** Parses JSON that nests no deeper than the limit; looks at the depth before the parser does. */
export function parseBounded(text: string): unknown {
  if (deeperThan(text, limits.jsonDepth)) throw new RequestProblem('bad-request', 'the JSON nests too deeply')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new RequestProblem('bad-request', 'the body is not JSON')
  }
}

function deeperThan(text: string, depth: number): boolean {
  let level = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) {
      inString = true
    } else if (char === 0x7b || char === 0x5b) {
      if (++level > depth) return true
    } else if (char === 0x7d || char === 0x5d) {
      level--
    }
  }
  return false
}

/** Parses with a strict schema but passes over fields that it does not know: a newer agent may send them. */
export function parseKnown<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: 'bad-request' | 'bad-envelope' | 'bad-record',
): z.infer<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const unknown = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys')
  if (unknown.length !== parsed.error.issues.length) return parseOr(schema, value, code)
  for (const issue of unknown) {
    const holder = issue.path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value)
    if (isObject(holder)) for (const key of issue.keys) delete holder[key]
  }
  return parseOr(schema, value, code)
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}
