import { describe, expect, test } from 'vitest'
import { noProxyOf, type SystemProxy } from '../../../../agent/parsers/system-proxy.ts'
import { proxyFor, proxyRoute } from '../../../../agent/sync/proxy.ts'

const url = new URL('https://cutoff.example.com')

describe('the proxy is', () => {
  test.each([
    ['none where nobody names one', {}, null],
    [
      'the one for https',
      { https_proxy: 'http://p:3128', http_proxy: 'http://q' },
      'https_proxy http://p:3128',
    ],
    [
      'the lower-case one first',
      { HTTPS_PROXY: 'http://a', https_proxy: 'http://b' },
      'https_proxy http://b',
    ],
    ['the upper-case one else', { HTTPS_PROXY: 'http://a:1' }, 'HTTPS_PROXY http://a:1'],
    ['shown without its password', { HTTPS_PROXY: 'http://u:secret@a:1' }, 'HTTPS_PROXY http://a:1'],
    ['none of another kind', { HTTPS_PROXY: 'socks5://a:1' }, null],
    ['none for everything', { HTTPS_PROXY: 'http://a', NO_PROXY: '*' }, null],
    ['none for the host', { HTTPS_PROXY: 'http://a', NO_PROXY: 'x, CUTOFF.example.com' }, null],
    ['none for the host and port', { HTTPS_PROXY: 'http://a', NO_PROXY: 'cutoff.example.com:443' }, null],
    ['none below a domain', { HTTPS_PROXY: 'http://a', NO_PROXY: '.example.com' }, null],
    ['none below a star', { HTTPS_PROXY: 'http://a', NO_PROXY: '*.example.com' }, null],
    [
      'the one named for another host',
      { HTTPS_PROXY: 'http://a', NO_PROXY: 'example.com' },
      'HTTPS_PROXY http://a',
    ],
  ])('%s', (_, variables, expected) => {
    const proxy = proxyFor(url, variables)
    expect(proxy && `${proxy.variable} ${proxy.address}`).toBe(expected)
  })
})

// Node 26.10 was asked, on loopback, 2026-11-23.
test('an address of IPv6 is named without brackets, as by Node’s agent', () => {
  const without = (list: string) =>
    proxyFor(new URL('https://[::1]'), { https_proxy: 'http://a', no_proxy: list }) === null
  expect([without('::1'), without('[::1]')]).toEqual([true, false])
})

test.each([
  ['below', '10.0.0.0-10.0.0.255', '10.0.0.255', true],
  ['beyond', '10.0.0.0-10.0.0.255', '10.0.1.0', false],
  ['a name', '10.0.0.0-10.0.0.255', 'a.example', false],
  ['no range', 'a-b', '10.0.0.1', false],
])('an address in a range is reached without a proxy, as by Node’s agent: %s', (_, range, host, without) => {
  const variables = { https_proxy: 'http://a', no_proxy: range }
  expect(proxyFor(new URL(`https://${host}`), variables) === null).toBe(without)
})

describe('of settings, environment and system', () => {
  const none = { proxy: null, noProxy: null }
  const system: SystemProxy = {
    ...noProxyOf('winhttp'),
    https: 'http://sys:1/',
    bypass: ['*.internal.example'],
    passedOver: ['<local>'],
  }
  const never = () => Promise.reject(new Error('the system was asked'))

  test('a proxy of the settings stands for all that comes after, but not for this machine', async () => {
    const env = { HTTPS_PROXY: 'http://env', NO_PROXY: '*' }
    const { from, variables } = await proxyRoute({ proxy: 'http://set:1', noProxy: 'a.example' }, env, never)
    expect(from).toBe('setting')
    expect(proxyFor(url, variables)?.address).toBe('http://set:1')
    expect(proxyFor(new URL('https://a.example'), variables)).toBe(null)
    expect(proxyFor(new URL('http://127.0.0.1:8740'), variables)).toBe(null)
  })

  test.each([
    ['a proxy of the environment', none, { HTTPS_PROXY: 'http://env:1' }, 'http://env:1'],
    ['one for http alone', none, { http_proxy: 'http://env:1' }, undefined],
    ['hosts of the environment that need none', none, { NO_PROXY: '*' }, undefined],
    ['hosts of the settings that need none', { proxy: null, noProxy: '*' }, {}, undefined],
  ])('%s leaves the system unasked', async (_, settings, env, expected) => {
    const { from, variables } = await proxyRoute(settings, env, never)
    expect(from).toBe('environment')
    expect(proxyFor(url, variables)?.address).toBe(expected)
  })

  test('where nobody else names one, the system’s counts, but not for this machine', async () => {
    const env = { HTTPS_PROXY: '', PATH: '/bin' }
    const route = await proxyRoute(none, env, () => Promise.resolve(system))
    expect(route).toMatchObject({ from: 'system', passedOver: ['<local>'], system })
    expect(proxyFor(url, route.variables)?.address).toBe('http://sys:1')
    for (const direct of [
      'https://a.internal.example',
      'https://localhost',
      'https://[::1]',
      'http://a.example',
    ])
      expect(proxyFor(new URL(direct), route.variables)).toBe(null)
  })

  test('an address that Node’s agent would throw at, with its password, is left out and named', async () => {
    const env = { HTTPS_PROXY: 'http://u:100%@env:1', NO_PROXY: 'a' }
    const { variables, passedOver } = await proxyRoute(none, env, never)
    expect({ variables, passedOver }).toEqual({ variables: { NO_PROXY: 'a' }, passedOver: ['HTTPS_PROXY'] })
  })
})
