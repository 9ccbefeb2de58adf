import { expect, test } from 'vitest'
import { parseScutilProxy } from '../../../../agent/parsers/scutil-proxy.ts'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'

test('proxies of the network are taken; those of single interfaces, of other kinds and switched off are not', () => {
  // Names of SCSchemaDefinitions.h (SystemConfiguration), in the form of the capture below; not captured itself.
  const text = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  FTPPassive : 1
  HTTPEnable : 0
  HTTPPort : 8080
  HTTPProxy : old.example.com
  HTTPSEnable : 1
  HTTPSPort : 8443
  HTTPSProxy : proxy.example.com
  SOCKSEnable : 1
  SOCKSPort : 1080
  SOCKSProxy : socks.example.com
  __SCOPED__ : <dictionary> {
    en0 : <dictionary> {
      ExceptionsList : <array> {
        0 : other.example.com
      }
      HTTPSEnable : 1
      HTTPSProxy : other.example.com
    }
  }
}
`
  expect(parseScutilProxy(text)).toEqual({
    place: 'network-settings',
    http: null,
    https: 'http://proxy.example.com:8443/',
    bypass: ['*.local', '169.254.0.0-169.254.255.255'],
    passedOver: ['socks://socks.example.com:1080', '<local>'],
    automatic: false,
    fault: null,
  })
})

test('a script that is to choose is told', () => {
  // macOS 10.15.7, `scutil --proxy`, 2021-07-15, as github.com/httptoolkit/httptoolkit/issues/151 has it.
  const text = `<dictionary> {
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.company.com/wpad.dat
}
`
  expect(parseScutilProxy(text)).toEqual({ ...noProxyOf('network-settings'), automatic: true })
})

test('an address of IPv6 is one', () => {
  const text = '<dictionary> {\n  HTTPSEnable : 1\n  HTTPSPort : 3128\n  HTTPSProxy : 2001:db8::1\n}\n'
  expect(parseScutilProxy(text).https).toBe('http://[2001:db8::1]:3128/')
})

test.each(['', '<dictionary> {\n}\n', '}}}}\n{{{{', 'No proxy', 'HTTPSEnable : 1\nHTTPSProxy : p'])(
  '%j names none',
  (text) => expect(parseScutilProxy(text)).toEqual(noProxyOf('network-settings')),
)
