import { expect, test } from 'vitest'
import { ok, fail, warn, worstOf } from '../../../../../agent/cli/doctor/check.ts'

const good = ok('clock', 'x')
const odd = warn('clock', 'x', 'y')
const bad = fail('clock', 'x', 'y')
test.each([
  [[], 'ok'],
  [[good], 'ok'],
  [[odd, good], 'warn'],
  [[bad, odd, good], 'fail'],
])('the worst counts: %#', (checks, worst) => expect(worstOf(checks)).toBe(worst))
