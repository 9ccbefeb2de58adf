// The token in a login link.
import { expect, test } from 'vitest'
import { tokenOf } from '../../../../../server/web/view/login-link.ts'

const token = 'pV9x0aQ1bZ8w7LmpV9x0aQ1bZ8w7Lm'

test.each([
  [`http://127.0.0.1:8740/login?token=${token}`, token],
  [`http://127.0.0.1:8740/sign-in#${token}`, token],
  [`http://127.0.0.1:8740/sign-in#token=${token}`, token],
  [`  ${token}\n`, token],
  ['http://127.0.0.1:8740/', null],
  ['http://127.0.0.1:8740/sign-in#main', null],
  ['javascript:alert(1)', null],
  ['', null],
])('%s', (text, found) => {
  expect(tokenOf(text)).toBe(found)
})
