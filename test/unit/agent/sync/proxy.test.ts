import { describe, expect, test } from 'vitest'
import { proxyFor, proxyVariables } from '../../../../agent/sync/proxy.ts'

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

test('a proxy of the settings stands for all that the environment says, but not for this machine', () => {
  const env = { HTTPS_PROXY: 'http://env', NO_PROXY: '*' }
  const variables = proxyVariables({ proxy: 'http://set:1', noProxy: 'a.example' }, env)
  expect(proxyFor(url, variables)?.address).toBe('http://set:1')
  expect(proxyFor(new URL('https://a.example'), variables)).toBe(null)
  expect(proxyFor(new URL('http://127.0.0.1:8740'), variables)).toBe(null)
  expect(proxyVariables({ proxy: null, noProxy: null }, env)).toBe(env)
})
