// Actions of the audit log in words.
import { expect, test } from 'vitest'
import { actionText, auditSubjectText } from '../../../../../server/web/view/audit-words.ts'

test('a known action is told in words, an unknown one by its code', () => {
  expect(actionText('look-name')).toBe('Looked at a name')
  expect(actionText('future-action')).toBe('future-action')
})

test('what was looked at as a whole is told in a word', () => {
  expect([auditSubjectText('*'), auditSubjectText('device-key')]).toEqual(['all', 'device-key'])
})
