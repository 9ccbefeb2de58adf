// Where a start keeps its things, and how it passes on what its programs say.
import { isAbsolute, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settingOf, toldError } from '../../../installers/setting.ts'

describe('the settings of a start', () => {
  test('lie in the checkout, for this machine alone', () => {
    const setting = settingOf('/checkout', { PATH: '/bin' })
    expect(setting).toMatchObject({
      data: join('/checkout', '.cutoff'),
      url: 'http://127.0.0.1:8740',
      env: { PATH: '/bin', CUTOFF_DATA: join('/checkout', '.cutoff'), CUTOFF_LISTEN: '127.0.0.1:8740' },
      agentEnv: { CUTOFF_STATE: join('/checkout', '.cutoff', 'agent') },
    })
  })

  test.each([
    ['an address', { CUTOFF_LISTEN: '127.0.0.1:9000' }, 'http://127.0.0.1:9000'],
    [
      'an address that others use',
      { CUTOFF_PUBLIC_URL: 'https://cutoff.example.com' },
      'https://cutoff.example.com',
    ],
    ['an empty variable', { CUTOFF_LISTEN: '' }, 'http://127.0.0.1:8740'],
  ])('follow %s', (_, env, url) => {
    expect(settingOf('/checkout', env).url).toBe(url)
  })

  test('make a relative folder absolute, since programs run elsewhere', () => {
    expect(isAbsolute(settingOf('/checkout', { CUTOFF_DATA: 'data' }).data)).toBe(true)
  })
})

test.each([
  [
    'a sentence and a code',
    'x',
    'cutoff-server: The port is taken. [port-taken]\n',
    'port-taken',
    'The port is taken.',
  ],
  [
    'a sentence of several lines',
    'x',
    'cutoff-server: It has mistakes:\n  rules: wrong [policy-invalid]',
    'policy-invalid',
    'It has mistakes:\n  rules: wrong',
  ],
  ['a crash', 'server-failed', 'TypeError: x\n  at y\n', 'server-failed', 'TypeError: x   at y'],
  ['nothing', 'agent-failed', '', 'agent-failed', 'It said nothing.'],
])('%s of a program becomes a failure of the start', (_, code, text, expected, message) => {
  expect(toldError(code, text)).toMatchObject({ code: expected, message })
})
