import { expect, test } from 'vitest'
import { DevicePolicy } from '../../../shared/protocol.ts'
import {
  AgentSettings,
  fingerprintsOf,
  isLogged,
  pinsOf,
  settingFacts,
  settingNames,
} from '../../../shared/settings.ts'

test('every setting says what it means and has a variable of its own', () => {
  expect(settingNames).toEqual(Object.keys(AgentSettings.shape))
  for (const name of settingNames) expect(AgentSettings.shape[name].description).toMatch(/^[A-Z].*\.$/s)
  const variables = settingNames.map((name) => settingFacts[name].variable)
  expect(new Set(variables).size).toBe(variables.length)
})

test('the managed side alone says where to report, whom to believe and how much to log', () => {
  expect(settingNames.filter((name) => settingFacts[name].managed)).toEqual([
    'server',
    'tokenFile',
    'organisationKey',
    'certificatePin',
    'logLevel',
  ])
})

test('no policy carries a setting', () => {
  const fromServer = Object.keys(DevicePolicy.shape)
  expect(settingNames.filter((name) => fromServer.includes(name))).toEqual([])
})

test.each([
  ['https://cutoff.example.com', true],
  ['https://cutoff.example.com:8443/below', true],
  ['http://127.0.0.1:8740', true],
  ['http://[::1]:8740', true],
  ['http://cutoff.example.com', false],
  ['http://localhost@evil.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['https://ann@cutoff.example.com', false],
  ['https://cutoff.example.com/?a=b', false],
  ['ftp://cutoff.example.com', false],
  ['here', false],
])('%s as a server: %s', (text, fits) => {
  expect(AgentSettings.shape.server.safeParse(text).success).toBe(fits)
})

const pin = `sha256//${'A'.repeat(43)}=`
test.each([
  [pin, [pin]],
  [`${pin}, ${pin}`, [pin, pin]],
  ['', null],
  ['sha256//AAAA', null],
  [`${pin} x`, null],
])('%j as pins: %j', (text, pins) => {
  const parsed = AgentSettings.shape.certificatePin.safeParse(text)
  expect(parsed.success ? pinsOf(text) : null).toEqual(pins)
})

const digits = 'ab'.repeat(32)
const grouped = digits.toUpperCase().match(/.{4}/g) ?? []
test.each([
  [digits, [digits]],
  [grouped.join(' '), [digits]],
  [grouped.join(':'), [digits]],
  [`${digits}, ${grouped.join(' ')}`, [digits, digits]],
  [`${digits},`, null],
  [`${digits} ${digits}`, null],
  ['', null],
  ['abc', null],
  [Array.from({ length: 9 }, () => digits).join(), null],
])('%j as fingerprints: %j', (text, fingerprints) => {
  const parsed = AgentSettings.shape.organisationKey.safeParse(text)
  expect(parsed.success ? fingerprintsOf(text) : null).toEqual(fingerprints)
})

test.each([
  ['error', 'silent', false],
  ['error', 'error', true],
  ['info', 'warn', false],
  ['warn', 'info', true],
] as const)('a line of level %s where %s is wanted is written: %s', (line, much, written) => {
  expect(isLogged(line, much)).toBe(written)
})
