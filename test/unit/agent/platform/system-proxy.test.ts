import { expect, test } from 'vitest'
import type { RegistryKey, RegistryValue } from '../../../../agent/parsers/registry-export.ts'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'
import { darwinProxy, windowsProxy } from '../../../../agent/platform/system-proxy.ts'

test('macOS that could not be asked is told from one without a proxy', async () => {
  const asked: string[] = []
  const { https, fault } = await darwinProxy((program, args) => {
    asked.push([program, ...args].join(' '))
    return Promise.resolve(null)
  })
  expect([asked, https, fault?.includes('scutil')]).toEqual([['scutil --proxy'], null, true])
  expect(await darwinProxy(() => Promise.resolve('<dictionary> {\n}\n'))).toEqual(
    noProxyOf('network-settings'),
  )
})

const machine = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings`
const connections = String.raw`${machine}\Connections`
const policy = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings`

const number = (value: number): RegistryValue => ({ type: 'number', number: value })
const key = (values: Record<string, RegistryValue>): RegistryKey => new Map(Object.entries(values))
const winHttp = (hex: string) => key({ winhttpsettings: { type: 'bytes', bytes: Buffer.from(hex, 'hex') } })
const named = winHttp('280000000000000003000000060000007769703a383000000000') // wip:80
const direct = winHttp('2800000000000000010000000000000000000000')
const internet = key({ proxyenable: number(1), proxyserver: { type: 'text', text: 'win:80' } })
const forAll = key({ proxysettingsperuser: number(0) })

test.each<[string, Record<string, RegistryKey>, string | null, number]>([
  ['WinHTTP’s first', { [connections]: named, [policy]: forAll, [machine]: internet }, 'http://wip/', 1],
  [
    'else the Internet Options for all',
    { [connections]: direct, [policy]: forAll, [machine]: internet },
    'http://win/',
    3,
  ],
  ['not those of accounts', { [connections]: direct, [machine]: internet }, null, 2],
  [
    'none where the policy is the accounts’',
    { [policy]: key({ proxysettingsperuser: number(1) }), [machine]: internet },
    null,
    2,
  ],
  ['none where nothing is said', {}, null, 2],
])('Windows: %s', async (_, registry, https, times) => {
  let asked = 0
  const found = await windowsProxy((path) => {
    asked += 1
    const at = registry[path]
    return Promise.resolve(at === undefined ? null : new Map([[path, at]]))
  })
  expect([found.https, asked]).toEqual([https, times])
})
