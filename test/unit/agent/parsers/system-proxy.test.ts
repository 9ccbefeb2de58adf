import { expect, test } from 'vitest'
import { proxyAddress, systemProxyOf } from '../../../../agent/parsers/system-proxy.ts'

test.each([
  ['proxy.example.com:3128', 'http://proxy.example.com:3128/'],
  ['https://proxy.example.com', 'https://proxy.example.com/'],
  ['http://u:p%40ss@proxy.example.com:1', 'http://u:p%40ss@proxy.example.com:1/'],
  ['[2001:db8::1]:3128', 'http://[2001:db8::1]:3128/'],
  ['socks5://proxy.example.com:1080', null],
  ['proxy.example.com:port', null],
  ['http://', null],
  // Node's agent would throw at these two.
  ['http://u:100%@proxy.example.com', null],
  ['http://u:%ff@proxy.example.com', null],
])('%s is the proxy %s', (text, address) => expect(proxyAddress(text)).toBe(address))

test.each([
  ['cutoff.example.com', 'cutoff.example.com'],
  [' Cutoff.Example.com:443 ', 'cutoff.example.com:443'],
  ['*.example.com', '*.example.com'],
  ['.example.com', '.example.com'],
  ['*', '*'],
  ['192.168.1.7', '192.168.1.7'],
  ['10.0.0.0/8', '10.0.0.0-10.255.255.255'],
  ['192.168.7.9/30', '192.168.7.8-192.168.7.11'],
  ['169.254/16', '169.254.0.0-169.254.255.255'],
  ['127.0.0.1/8', '127.0.0.0-127.255.255.255'],
  ['10.*', '10.0.0.0-10.255.255.255'],
  ['192.168.*.*', '192.168.0.0-192.168.255.255'],
  ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
  ['10.0.0.1-10.0.0.9', '10.0.0.1-10.0.0.9'],
  ['<local>', null],
  ['*example.com', null],
  ['cutoff*', null],
  ['300.0.0.0/8', null],
  ['10.0.0.0/33', null],
  ['2001:db8::/32', null],
  ['http://cutoff.example.com', null],
])('%s goes without a proxy as %s', (rule, expected) => {
  const { bypass, passedOver } = systemProxyOf({
    place: 'winhttp',
    http: 'http://p',
    https: null,
    bypass: [rule],
  })
  expect(bypass).toEqual(expected === null ? [] : [expected])
  expect(passedOver).toEqual(expected === null ? [rule] : [])
})

test('what is no proxy of this kind is named once', () => {
  const socks = 'socks5://proxy.example.com:1080'
  expect(
    systemProxyOf({ place: 'winhttp', http: socks, https: socks, bypass: ['', ' '], others: ['socks=p'] }),
  ).toEqual({
    place: 'winhttp',
    http: null,
    https: null,
    bypass: [],
    passedOver: [socks, 'socks=p'],
    automatic: false,
    fault: null,
  })
})
