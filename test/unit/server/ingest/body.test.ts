// From the bytes of a report to a value, within bounds.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contentDigest } from '#shared/http-signature.ts'
import { WireRecord } from '#shared/protocol.ts'
import { RequestProblem } from '../../../../server/errors.ts'
import { parseBounded, parseKnown, readBody } from '../../../../server/ingest/body.ts'
import { markRecord } from '../../../helpers/wire-records.ts'

function digestOf(bytes: Uint8Array): string {
  return contentDigest(createHash('sha256').update(bytes).digest('base64'))
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof RequestProblem) return error.code
    throw error
  }
  return 'none'
}

const good = gzipSync('{"a":1}')

test('a body within bounds is read', () => {
  expect(readBody({ bytes: good, digest: digestOf(good), encoding: 'gzip' })).toEqual({ a: 1 })
})

test.each([
  ['another digest', good, digestOf(Buffer.from('x')), 'gzip', 'bad-signature'],
  ['no digest', good, undefined, 'gzip', 'bad-signature'],
  ['no compression', Buffer.from('{}'), undefined, undefined, 'unsupported-encoding'],
  ['another compression', good, undefined, 'br', 'unsupported-encoding'],
  ['too many bytes', Buffer.alloc(1024 * 1024 + 1), undefined, 'gzip', 'too-large'],
  ['a decompression bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), undefined, 'gzip', 'too-large'],
  ['half a gzip stream', good.subarray(0, -6), undefined, 'gzip', 'bad-request'],
  [
    'bytes that are not UTF-8',
    gzipSync(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
    undefined,
    'gzip',
    'bad-request',
  ],
  ['no JSON', gzipSync('{"a":'), undefined, 'gzip', 'bad-request'],
  ['deep nesting', gzipSync('['.repeat(100_000) + ']'.repeat(100_000)), undefined, 'gzip', 'bad-request'],
])('%s is refused', (what, bytes, digest, encoding, code) => {
  const known = what.endsWith('digest') ? digest : digestOf(bytes)
  expect(codeOf(() => readBody({ bytes, digest: known, encoding }))).toBe(code)
})

describe('nesting', () => {
  test('to the limit is read, one more is not', () => {
    expect(parseBounded('['.repeat(24) + ']'.repeat(24))).toBeInstanceOf(Array)
    expect(codeOf(() => parseBounded('['.repeat(25) + ']'.repeat(25)))).toBe('bad-request')
  })

  test('is not counted in strings', () => {
    const text = JSON.stringify(`${'['.repeat(100)}\\"${'{'.repeat(100)}`)
    expect(parseBounded(text)).toHaveLength(202)
  })
})

describe('a strict schema that passes over unknown fields', () => {
  test('takes what it knows, also in nested objects', () => {
    const record = markRecord(5)
    const told = { ...record, later: true, evidence: { ...record.evidence, more: [1] } }
    expect(parseKnown(WireRecord, told, 'bad-record')).toEqual(record)
  })

  test('still refuses what is wrong with a known field', () => {
    expect(
      codeOf(() => parseKnown(WireRecord, { ...markRecord(5), at: 'now', later: 1 }, 'bad-record')),
    ).toBe('bad-record')
  })

  test('does not fall for fields that reach into prototypes', () => {
    const value = JSON.parse('{"a":1,"__proto__":{"b":2}}') as unknown
    const parsed = parseKnown(z.strictObject({ a: z.number() }), value, 'bad-record')
    expect(parsed).toEqual({ a: 1 })
    expect(Object.hasOwn(Object.prototype, 'b')).toBe(false)
  })
})
