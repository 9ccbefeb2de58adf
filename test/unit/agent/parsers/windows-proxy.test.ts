import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseRegistryExport, type RegistryValue } from '../../../../agent/parsers/registry-export.ts'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'
import { parseInternetSettings, parseWinHttpSettings } from '../../../../agent/parsers/windows-proxy.ts'

function settings(flags: number, proxy: string, bypass = ''): Buffer {
  const numbers = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer)
  const text = (value: string) => Buffer.concat([numbers(value.length), Buffer.from(value, 'latin1')])
  return Buffer.concat([numbers(0x28, 0, flags), text(proxy), text(bypass)])
}

test('WinHTTP’s proxies as winhttp itself wrote them', () => {
  const file = new URL('../../../fixtures/registry/winhttp-proxy.reg', import.meta.url)
  const [key] = parseRegistryExport(readFileSync(file))?.values() ?? []
  const value = key?.get('winhttpsettings')
  expect(value?.type === 'bytes' && parseWinHttpSettings(value.bytes)).toEqual({
    place: 'winhttp',
    http: 'http://proxy.contoso.com:8080/',
    https: 'http://proxy.contoso.com:8443/',
    bypass: ['*.contoso.com', '10.0.0.0-10.255.255.255'],
    passedOver: ['<local>'],
    automatic: false,
    fault: null,
  })
})

test.each([
  // Microsoft Learn, "Use Group Policy to apply WinHTTP proxy settings", read 2026-11-23.
  ['direct access', Buffer.from('1800000000000000010000000000000000000000', 'hex'), null, null],
  ['one for all', settings(3, 'p:8080'), 'http://p:8080/', 'http://p:8080/'],
  ['one for http alone', settings(3, 'http=p:8080'), 'http://p:8080/', null],
  ['another for https', settings(3, 'q https=http://p:1'), 'http://q/', 'http://p:1/'],
  ['one that is switched off', settings(1, 'p:8080'), null, null],
])('WinHTTP: %s', (_, bytes, http, https) => {
  expect(parseWinHttpSettings(bytes)).toEqual({ ...noProxyOf('winhttp'), http, https })
})

test('WinHTTP: what is to be found out is told', () => {
  expect(parseWinHttpSettings(settings(1 + 8, ''))).toEqual({ ...noProxyOf('winhttp'), automatic: true })
})

test('WinHTTP: of bytes that are cut off, or tell of more than there is, nothing is taken', () => {
  const whole = settings(3, 'p:8080', '*.x')
  for (let length = 0; length < whole.length; length += 1) {
    const { https, fault } = parseWinHttpSettings(whole.subarray(0, length))
    expect([length, https, fault === null]).toEqual([length, null, false])
  }
  whole.writeUInt32LE(0xffffffff, 12)
  expect(parseWinHttpSettings(whole).fault).toContain('netsh winhttp')
})

const text = (value: string): RegistryValue => ({ type: 'text', text: value })
const number = (value: number): RegistryValue => ({ type: 'number', number: value })

test.each<[string, Record<string, RegistryValue>, object]>([
  [
    'a proxy with what goes without',
    {
      proxyenable: number(1),
      proxyserver: text('http=p:80;https=q:443;socks=s:1080'),
      proxyoverride: text('*.example.com;<local>'),
    },
    {
      http: 'http://p/',
      https: 'http://q:443/',
      bypass: ['*.example.com'],
      passedOver: ['socks=s:1080', '<local>'],
    },
  ],
  ['one that is switched off', { proxyenable: number(0), proxyserver: text('p:80') }, {}],
  ['a script', { autoconfigurl: text('http://wpad/wpad.dat') }, { automatic: true }],
  ['values of other types', { proxyenable: text('1'), proxyserver: number(1) }, {}],
])('Internet Options: %s', (_, key, expected) => {
  const read = parseInternetSettings(new Map(Object.entries(key)))
  expect(read).toEqual({ ...noProxyOf('internet-settings'), ...expected })
})
