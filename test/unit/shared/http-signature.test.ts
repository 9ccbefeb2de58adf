// RFC 9421 in the one profile that is spoken: the base is as the RFC writes it, and nothing less than all parts is read.
import { describe, expect, test } from 'vitest'
import { readSignatureHeaders, signatureBase, signatureHeaders } from '#shared/http-signature.ts'

const request = {
  method: 'post',
  authority: 'Cutoff.example:8740',
  path: '/api/v1/check-in',
  query: '',
  contentDigest: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  contentType: 'application/json',
  contentEncoding: 'gzip',
}
const parameters = { created: 1_782_000_000, nonce: 'abcdefgh12345678', keyId: 'device-1' }
const signature = `${'A'.repeat(86)}==`

test('the signature base has a line a part, in the order signed', () => {
  expect(signatureBase(request, parameters)).toBe(
    [
      '"@method": POST',
      '"@authority": cutoff.example:8740',
      '"@path": /api/v1/check-in',
      '"@query": ?',
      '"content-digest": sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
      '"content-type": application/json',
      '"content-encoding": gzip',
      '"@signature-params": ("@method" "@authority" "@path" "@query" "content-digest" "content-type" "content-encoding");created=1782000000;nonce="abcdefgh12345678";keyid="device-1";alg="ed25519"',
    ].join('\n'),
  )
})

test('a request without a body signs its line alone', () => {
  const get = { ...request, method: 'GET', contentDigest: null, contentType: null, contentEncoding: null }
  expect(signatureBase(get, parameters).split('\n')).toHaveLength(5)
})

test('headers are read back', () => {
  const headers = signatureHeaders(request, parameters, signature)
  expect(readSignatureHeaders(request, headers['signature-input'], headers.signature)).toEqual({
    parameters,
    signature,
  })
})

describe('anything but exactly this profile is refused', () => {
  const { 'signature-input': input } = signatureHeaders(request, parameters, signature)
  test.each([
    ['a part left out', input.replace(' "content-digest"', '')],
    ['another order', input.replace('"@method" "@authority"', '"@authority" "@method"')],
    ['another algorithm', input.replace('ed25519', 'hmac-sha256')],
    ['another label', input.replace('cutoff=', 'sig1=')],
    ['a second signature', `${input}, ${input}`],
    ['a nonce that breaks out', input.replace('abcdefgh12345678', 'abc";x="')],
    ['none', undefined],
  ])('%s', (_title, changed) => {
    expect(readSignatureHeaders(request, changed, `cutoff=:${signature}:`)).toBeNull()
  })
})
