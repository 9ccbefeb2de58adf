import { expect, test } from 'vitest'
import { doctorPage } from '../../../../../agent/cli/doctor.ts'
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

test('a page in Chinese is aligned by columns, two for each character, and wraps under its text', () => {
  const checks = [
    ok('clock', '本机时钟与服务器一致。'),
    fail('state-folder', '/s 中没有状态。', '请启动代理程序的服务。'),
  ]
  expect(doctorPage(checks, { columns: 38, colour: false, language: 'zh-CN' }))
    .toBe(`正常  时钟        本机时钟与服务器一
                  致。
失败  状态文件夹  /s 中没有状态。
                  → 请启动代理程序的服
                  务。

1 项失败，0 项需要注意。
`)
})
