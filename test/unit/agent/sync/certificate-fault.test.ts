import { expect, test } from 'vitest'
import { certificateFaultMessages, certificateFaultOf } from '../../../../agent/sync/certificate-fault.ts'

test.each([
  ['CERT_HAS_EXPIRED', 'certificate-time'],
  ['CERT_NOT_YET_VALID', 'certificate-time'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-untrusted'],
  ['certificate-pin', 'certificate-pin'],
  ['ECONNREFUSED', null],
  ['timeout', null],
  ['constructor', null],
])('%s is %s', (code, expected) => {
  expect(certificateFaultOf(code)).toBe(expected)
})

test('each says what to do', () => {
  for (const message of Object.values(certificateFaultMessages)) expect(message.length).toBeGreaterThan(40)
})
