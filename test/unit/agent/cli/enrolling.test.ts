import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { namesAnother } from '../../../../agent/cli/enrolling.ts'

const fingerprint = createHash('sha256').update('key').digest('hex')
const enrolment = { server: 'https://cutoff.example.com/', organisationKey: 'key' }

test.each([
  ['nothing', null, null, false],
  ['the same address', 'https://cutoff.example.com', fingerprint, false],
  [
    'the same fingerprint as people write it',
    null,
    (fingerprint.toUpperCase().match(/.{4}/g) ?? []).join(' '),
    false,
  ],
  ['another address', 'https://cutoff.example.net', fingerprint, true],
  ['another port', 'https://cutoff.example.com:8443', fingerprint, true],
  ['two keys, of which it is the former', null, `${fingerprint}, ${'ab'.repeat(32)}`, false],
  ['two keys, of which it is the next', null, `${'ab'.repeat(32)}, ${fingerprint}`, false],
  ['two other keys', null, `${'ab'.repeat(32)}, ${'cd'.repeat(32)}`, true],
  ['another organisation', 'https://cutoff.example.com', 'ab'.repeat(32), true],
])('settings that name %s', (_, server, organisationKey, expected) => {
  expect(namesAnother({ server, organisationKey }, enrolment)).toBe(expected)
})
