import { expect, test } from 'vitest'
import { ok, fail, roughly, warn, worstOf } from '../../../../../agent/cli/doctor/check.ts'

test.each([
  [0, '0 s'],
  [-119_400, '119 s'],
  [119_600, '2 min'],
  [7_199_600, '2 h'],
  [172_799_000, '2 days'],
  [30 * 86_400_000, '30 days'],
])('%d ms are roughly %s', (ms, text) => expect(roughly(ms)).toBe(text))

const good = ok('clock', 'x')
const odd = warn('clock', 'x', 'y')
const bad = fail('clock', 'x', 'y')
test.each([
  [[], 'ok'],
  [[good], 'ok'],
  [[odd, good], 'warn'],
  [[bad, odd, good], 'fail'],
])('the worst counts: %#', (checks, worst) => expect(worstOf(checks)).toBe(worst))
