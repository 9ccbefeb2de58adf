import { expect, test } from 'vitest'
import { serverChecks, toldClockChecks } from '../../../../../agent/cli/doctor/server-checks.ts'
import type { ClockState } from '../../../../../agent/clock-segments.ts'
import { noProxyOf, type SystemProxy } from '../../../../../agent/parsers/system-proxy.ts'
import type { Probe } from '../../../../../agent/sync/probe.ts'

const clock: ClockState = { boot: 'b', number: 0, from: 0, aheadMs: 0, sinceBootMs: 0, past: [] }
test.each([
  ['never compared', clock, [], undefined],
  ['compared in another start of the machine', clock, [{ boot: 'a', offsetMs: 0, errorMs: 1 }], undefined],
  ['as the server’s', clock, [{ boot: 'b', offsetMs: 20, errorMs: 1 }], 'ok'],
  ['two hours behind', clock, [{ boot: 'b', offsetMs: 7_200_000, errorMs: 1 }], 'warn'],
  ['not known', null, [], undefined],
])('without the server, a clock that was %s: %$', (_, state, measures, result) => {
  expect(toldClockChecks(state, measures, 'en')[0]?.result).toBe(result)
})

const server = new URL('https://cutoff.example.com')
const asked = {
  server,
  pinned: false,
  route: { variables: {}, from: 'environment', passedOver: [], system: null },
  proxyOrigin: { layer: 'default', source: null },
  now: 0,
  language: 'en',
} as const
const nothing: Probe = { proxy: null, failed: null, certificate: null, answer: null }
const proxy = { host: 'p', port: 1, address: 'http://p:1', variable: 'https_proxy' }
test.each([
  ['timeout', nothing.proxy, 'connection', 'Check the network and its firewall'],
  ['ECONNREFUSED', proxy, 'connection', 'Nothing listens there'],
  ['ERR_PROXY_TUNNEL', proxy, 'answer', 'Check that the proxy lets it through.'],
  ['ECONNRESET', null, 'answer', 'Check what stands between.'],
] as const)('%s through %j at the %s: what to do is said', (code, through, step, advice) => {
  const probe = { ...nothing, proxy: through, failed: { step, code, message: 'x' } }
  const [first] = serverChecks({ ...asked, probe })
  expect(first).toMatchObject({ name: 'server', result: 'fail' })
  expect(first?.says).toContain(through === null ? 'cutoff.example.com' : 'the proxy http://p:1')
  expect(first?.advice).toContain(advice)
})

test('a proxy that wants a sign-in is told', () => {
  const answer = { status: 407, ofCutoff: false, contentType: null, location: null, offsetMs: null }
  const failed = { step: 'answer', code: 'not-the-server', message: 'x' } as const
  const [first] = serverChecks({ ...asked, probe: { ...nothing, proxy, failed, answer } })
  expect(first?.says).toContain('status 407')
})

test('a proxy of the settings is told with its place', () => {
  const proxyOrigin = { layer: 'managed', source: '/etc/cutoff/conf.d/1.yaml' } as const
  const route = { ...asked.route, from: 'setting' } as const
  const checks = serverChecks({ ...asked, route, proxyOrigin, probe: { ...nothing, proxy } })
  expect(checks.find(({ name }) => name === 'proxy')?.says).toBe(
    'Requests go through http://p:1, from `proxy` (/etc/cutoff/conf.d/1.yaml).',
  )
})

const failed = { step: 'connection', code: 'ECONNREFUSED', message: 'x' } as const
test.each([
  [
    'the system’s is told with its place',
    { place: 'environment-file' },
    { proxy, failed: null },
    ['ok', 'Requests go through http://p:1, from /etc/environment.', null],
  ],
  [
    'rules that are not followed are told',
    { place: 'winhttp', passedOver: ['socks://ann:secret@s:1', '<local>'] },
    { proxy, failed: null },
    [
      'ok',
      'Requests go through http://p:1, from the machine’s WinHTTP settings. This of the machine’s WinHTTP settings is not followed: socks://…@s:1, <local>.',
      null,
    ],
  ],
  [
    'a script is told, and what to do where the server is not reached',
    { place: 'network-settings', automatic: true },
    { proxy: null, failed },
    [
      'warn',
      'No proxy is used. The automatic configuration (PAC) of the network settings of macOS is not followed.',
      'If that is why the server is not reached, name the way in the settings `proxy` and `noProxy`.',
    ],
  ],
  [
    'a file that others can write is no source',
    { place: 'environment-file', fault: '/etc/environment is passed over: it belongs to uid 7.' },
    { proxy: null, failed: null },
    [
      'warn',
      'No proxy is used. /etc/environment is passed over: it belongs to uid 7.',
      'Correct it, or name the proxy in the setting `proxy`.',
    ],
  ],
] as const)('%s', (_, said, seen, expected) => {
  const system: SystemProxy = { ...noProxyOf(said.place), ...said }
  const route = { variables: {}, from: 'system', passedOver: system.passedOver, system } as const
  const checks = serverChecks({ ...asked, route, probe: { ...nothing, ...seen } })
  const check = checks.find(({ name }) => name === 'proxy')
  expect([check?.result, check?.says, check?.advice]).toEqual(expected)
})
